"""What a user names on the command line → a module that runs: its weights, and inputs for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from archlens.errors import RecordError, UsageError
from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.lazy import runnable, with_shapes
from archlens.recorder.sources import Inputs, example, made, source

__all__ = ["Loaded", "load_module"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module with its weights in place, in evaluation mode, and the inputs that it runs on.

    arguments  by position
    named      by name

    Inputs are tensors, values that were given, or whatever a saved program was exported with.
    """

    module: nn.Module
    arguments: tuple[Any, ...]
    named: dict[str, Any]


def load_module(model: str, settings: Mapping[str, Any], inputs: Inputs, *, batch: int = 1) -> Loaded:
    """The module that a user named, made anew, with inputs of the shapes and types that are recorded.

    settings  keyword arguments of the callable
    inputs    what its forward takes

    A name means what it means to `record_source`. Weights are allocated where the module puts them, on the
    CPU as a rule. Inputs are standard normal numbers, of the type of its first weights that are no integers
    unless told otherwise, and zeros where they are integers; a saved program has the inputs that it was
    exported with, unless shapes are given.

    Random numbers are PyTorch's own: `torch.manual_seed` decides them.

    Raises a UsageError where an input is needed and none is given, and a RecordError for what cannot be
    found or made.
    """
    if model.endswith(".pt2"):
        from archlens.recorder.exported import example_inputs, opened

        if settings:
            raise UsageError(f"-s {next(iter(settings))}: an exported program has no settings")
        program, module = opened(model)
        arguments, named = example_inputs(model, program, inputs, batch)
    else:
        found = source(model, settings)
        module = made(found, found.make)
        if not runnable(module):
            raise RecordError(f"{model}: its weights are not there: make the module on the CPU")
        positional, named = example(found, module, inputs, batch)
        arguments = (*positional,)
    arguments = tuple(filled(x) for x in arguments)
    named = {name: filled(x) for name, x in named.items()}
    return Loaded(with_shapes(module, arguments, named, model), arguments, named)


def filled(x: Any) -> Any:
    """An input with elements: what has none gets standard normal numbers, or zeros where it holds integers.

    Zeros are valid wherever numbers stand for words or places.
    """
    if not isinstance(x, Tensor) or (type(x) is not FakeTensor and x.device.type != "meta"):
        return x
    if x.dtype.is_floating_point:
        return torch.randn(x.shape).to(x.dtype)
    return torch.zeros(x.shape, dtype=x.dtype)
