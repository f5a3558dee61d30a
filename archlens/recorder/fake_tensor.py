"""Tensors with a shape, strides, a type and a device, and no elements."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Any, NoReturn

import torch

from archlens.errors import RecordError
from archlens.recorder.wrappers import decides

if TYPE_CHECKING:
    from archlens.recorder.tape import Tape
    from archlens.recorder.value import Value

__all__ = ["FakeTensor", "ValuesNeededError", "contiguous", "dense", "fake_of", "refusals"]


class ValuesNeededError(RecordError):
    """The network needs what a tensor without elements cannot give; says what.

    A forward that catches it goes on as it would not with elements, so that each is noted.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        for reasons in NOTING:
            reasons.append(message)


NOTING: list[list[str]] = []
"""What the recordings that are under way were refused."""


@contextmanager
def refusals() -> Iterator[list[str]]:
    """Collect, while the block of `with` runs, what is asked of fake tensors that they cannot answer."""
    reasons: list[str] = []
    NOTING.append(reasons)
    try:
        yield reasons
    finally:
        NOTING.remove(reasons)


class FakeTensor(torch.Tensor):
    """A tensor without elements, on any device, which only a recording can compute with.

    value   what a recording knows of it
    tape    which recording that is
    offset  of a view's first element in the memory of what it views
    memory  which memory the tensor has that it was made for; 0 for none
    """

    value: "Value | None" = None
    tape: "Tape | None" = None
    offset: int = 0
    memory: int = 0
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(
        cls, size: Sequence[int], stride: Sequence[int], dtype: torch.dtype, device: torch.device
    ) -> "FakeTensor":
        made: FakeTensor = torch.Tensor._make_wrapper_subclass(
            cls, size, strides=stride, dtype=dtype, device=device
        )
        return made

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # as PyTorch calls it
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if any(cls is not FakeTensor and decides(cls) for cls in types):
            return NotImplemented
        for x in args:  # another thread than the one that is recorded runs this
            tape = x.tape if type(x) is FakeTensor else None
            if tape is not None and tape.record is not None and tape.thread != get_ident():
                return tape.record(func, args, kwargs or {})
        if func is torch.ops.aten.detach.default:  # that is how a parameter is made
            (x,) = args
            return FakeTensor(x.shape, x.stride(), x.dtype, x.device)
        raise ValuesNeededError(f"{func} of a tensor without elements, outside of a recording")

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        return f"FakeTensor({tuple(self.shape)}, dtype={self.dtype}, device={self.device})"

    def __format__(self, spec: str) -> NoReturn:
        """Refuse: a number cannot be formatted whose value is not known."""
        raise ValuesNeededError("format() needs the elements of a tensor")

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A new fake tensor, computed from this one; what the recording noted on this one is not copied."""
        if id(self) not in memo:
            made = self.clone()
            if "_is_param" in self.__dict__:
                made._is_param = True
            memo[id(self)] = made
        return memo[id(self)]

    def data_ptr(self) -> NoReturn:
        """Refuse: there is no memory to point at."""
        raise ValuesNeededError("data_ptr() needs the memory of a tensor")

    def tolist(self) -> NoReturn:
        """Refuse: there are no elements to list."""
        raise ValuesNeededError("tolist() needs the elements of a tensor")

    def numpy(self, *, force: bool = False) -> NoReturn:
        """Refuse: there are no elements to make an array of."""
        raise ValuesNeededError("numpy() needs the elements of a tensor")


def contiguous(shape: Sequence[int]) -> list[int]:
    """The strides of a contiguous tensor.

    >>> contiguous((2, 3, 4))
    [12, 4, 1]
    """
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    return strides


def dense(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether a tensor with these strides fills its memory without gaps and overlaps, whatever the order of
    its axes.
    """
    expected = 1
    for stride, length in sorted(zip(strides, shape, strict=True)):
        if length != 1:
            if stride != expected:
                return False
            expected *= length
    return True


def fake_of(x: torch.Tensor) -> FakeTensor:
    """A fake tensor with the shape, the strides, the type and the device of a tensor."""
    return FakeTensor(x.shape, x.stride(), x.dtype, x.device)
