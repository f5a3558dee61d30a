"""Fourier transforms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens.recorder.rules.table import aten
from archlens.recorder.transform import FourierTransform

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []

NAMES = {"_fft_c2c": "fft", "_fft_r2c": "rfft", "_fft_c2r": "irfft"}


@aten(*NAMES)
def fourier(call: "Call", x: Tensor, axes: Sequence[int], *args: Any) -> Any:
    """From complex to complex, from real to complex, or back."""
    shape = tuple(call.result().shape)
    along = tuple(sorted(axis % x.dim() for axis in axes))
    op = FourierTransform(NAMES[call.name], shape, along, call.name != "_fft_c2c")
    return call.tensor(call.emit(op, (x,)))
