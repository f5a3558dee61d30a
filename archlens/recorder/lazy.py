"""Modules whose parameters get their shapes from the first input that they see."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from archlens.errors import RecordError
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError
from archlens.recorder.structure import StructuralCopy, deep_calls
from archlens.recorder.surroundings import surroundings_kept
from archlens.recorder.tensors import CopiedTensors

__all__ = ["first_line", "runnable", "with_shapes"]


def with_shapes(module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], model: str) -> nn.Module:
    """The module with the shapes of all of its weights.

    A module that learns shapes from its first input, such as `nn.LazyLinear`, is copied and the copy run
    once, so that the user's own stays as it is.

    Raises a RecordError where that run fails, a ValuesNeededError where other weights are not there for it.
    """
    if not any(is_lazy(x) for x in weights(module)):
        return module
    if not runnable(module):
        raise ValuesNeededError("lazy parameters get their shapes in a first run")
    copy = StructuralCopy(CopiedTensors())
    try:
        with torch.no_grad(), surroundings_kept(module.modules()):
            with deep_calls():
                arguments, keywords, copied = copy.copied((tuple(inputs), dict(named), module))
            copied(*arguments, **keywords)
    except Exception as error:
        raise RecordError(
            f"{model}: the first run, from which lazy parameters get their shapes, failed: "
            f"{type(error).__name__}: {first_line(error)}"
        ) from error
    found: nn.Module = copied
    return found


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, shortened to fit on a line."""
    return next(iter(str(error).strip().splitlines()), "no reason given")


def runnable(module: nn.Module) -> bool:
    """Whether every weight of a module has elements, so that it could be run in earnest."""
    return not any(isinstance(x, FakeTensor) or x.device.type == "meta" for x in weights(module))


def weights(module: nn.Module) -> list[Tensor]:
    """All parameters and buffers of a module, as often as they are there."""
    tables = (table for each in module.modules() for table in (each._parameters, each._buffers))
    return [x for table in tables for x in table.values() if x is not None]
