"""What each standard operator of ONNX is, by its name."""

from itertools import chain

from archlens.recorder.onnx import (
    compaction,
    convolution,
    elementwise,
    layout,
    made,
    normalization,
    pooling,
    product,
    quantized,
    recurrent,
    regions,
    selection,
    signal,
)
from archlens.recorder.onnx.attention import attention
from archlens.recorder.onnx.call import Rules

__all__ = ["RULES"]

FAMILIES = (
    compaction, convolution, elementwise, layout, made, normalization, pooling, product, quantized, recurrent,
    regions, selection, signal,
)  # fmt: skip

RULES: Rules = {
    **dict(chain.from_iterable(family.RULES.items() for family in FAMILIES)),
    "Attention": attention,
}
