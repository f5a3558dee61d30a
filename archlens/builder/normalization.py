"""Normalisations: torch's own, and a layer norm over any axes."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder.rule import by_axes, module_for

__all__ = ["LayerNormOverAxes", "UnitNorm"]

BATCH: tuple[Callable[..., nn.Module], ...] = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@module_for.register
def batch_norm(op: ops.BatchNorm, inputs: ops.Shapes) -> nn.Module:
    """Torch's own; the one for one axis takes features without any, too."""
    (x,) = inputs
    return by_axes("BatchNorm", BATCH, max(len(x) - 2, 1))(x[1], eps=op.epsilon, affine=op.affine)


@module_for.register
def layer_norm(op: ops.LayerNorm, inputs: ops.Shapes) -> nn.Module:
    """Torch's own where the axes are the last ones, else one that moves them there."""
    (x,) = inputs
    axes = tuple(sorted(axis % len(x) for axis in op.axes))
    lengths = tuple(x[axis] for axis in axes)
    if axes == tuple(range(len(x) - len(axes), len(x))):
        return nn.LayerNorm(lengths, eps=op.epsilon, elementwise_affine=op.affine)
    return LayerNormOverAxes(axes, lengths, epsilon=op.epsilon, affine=op.affine)


@module_for.register
def group_norm(op: ops.GroupNorm, inputs: ops.Shapes) -> nn.Module:
    """`nn.GroupNorm`."""
    return nn.GroupNorm(op.groups, inputs[0][1], eps=op.epsilon, affine=op.affine)


@module_for.register
def local_response_norm(op: ops.LocalResponseNorm, inputs: ops.Shapes) -> nn.Module:
    """Torch's own, whose alpha is spread over the neighbours where AlexNet's is not."""
    return nn.LocalResponseNorm(op.size, alpha=op.alpha * op.size, beta=op.beta, k=op.constant)


class LayerNormOverAxes(nn.LayerNorm):
    """Layer normalisation over axes that need not be the last, such as a map's channels."""

    def __init__(
        self, axes: tuple[int, ...], lengths: tuple[int, ...], *, epsilon: float, affine: bool
    ) -> None:
        super().__init__(lengths, eps=epsilon, elementwise_affine=affine)
        self.axes = axes

    def forward(self, input: Tensor) -> Tensor:
        """The axes moved to the end, normalised and moved back: views on both sides."""
        last = tuple(range(-len(self.axes), 0))
        return super().forward(input.movedim(self.axes, last)).movedim(last, self.axes)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"axes={self.axes}, {super().extra_repr()}"


class UnitNorm(nn.Module):
    """Vectors along an axis, divided by their length."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """A vector of zeros stays one."""
        return functional.normalize(x, dim=self.axis)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"axis={self.axis}"


@module_for.register
def unit_norm(op: ops.UnitNorm, inputs: ops.Shapes) -> nn.Module:
    """See `UnitNorm`."""
    return UnitNorm(op.axis)
