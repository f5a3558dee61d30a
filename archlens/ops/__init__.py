"""The operators: one class each, its attributes, output shape, cost and window together."""

from archlens.ops.activation import (
    ELU,
    GELU,
    Activation,
    HardSigmoid,
    HardSwish,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from archlens.ops.arithmetic import Add, Gain, Maximum, Mean, Multiply, Reduction, Scale, Subtract, Sum
from archlens.ops.attention import ClassToken, PositionEmbedding, RelativePositionBias, Roll, WindowMask
from archlens.ops.channels import Channels
from archlens.ops.convolution import Conv, TransposedConv, WeightStandardizedConv
from archlens.ops.fused import Fused
from archlens.ops.layout import ChannelShuffle, Concat, Pad, Upsample
from archlens.ops.normalization import BatchNorm, GroupNorm, LayerNorm, LocalResponseNorm, UnitNorm
from archlens.ops.operator import OPERATORS, Op, Shape, Shapes, register
from archlens.ops.pooling import (
    AdaptiveAveragePool,
    AdaptiveMaxPool,
    AveragePool,
    GlobalAveragePool,
    GlobalMaxPool,
    MaxPool,
)
from archlens.ops.product import Linear, MatrixProduct
from archlens.ops.sampling import AffineGrid, GridSample
from archlens.ops.span import Span
from archlens.ops.view import (
    Dropout,
    Flatten,
    Identity,
    Input,
    Reshape,
    Slice,
    Split,
    Transpose,
    Unknown,
    View,
)
from archlens.ops.window import Window

__all__ = [
    "ELU",
    "GELU",
    "OPERATORS",
    "Activation",
    "AdaptiveAveragePool",
    "AdaptiveMaxPool",
    "Add",
    "AffineGrid",
    "AveragePool",
    "BatchNorm",
    "ChannelShuffle",
    "Channels",
    "ClassToken",
    "Concat",
    "Conv",
    "Dropout",
    "Flatten",
    "Fused",
    "Gain",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "GridSample",
    "GroupNorm",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "Input",
    "LayerNorm",
    "Linear",
    "LocalResponseNorm",
    "MatrixProduct",
    "MaxPool",
    "Maximum",
    "Mean",
    "Multiply",
    "Op",
    "PReLU",
    "Pad",
    "PositionEmbedding",
    "ReLU",
    "ReLU6",
    "Reduction",
    "RelativePositionBias",
    "Reshape",
    "Roll",
    "Scale",
    "Shape",
    "Shapes",
    "SiLU",
    "Sigmoid",
    "Slice",
    "Softmax",
    "Span",
    "Split",
    "Subtract",
    "Sum",
    "Tanh",
    "Transpose",
    "TransposedConv",
    "UnitNorm",
    "Unknown",
    "Upsample",
    "View",
    "WeightStandardizedConv",
    "Window",
    "WindowMask",
    "register",
]
