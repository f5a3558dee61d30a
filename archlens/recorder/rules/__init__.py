"""One function an ATen operator: which node it becomes, and what PyTorch gets back.

Importing this package fills the table.
"""

from archlens.recorder.rules import (  # noqa: F401
    attention,
    control,
    convolution,
    creation,
    indexing,
    layout,
    normalization,
    pointwise,
    pooling,
    product,
    quantized,
    recurrent,
    transform,
    unknown,
)

__all__: list[str] = []
