"""Copies of objects, each made once, and what they need of the objects' classes."""

import re
import types
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, fx

from archlens.errors import ArchlensError

__all__ = ["ATOMIC", "Copy", "Handler"]

ATOMIC = frozenset({
    type(None), bool, int, float, complex, str, bytes, type, range, slice, type(...), type(NotImplemented),
    types.ModuleType, types.CodeType, re.Pattern, property, staticmethod, classmethod,
    torch.dtype, torch.device, torch.Size, torch.layout, torch.memory_format, object, fx.Graph, fx.Node,
})  # fmt: skip
"""Types whose objects are immutable, or of which a forward only reads."""


class Copy(ABC):
    """Copies objects; the same object gives the same copy.

    tensor   gives the copy of a tensor, asked once for each
    memo     the copies by the ids of their originals, both of which stay alive
    shared   what could not be copied
    closing  what is to be called when the copy is no longer needed
    """

    def __init__(self, tensor: Callable[["Copy", Tensor], Tensor]) -> None:
        self.tensor = tensor
        self.memo: dict[int, Any] = {}
        self.originals: list[Any] = []
        self.handlers: dict[type, Handler] = {}
        self.finalized: list[Any] = []
        self.shared: list[Any] = []
        self.closing: list[Callable[[], Any]] = []

    def copied(self, x: Any) -> Any:
        """The copy of an object, or the object itself where it is immutable or cannot be copied."""
        cls = type(x)
        if cls in ATOMIC:
            return x
        memo = self.memo
        if id(x) in memo:
            return memo[id(x)]
        handler = self.handlers.get(cls)
        if handler is None:
            handler = self.handlers[cls] = self.handler_for(cls)
        try:
            return handler(self, x)
        except (ArchlensError, RecursionError):
            raise
        except Exception:
            return self.kept_as_it_is(x)

    @abstractmethod
    def handler_for(self, cls: type) -> "Handler":
        """The function that copies objects of a class."""

    def kept_as_it_is(self, x: Any) -> Any:
        """Give back the original, which cannot be copied and so is shared, and remember that it is."""
        self.memo[id(x)] = x
        self.shared.append(x)
        return x

    def note(self, x: Any, made: Any) -> Any:
        """Remember a new copy before its parts are copied: they may lead back to the same object."""
        self.memo[id(x)] = made
        self.originals.append(x)
        return made


Handler = Callable[[Copy, Any], Any]
"""Copies an object of some class."""
