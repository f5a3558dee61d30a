"""Modules whose parameters get their shapes from the first input that they see."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer, is_lazy
from torch.utils._pytree import tree_map

from archlens.errors import RecordError
from archlens.recorder.arguments import stand_in
from archlens.recorder.ghost import Ghost, ValuesNeededError
from archlens.recorder.preserved import random_state_kept

__all__ = ["first_line", "runnable", "with_shapes"]


def with_shapes(module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], model: str) -> nn.Module:
    """The module; one without all its shapes is copied, and the copy run once, so that it stays as it is.

    Raises a RecordError where that run fails, a ValuesNeededError where other weights are not there for it.
    """
    if not any(is_lazy(x) for x in weights(module)):
        return module
    if not runnable(module):
        raise ValuesNeededError("lazy parameters get their shapes in a first run")
    try:
        with torch.no_grad(), random_state_kept():
            arguments, keywords = tree_map(
                lambda x: stand_in(x) if isinstance(x, Tensor) else x, (tuple(inputs), dict(named))
            )
            copied = deepcopy(module, blank_buffers(module))
            copied(*arguments, **keywords)
    except Exception as error:
        raise RecordError(
            f"{model}: the first run, from which lazy parameters get their shapes, failed: "
            f"{type(error).__name__}: {first_line(error)}"
        ) from error
    return copied


def blank_buffers(module: nn.Module) -> dict[int, Any]:
    """Buffers without a shape, which PyTorch does not copy, by the ids of those that they stand for."""
    blank: Any = UninitializedBuffer
    return {id(x): blank(device=x.device, dtype=x.dtype) for x in module.buffers() if is_lazy(x)}


def first_line(error: Exception) -> str:
    """What an exception says, as far as it fits on a line."""
    return next(iter(str(error).strip().splitlines()), "no reason given")


def runnable(module: nn.Module) -> bool:
    """Whether all weights have elements."""
    return not any(isinstance(x, Ghost) or x.device.type == "meta" for x in weights(module))


def weights(module: nn.Module) -> list[Tensor]:
    """Parameters and buffers."""
    return [*module.parameters(), *module.buffers()]
