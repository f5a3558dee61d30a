"""Padding that differs before and after an axis, which torch's modules do not take."""

from torch import Tensor, nn
from torch.nn import functional

from archlens import ops

__all__ = ["PaddedInput", "flat", "uneven"]

Sides = tuple[int, int]


def uneven(sliding: tuple[ops.Window, ...]) -> bool:
    """Whether some axis is padded more on one side than on the other."""
    return any(window.before != window.after for window in sliding)


def flat(sides: tuple[Sides, ...]) -> tuple[int, ...]:
    """(before, after) pairs in the order of `torch.nn.functional.pad`: the last axis first.

    >>> flat(((1, 2), (3, 4)))
    (3, 4, 1, 2)
    """
    return tuple(side for pair in reversed(sides) for side in pair)


class PaddedInput(nn.Module):
    """A module whose input is padded with a constant first."""

    def __init__(self, inner: nn.Module, sides: tuple[Sides, ...], value: float = 0.0) -> None:
        super().__init__()
        self.inner = inner
        self.padding = flat(sides)
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        """The inner module's output for the padded input."""
        output: Tensor = self.inner(functional.pad(x, self.padding, value=self.value))
        return output

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"padding={self.padding}, value={self.value}"
