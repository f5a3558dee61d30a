"""What each counter counts, operator by operator, where archlens counts multiply-adds alone.

Verified layer by layer against the versions named, with one sample, in evaluation mode, on PyTorch 2.13.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["CONVENTIONS", "Convention", "Rate"]


@dataclass(frozen=True, slots=True)
class Rate:
    """One thing that a counter adds for an operator: `factor` for each of what is measured.

    term     what the difference is called
    measure  what is measured: a key of MEASURES
    instead  whether it stands in the place of our multiply-adds, and does not come on top of them
    """

    term: str
    measure: str
    factor: int = 1
    instead: bool = False


Rates = tuple[Rate, ...]
Table = Mapping[str, Rates]


def table(rows: Mapping[str, Rates]) -> Table:
    """An entry for each name of a row; a comma stands between names."""
    return MappingProxyType({name: rates for names, rates in rows.items() for name in names.split(", ")})


@dataclass(frozen=True, slots=True)
class Convention:
    """How one counter counts. What stands in none of its tables, it does not see.

    operators        what it sees wherever it runs, by operator: counters that trace, or patch functions
    modules          what it sees through PyTorch's own modules, by their exact class: counters that hook
    layers           what it sees through any module without children that has a weight or a bias, by what
                     the name of its class contains
    operators_again  where v ways lead from the root to a module, what it sees there counts v times (1), v²
    modules_again    times (2), or once (0)
    inside_fused     whether it sees what PyTorch's transformer layers run, which fuse it where they may
    traces           whether it looks at a trace, from which what nothing reads is gone

    What one of PyTorch's modules runs, or one that archlens builds, may have an entry of its own,
    `GRU.linear`, which goes before `linear`.
    """

    operators: Table = field(default_factory=lambda: table({}))
    modules: Table = field(default_factory=lambda: table({}))
    layers: Table = field(default_factory=lambda: table({}))
    operators_again: int = 0
    modules_again: int = 0
    inside_fused: bool = True
    traces: bool = False


PRODUCTS: Rates = (Rate("", "multiply-adds", instead=True),)
BIASED: Rates = (*PRODUCTS, Rate("bias", "biases"))
NOTHING: Rates = ()
NORM = "normalisation"
ACTIVATION = "activations"
POOLING = "pooling"
ADAPTIVE = "adaptive pooling"
RESAMPLING = "resampling"
ELEMENTWISE = "element-wise products"
SIZES = "sizes computed in the trace"
GATES = "gates of recurrent layers"
SCALING = "softmax and scaling of attention"
TWICE = "attention twice, by hook and by function"
OTHER_NEAREST = "upsample_nearest1d, upsample_nearest3d"
OTHER_LINEAR = "upsample_linear1d, upsample_trilinear3d, upsample_bicubic2d"
TO_ONE = ", ".join(f"AdaptiveAvgPool{axes}d.global_average_pool" for axes in (1, 2, 3))
"""An adaptive pooling to a single place is recorded as what it is."""

OUTPUTS = "transposed convolutions at their outputs"
TRANSPOSED: Rates = (Rate(OUTPUTS, "multiply-adds at the output", instead=True),)


INSTANCE_NORMS = tuple(f"InstanceNorm{axes}d" for axes in (1, 2, 3))
UNWEIGHTED = tuple(f"{name} without weights" for name in INSTANCE_NORMS)
LAYERS = ("TransformerEncoderLayer", "TransformerDecoderLayer")


def of(owners: Iterable[str], what: str) -> str:
    """A row of the table: what one counter counts for each of these classes of modules."""
    return ", ".join(f"{owner}.{what}" for owner in owners)


def each(term: str, measure: str, factor: int = 1) -> Rates:
    """A rate: `factor` for each unit of a measure."""
    return (Rate(term, measure, factor),)


FVCORE = Convention(  # 0.1.5.post20221221, FlopCountAnalysis: traces with torch.jit
    operators=table({
        "conv, transposed_conv, weight_standardized_conv, linear, matrix_product, affine_grid": PRODUCTS,
        "batch_norm": each(NORM, "inputs", 2),
        "batch_norm without weights": each(NORM, "inputs"),
        "layer_norm, group_norm": each(NORM, "inputs", 5),
        "layer_norm without weights, group_norm without weights": each(NORM, "inputs", 4),
        of(INSTANCE_NORMS, "batch_norm"): each(NORM, "inputs", 5),
        of(UNWEIGHTED, "batch_norm"): each(NORM, "inputs", 4),
        "adaptive_average_pool, AdaptiveAvgPool2d.global_average_pool": each(ADAPTIVE, "inputs of images"),
        "upsample nearest": each(RESAMPLING, "outputs"),
        "upsample bilinear, grid_sample bilinear, grid_sample nearest": each(RESAMPLING, "outputs", 4),
        "MultiheadAttention with weights.attention": PRODUCTS,
        "AdaptiveAvgPool1d.adaptive_average_pool": NOTHING,
    }),
    traces=True,
)  # fmt: skip

TORCHPROFILE = Convention(  # 0.1.0, profile_macs: traces with torch.jit
    operators=table({
        "conv, linear, matrix_product, affine_grid, attention, lstm": PRODUCTS,
        "transposed_conv": (
            Rate(OUTPUTS, "multiply-adds at the output without groups", instead=True),
        ),
        "weight_standardized_conv": (
            *PRODUCTS,
            Rate(ELEMENTWISE, "weights of the kernel", 2),
            Rate(ELEMENTWISE, "channels"),
        ),
        "batch_norm, layer_norm, group_norm": each(NORM, "outputs"),
        "local_response_norm": each(NORM, "outputs", 3),
        "average_pool, global_average_pool, mean": each(POOLING, "outputs"),
        f"adaptive_average_pool, {TO_ONE}": each(ADAPTIVE, "outputs"),
        of(UNWEIGHTED, "batch_norm"): NOTHING,
        "leaky_relu": each(ACTIVATION, "outputs"),
        "LeakyReLU in place.leaky_relu": NOTHING,
        "multiply, scale, gain": each(ELEMENTWISE, "element-wise"),
        "upsample bilinear, grid_sample bilinear": each(RESAMPLING, "outputs", 4),
        "RMSNorm.multiply, RMSNorm.mean": NOTHING,
        "Split.split": each(SIZES, "operators"),
        "MultiheadAttention with weights.attention": (
            *PRODUCTS,
            Rate(ELEMENTWISE, "inputs"),
            Rate(SIZES, "operators", 4),
        ),
        "MultiheadAttention.linear": (*PRODUCTS, Rate(SIZES, "joint projections", 2)),
        "MultiheadAttention.attention": (*PRODUCTS, Rate(SIZES, "operators", 4)),
        "MultiheadAttention.softmax": each(SIZES, "operators", 4),
    }),
    traces=True,
)  # fmt: skip

TORCH = Convention(  # 2.13, torch.utils.flop_counter.FlopCounterMode, on the CPU: sees what is dispatched
    operators=table({
        "conv, transposed_conv, weight_standardized_conv, linear, matrix_product, affine_grid, gru, rnn": (
            Rate("2 per multiply-add", "multiply-adds", 2, instead=True),
        ),
    }),
    inside_fused=False,
)  # fmt: skip

PTFLOPS = Convention(  # 0.7.5, its PyTorch backend: hooks on modules, and patched functions on top
    operators=table({
        "matrix_product, affine_grid, MultiheadAttention with weights.attention": PRODUCTS,
        "relu, prelu, elu, gelu, silu, softmax": each(ACTIVATION, "inputs"),
        "max_pool, average_pool": each(POOLING, "inputs"),
        f"adaptive_average_pool, adaptive_max_pool, {TO_ONE}": each(ADAPTIVE, "inputs"),
        f"upsample nearest, upsample bilinear, {OTHER_NEAREST}, {OTHER_LINEAR}": each(RESAMPLING, "outputs"),
        ", ".join(of(LAYERS, function) for function in ("relu", "gelu", "silu")): NOTHING,
        "RNNCell.relu": NOTHING,
        "LPPool1d.scale, LPPool2d.scale, LPPool3d.scale": each(ELEMENTWISE, "outputs"),
        "local_response_norm": (Rate(NORM, "inputs", 3), Rate(NORM, "inputs with channels of padding")),
    }),
    modules=table({
        "Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Linear": BIASED,
        "ReLU, PReLU, ELU, LeakyReLU, LeakyReLU in place, ReLU6, GELU": each(ACTIVATION, "outputs"),
        "MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d": each(POOLING, "inputs"),
        "AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d": each(ADAPTIVE, "inputs"),
        "AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d": each(ADAPTIVE, "inputs"),
        "BatchNorm1d, BatchNorm2d, BatchNorm3d": each(NORM, "inputs", 2),
        f"{of(INSTANCE_NORMS, 'batch_norm')}, GroupNorm": each(NORM, "inputs", 2),
        of(UNWEIGHTED, "batch_norm"): each(NORM, "inputs"),
        "BatchNorm1d without weights, BatchNorm2d without weights": each(NORM, "inputs"),
        "BatchNorm3d without weights, GroupNorm without weights, LayerNorm": each(NORM, "inputs"),
        "Upsample": each(RESAMPLING, "outputs"),
        "LSTM.lstm": (*BIASED, Rate(GATES, "outputs", 10)),
        "GRU.gru": (*BIASED, Rate(GATES, "outputs", 7)),
        "RNN.rnn": (*BIASED, Rate(GATES, "outputs")),
        "LSTMCell.linear, GRUCell.linear, RNNCell.linear": BIASED,
        "GRUCell.tanh": each(GATES, "outputs", 7),
        "RNNCell.tanh, RNNCell.relu": each(GATES, "outputs"),
        "LSTMCell.add": each(GATES, "outputs", 2),
        "MultiheadAttention.linear, MultiheadAttention with weights.linear": BIASED,
        "MultiheadAttention.attention": (
            *PRODUCTS,
            Rate(SCALING, "scores"),
            Rate(SCALING, "inputs"),
        ),
        "MultiheadAttention.matrix_product": each(TWICE, "multiply-adds"),
        "MultiheadAttention.softmax, MultiheadAttention.scale": each(SCALING, "inputs"),
        "MultiheadAttention with weights.attention": (
            Rate(TWICE, "multiply-adds"),
            Rate(SCALING, "scores", 2),
            Rate(SCALING, "inputs"),
        ),
    }),
    modules_again=1,
)  # fmt: skip

THOP = Convention(  # 0.1.1.post2209072238: hooks on modules
    modules=table({
        "Conv1d, Conv2d, Conv3d, Linear": PRODUCTS,
        "ConvTranspose1d, ConvTranspose2d, ConvTranspose3d": TRANSPOSED,
        "BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm, LayerNorm": each(NORM, "inputs", 4),
        of(INSTANCE_NORMS, "batch_norm"): each(NORM, "inputs", 4),
        of(UNWEIGHTED, "batch_norm"): each(NORM, "inputs", 2),
        "BatchNorm1d without weights, BatchNorm2d without weights": each(NORM, "inputs", 2),
        "BatchNorm3d without weights, LayerNorm without weights": each(NORM, "inputs", 2),
        "PReLU": each(ACTIVATION, "inputs"),
        "Softmax": (Rate(ACTIVATION, "inputs", 3), Rate(ACTIVATION, "rows", -1)),
        "AvgPool1d, AvgPool2d, AvgPool3d": each(POOLING, "outputs"),
        "AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d": (
            Rate(ADAPTIVE, "inputs"),
            Rate(ADAPTIVE, "outputs"),
        ),
        "Upsample.upsample nearest, UpsamplingNearest2d.upsample nearest": each(RESAMPLING, "outputs"),
        "Upsample.upsample_nearest1d, Upsample.upsample_nearest3d": each(RESAMPLING, "outputs"),
        "Upsample.upsample_linear1d": each(RESAMPLING, "outputs", 5),
        "Upsample.upsample bilinear, UpsamplingBilinear2d.upsample bilinear": each(RESAMPLING, "outputs", 11),
        "Upsample.upsample_bicubic2d": each(RESAMPLING, "outputs", 259),
        "LSTM.lstm": (*BIASED, Rate(GATES, "outputs", 8)),
        "GRU.gru": (*BIASED, Rate(GATES, "outputs", 7)),
        "RNN.rnn": (*BIASED, Rate(GATES, "outputs")),
        "LSTMCell.linear, GRUCell.linear, RNNCell.linear": BIASED,
        "GRUCell.tanh": each(GATES, "outputs", 7),
        "RNNCell.tanh, RNNCell.relu": each(GATES, "outputs"),
        "LSTMCell.add, LSTMCell.multiply": each(GATES, "outputs"),
    }),
    modules_again=2,
)  # fmt: skip

CALFLOPS = Convention(  # 0.3.2, what it calls MACs: patched functions
    operators=table({
        "conv, weight_standardized_conv, linear, matrix_product": PRODUCTS,
        "transposed_conv": (
            Rate("divided by its groups twice", "multiply-adds by groups twice", instead=True),
        ),
        "LSTMCell.linear, GRUCell.linear, RNNCell.linear": NOTHING,
        "MultiheadAttention.matrix_product": NOTHING,
    }),
    operators_again=1,
)  # fmt: skip

ONCE = "weights of normalisations and others"


def cell(gates: str) -> Rates:
    """All weights of a recurrent cell, which are its linear layers', once a hidden feature."""
    term = "cells once for each hidden feature"
    return (Rate(term, f"weights × hidden features of {gates}", instead=True),)


TORCHINFO = Convention(  # 1.8.0: hooks on modules without children; weights × places, or weights × samples
    layers=table({
        "ConvTranspose": (*TRANSPOSED, Rate("bias", "biases")),
        "LSTMCell": cell("4 gates"),
        "GRUCell": cell("3 gates"),
        "RNNCell": cell("1 gate"),
        "Conv, LSTM, GRU, RNN": BIASED,
        "Linear": (
            Rate("linear layers once for all tokens", "weights without bias", instead=True),
            Rate("bias", "biases once"),
        ),
        "EmbeddingBag": each(ONCE, "weights once"),
        "": each(ONCE, "weights"),
    }),
)  # fmt: skip

CONVENTIONS: Mapping[str, Convention] = MappingProxyType({
    "fvcore": FVCORE,
    "torchinfo": TORCHINFO,
    "ptflops": PTFLOPS,
    "thop": THOP,
    "calflops": CALFLOPS,
    "torchprofile": TORCHPROFILE,
    "torch": TORCH,
})  # fmt: skip
"""By the name of the counter."""
