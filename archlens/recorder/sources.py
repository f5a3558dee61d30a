"""What a user names on the command line → a PyTorch module, and its graph."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archlens.errors import RecordError, UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.recorder.imports import imported
from archlens.recorder.tensor_type import DTYPES, Inputs, TensorType, Value
from archlens.spec.reference import LIBRARIES

if TYPE_CHECKING:
    from torch import nn

__all__ = ["DTYPES", "Inputs", "Source", "TensorType", "Value", "record_source", "source"]

WHOLE = "one of the following scalar types: Long, Int"
"""What PyTorch says when numbers of words or places are wanted, and real numbers come."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a module comes from.

    name    as the user wrote it
    make    makes it, anew each time
    inputs  the shapes of one image or sample, by name, if the source knows: "" is the first argument
    """

    name: str
    make: "Callable[[], nn.Module]"
    inputs: "Callable[[nn.Module], Mapping[str, Shape]]"


def record_source(model: str, settings: Mapping[str, Any], inputs: Inputs, *, batch: int = 1) -> Graph:
    """The graph of what a user named, in evaluation mode.

    settings  keyword arguments of the callable
    inputs    what its forward takes

    Raises a UsageError where an input is needed and none is given, a RecordError for what cannot be
    found, made or run.
    """
    if model.endswith(".pt2"):
        from archlens.recorder.exported import record_exported

        if settings:
            raise UsageError(f"-s {next(iter(settings))}: an exported program has no settings")
        return record_exported(model, inputs, batch)
    try:
        return recorded(source(model, settings), inputs, batch)
    except RecordError as error:
        if WHOLE not in str(error) or any(getattr(x, "dtype", "") for x in inputs.values()):
            raise
        raise RecordError(f"{error}; where it takes whole numbers, say so: --input 16:int64") from error


def recorded(found: Source, inputs: Inputs, batch: int) -> Graph:
    """The graph of a module that is made without weights, and with them where shapes are refused."""
    from archlens.recorder.fake_tensor import ValuesNeededError
    from archlens.recorder.recording import Subject, runnable
    from archlens.recorder.recording import recorded as recorded_subject
    from archlens.recorder.unallocated import unallocated

    try:
        module = made(found, lambda: unallocated(found.make))
    except ValuesNeededError:
        module = made(found, found.make)
    arguments, named = example(found, module, inputs, batch)

    def full() -> "nn.Module | None":
        again = module if runnable(module) else made(found, found.make)
        return again if runnable(again) else None

    return recorded_subject(Subject(found.name, module, full, arguments, named))


def source(model: str, settings: Mapping[str, Any]) -> Source:
    """Where the module that a user named comes from. Raises a RecordError if it cannot be found."""
    place, _, name = model.rpartition(":")
    if place in LIBRARIES:
        from archlens.recorder.libraries import library

        return Source(model, *library(place, name, settings))
    thing = imported(model, place, name)
    from torch import nn

    if isinstance(thing, nn.Module):
        if settings:
            raise UsageError(f"-s {next(iter(settings))}: {model} is a module already and takes no settings")
        return Source(model, lambda: thing, lambda module: {})
    if not callable(thing):
        raise RecordError(f"{model} is {type(thing).__name__}, neither a module nor what makes one")
    return Source(model, lambda: thing(**settings), lambda module: {})


def made(found: Source, make: "Callable[[], nn.Module]") -> "nn.Module":
    """The module in evaluation mode, or one line on why there is none."""
    from torch import nn

    from archlens.recorder.fake_tensor import ValuesNeededError

    try:
        module = make()
    except ValuesNeededError:
        raise
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given")
        raise RecordError(f"{found.name} cannot be made: {type(error).__name__}: {said}") from error
    if not isinstance(module, nn.Module):
        raise RecordError(f"{found.name} makes a {type(module).__name__}, not a torch.nn.Module")
    return module.eval()


def example(
    found: Source, module: "nn.Module", inputs: Inputs, batch: int
) -> tuple[list[Any], dict[str, Any]]:
    """Inputs without elements but those given, of the module's type unless told otherwise, on its device."""
    import torch

    from archlens.recorder.fake_tensor import FakeTensor, contiguous

    taken: Inputs = inputs or {name: TensorType(shape) for name, shape in found.inputs(module).items()}
    if not taken:
        raise UsageError(f"{found.name} does not tell what it takes: give --input, such as --input 3x224x224")
    weight = next((x for x in module.parameters() if x.dtype.is_floating_point), torch.empty(0))
    made: dict[str, Any] = {}
    for name, x in taken.items():
        if isinstance(x, Value):
            made[name] = x.value
        elif x.elements is not None:
            made[name] = torch.tensor(x.elements, dtype=getattr(torch, x.dtype) if x.dtype else None)
        else:
            shape, dtype = x.sized(batch), getattr(torch, x.dtype) if x.dtype else weight.dtype
            made[name] = FakeTensor(shape, contiguous(shape), dtype, weight.device)
    return [made[name] for name in made if not name], {name: x for name, x in made.items() if name}
