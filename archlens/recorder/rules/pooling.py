"""Poolings, and maps made larger or smaller."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.ops.interpolation import interpolation
from archlens.ops.rearrangement import Along
from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.operators import Computed
from archlens.recorder.rules.convolution import short
from archlens.recorder.rules.pointwise import made_by
from archlens.recorder.rules.table import aten
from archlens.recorder.strides import in_format, in_format_of_a_plane, packed

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []

AVERAGES = {1: in_format_of_a_plane, 2: in_format, 3: packed}
"""Where the output of an average pooling lies, by its number of spatial axes."""


@aten(
    "max_pool1d_with_indices",
    "max_pool2d_with_indices",
    "max_pool3d_with_indices",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
)
def max_pool(
    call: "Call",
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> Any:
    """The maximum of each window.

    The indices that PyTorch computes beside it are not counted: a network that ignores them need not have
    them.
    """
    axes = int(call.name[len("max_pool")])
    if x.dim() != axes + 2:
        return made_by(call, Computed, (x,), {})
    op = ops.MaxPool(short(kernel), short(stride or kernel), short(padding), short(dilation), ceil_mode)
    node = call.emit(op, (x,))
    if call.real:
        made = call.result()
        return call.tensors(node, made) if isinstance(made, list | tuple) else call.tensor(node)
    first = call.tensor(node, x, packed if axes == 1 else in_format)
    if len(call.func._schema.returns) == 1:
        return first
    shape = tuple(first.shape)
    indices = FakeTensor(shape, first.stride(), torch.int64, x.device)
    return call.tensors(node, (first, indices))


@aten("avg_pool1d", "avg_pool2d", "avg_pool3d")
def average_pool(
    call: "Call",
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window."""
    axes = int(call.name[-2])
    if x.dim() != axes + 2:
        return made_by(call, Computed, (x,), {})
    op = ops.AveragePool(short(kernel), short(stride or kernel), short(padding), ceil_mode, count_include_pad)
    return call.tensor(call.emit(op, (x,)), x, AVERAGES[axes])


@aten("_adaptive_avg_pool2d", "_adaptive_avg_pool3d", "adaptive_avg_pool1d", "mkldnn_adaptive_avg_pool2d")
def adaptive_average_pool(call: "Call", x: Tensor, size: Sequence[int]) -> Any:
    """The means of as many windows as are asked for."""
    if x.dim() != len(size) + 2:
        return made_by(call, Computed, (x,), {})
    return call.tensor(call.emit(ops.AdaptiveAveragePool(tuple(size)), (x,)), x, AVERAGES[len(size)])


@aten("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d")
def adaptive_max_pool(call: "Call", x: Tensor, size: Sequence[int]) -> Any:
    """The maxima of as many windows as are asked for; the indices are not counted, as in `max_pool`."""
    if x.dim() != len(size) + 2:
        return made_by(call, Computed, (x,), {})
    return call.tensors(call.emit(ops.AdaptiveMaxPool(tuple(size)), (x,)), call.result())


@aten("mean", "sum", "amax")
def reduction(call: "Call", x: Tensor, axes: Any = None, keep_axes: bool = False, **kwargs: Any) -> Any:
    """Along some axes, or along all; a mean over the whole map is a global pooling."""
    if isinstance(axes, int):
        axes = [axes]
    rank = x.dim()
    along = tuple(sorted({axis % rank for axis in axes})) if axes else tuple(range(rank))
    if not rank or (len(along) == rank and not keep_axes):
        return made_by(call, Computed, (x,), {})
    everywhere = rank > 3 and along == tuple(range(2, rank))
    op: ops.Op
    if call.name == "sum":
        op = ops.Sum(along, keep_axes)
    elif call.name == "mean":
        op = ops.GlobalAveragePool(keep_axes) if everywhere else ops.Mean(along, keep_axes)
    else:
        op = ops.GlobalMaxPool(keep_axes) if everywhere else ops.Maximum(along, keep_axes)
    plain = kwargs.get("dtype") is None and x.dtype.is_floating_point
    return call.tensor(call.emit(op, (x,)), x if plain else None, packed)


@aten(
    "max", "min", "amin", "aminmax", "argmax", "argmin", "any", "all", "prod", "logsumexp", "var", "std",
    "var_mean", "std_mean", "norm", "linalg_vector_norm", "median", "nanmedian", "mode", "cumsum", "cumprod",
    "logcumsumexp", "sort", "topk", "kthvalue", "argsort", "count_nonzero", "nansum", "cummax", "cummin",
    "bincount", "histc", "searchsorted", "bucketize", "fractional_max_pool2d",
    "grid_sampler_3d", "nll_loss_forward", "nll_loss2d_forward", "mse_loss",
    "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "affine_grid_generator", "_weight_norm_interface", "_weight_norm", "col2im", "dist", "unfold_backward",
    "fractional_max_pool3d", "_softmax_backward_data", "_log_softmax_backward_data", "trace",
    "renorm", "segment_reduce", "_ctc_loss", "soft_margin_loss",
    "multi_margin_loss", "multilabel_margin_loss_forward", "_is_all_true", "_is_any_true",
)  # fmt: skip
def reduced(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """Whatever computes each output from several inputs without a dot product."""
    return made_by(call, Computed, args, kwargs)


@aten(
    "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d", "_upsample_nearest_exact1d",
    "_upsample_nearest_exact2d", "_upsample_nearest_exact3d", "upsample_bilinear2d",
)  # fmt: skip
def upsample(call: "Call", x: Tensor, size: Sequence[int] | None, *args: Any, **kwargs: Any) -> Any:
    """To a size; nearest copies and bilinear computes."""
    wanted = sizes(x, size, args)
    linear = "bilinear" in call.name
    mode = "bilinear" if linear else "nearest_exact" if "exact" in call.name else "nearest"
    corners = linear and bool(args[0])
    return call.tensor(call.emit(ops.Upsample(None, wanted, mode, corners), (x,)), x, in_format)


@aten(
    "upsample_linear1d", "upsample_trilinear3d", "upsample_bicubic2d", "_upsample_bilinear2d_aa",
    "_upsample_bicubic2d_aa",
)  # fmt: skip
def resized(call: "Call", x: Tensor, size: Sequence[int] | None, *args: Any, **kwargs: Any) -> Any:
    """To a size by other kernels than specs have."""
    wanted = sizes(x, size, args)
    kernel = "cubic" if "cubic" in call.name else "linear"
    pairs = zip(x.shape[2:], wanted, strict=True)
    steps = tuple(
        Along(axis, interpolation(length, want, kernel, antialias=call.name.endswith("_aa")))
        for axis, (length, want) in enumerate(pairs, 2)
    )
    op = Computed(call.name.strip("_"), (*x.shape[:2], *wanted), steps=steps)
    return call.tensor(call.emit(op, (x,)))


def sizes(x: Tensor, size: Sequence[int] | None, args: Sequence[Any]) -> tuple[int, ...]:
    """The lengths of the axes, from multiples where they are not given."""
    if size is not None:
        return tuple(size)
    scales = next(scale for scale in args if isinstance(scale, list | tuple))
    return tuple(int(length * scale) for length, scale in zip(x.shape[2:], scales, strict=True))


@aten("grid_sampler_2d")
def grid_sample(call: "Call", x: Tensor, grid: Tensor, mode: int, *args: Any) -> Any:
    """Bilinear or nearest; bicubic is no mode of specs."""
    if mode == 2:
        return made_by(call, Computed, (x, grid), {})
    op = ops.GridSample("nearest" if mode else "bilinear")
    return call.tensor(call.emit(op, (x, grid)), x, packed)
