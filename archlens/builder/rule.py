"""The table that turns an operator into a PyTorch module, one rule an operator."""

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import TypeVar

from torch import nn

from archlens import ops
from archlens.errors import BuildError

__all__ = ["by_axes", "module_for"]

Module = TypeVar("Module", bound=nn.Module)


@singledispatch
def module_for(op: ops.Op, inputs: ops.Shapes) -> nn.Module:
    """The module that does what `op` does to inputs of these shapes; a BuildError without a rule."""
    name = getattr(op, "name", "") or op.kind or type(op).__name__  # a recorded one is of a general kind
    raise BuildError(f"no rule builds the operator {name!r}")


def by_axes(name: str, modules: Sequence[Callable[..., Module]], axes: int) -> Callable[..., Module]:
    """The one of torch's `name`1d, `name`2d, … that works on this many spatial axes."""
    if not 1 <= axes <= len(modules):
        raise BuildError(f"PyTorch has {name} for 1 to {len(modules)} spatial axes, not for {axes}")
    return modules[axes - 1]
