"""Runs on the meta device in which repeated work is done once."""

from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

__all__ = ["Repeated"]


class Repeated(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While the block of `with` runs, operators on the meta device are not run again for shapes that were
    seen before.

    What they gave then is given again.

    What PyTorch answers takes it a millisecond or more, and networks repeat their blocks. Tensors that have
    elements, views and what writes into a tensor are left to PyTorch each time.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.answers: dict[Any, Any] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """False, so that entering the mode does not import the compiler."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        asked = (func, described(args), described(tuple(kwargs.items())))
        if asked in self.answers:
            return tree_map(alike, self.answers[asked])
        made = func(*args, **kwargs)
        tensors = [made] if isinstance(made, Tensor) else [*made] if isinstance(made, list | tuple) else []
        meant = tensors and all(isinstance(x, Tensor) and x.is_meta for x in tensors)
        if meant and not func.is_view and not func._schema.is_mutable:
            self.answers[asked] = made
        return made


def described(value: Any) -> Any:
    """An argument, as far as the answer of an operator on the meta device depends on it."""
    if isinstance(value, Tensor):
        return (value.shape, value.stride(), value.dtype, value.device)
    if isinstance(value, list | tuple):
        return tuple(map(described, value))
    return (type(value), value)


def alike(x: Tensor) -> Tensor:
    """A new tensor of the same shape and type, without elements."""
    return torch.empty_strided(x.shape, x.stride(), dtype=x.dtype, device=x.device)
