"""Tensors of classes of their own that hold others: quantised weights, nested and masked tensors.

What such a class makes of an operator is written in Python, in operators on the tensors inside, which a
recording sees one by one.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["decides", "inner_tensors", "main_tensor", "with_others"]


@cache
def decides(cls: type) -> bool:
    """Whether a class decides itself what operators do with its tensors.

    PyTorch's for several machines does so in C++, where a recording cannot follow.
    """
    own = (each for each in cls.__mro__ if issubclass(each, Tensor) and each is not Tensor)
    written = [each for each in own if "__torch_dispatch__" in vars(each)]
    return bool(written) and not any(each.__module__.startswith("torch.distributed") for each in written)


def inner_tensors(x: Tensor) -> dict[str, Tensor] | None:
    """The tensors inside a tensor by the names of its attributes; None for one that can hold no others."""
    if not hasattr(type(x), "__tensor_flatten__") or not decides(type(x)):
        return None
    flatten: Any = x.__tensor_flatten__  # type: ignore[attr-defined]
    names, _ = flatten()
    return {name: held for name in names if isinstance(held := getattr(x, name), Tensor)}


def with_others(x: Tensor, inner: dict[str, Tensor]) -> Tensor:
    """A tensor of the same class around others, a parameter if the original is one."""
    cls: Any = type(x)
    flatten: Any = x.__tensor_flatten__  # type: ignore[attr-defined]
    _, context = flatten()
    made: Tensor = cls.__tensor_unflatten__(inner, context, x.shape, x.stride())
    if isinstance(x, nn.Parameter):
        made.requires_grad_(x.requires_grad)
        made._is_param = True
    return made


def main_tensor(x: Tensor) -> Tensor:
    """The tensor inside that has the most elements, such as the numbers of few bits beside their factors."""
    inner = inner_tensors(x)
    return x if not inner else max(map(main_tensor, inner.values()), key=torch.numel)
