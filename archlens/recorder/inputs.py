"""What a forward is called with → inputs of the graph: every tensor among its arguments, with a name."""

from collections.abc import Iterator, Mapping, Sequence
from inspect import Parameter, signature
from types import GeneratorType
from typing import Any

import torch
from torch import Tensor, nn

from archlens.errors import RecordError
from archlens.ops import Input, Shape
from archlens.recorder.arguments import parts_of
from archlens.recorder.entry import Entry
from archlens.recorder.fake_tensor import FakeTensor, fake_of
from archlens.recorder.mode import Recorder
from archlens.recorder.operators import Viewed
from archlens.recorder.structure import StructuralCopy
from archlens.recorder.tensors import CopiedTensors
from archlens.recorder.wrappers import inner_tensors

__all__ = ["given"]

MOST_KNOWN = 4096
"""Integer and boolean inputs with at most so many elements keep them, as a forward may look at them."""


def given(
    module: nn.Module,
    inputs: Sequence[Any],
    named: Mapping[str, Any],
    recorder: Recorder,
    copy: StructuralCopy,
    tensors: CopiedTensors,
) -> tuple[list[Any], dict[str, Any]]:
    """Copies of the arguments of a call, by position and by name, in which each tensor is an input of the
    graph.
    """
    everything = [*zip(argument_names(module, len(inputs)), inputs, strict=True), *named.items()]
    found: dict[int, tuple[str, Tensor]] = {}
    for name, value in everything:
        if isinstance(value, GeneratorType):
            raise RecordError(
                f"{name} is a generator, which can be read only once: give a list of what it yields"
            )
        for full, x in named_tensors(value, name, set()):
            found.setdefault(id(x), (full, x))
    for name, x in found.values():
        made = copy.note(x, copy_of_input(x, recorder, copy, tensors))
        note(made, name if len(found) > 1 else "input", recorder)
    return [copy.copied(x) for x in inputs], {name: copy.copied(x) for name, x in named.items()}


def argument_names(module: nn.Module, count: int) -> list[str]:
    """The names that the module's forward gives its positional arguments."""
    try:
        parameters = [*signature(module.forward).parameters.values()]
    except (TypeError, ValueError, AttributeError):
        parameters = []
    known = [
        p.name for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    return [known[i] if i < len(known) else f"input{i}" for i in range(count)]


def named_tensors(value: Any, name: str, seen: set[int]) -> Iterator[tuple[str, Tensor]]:
    """Every tensor in an argument: in containers, mappings, data classes and objects, by the way to it."""
    if isinstance(value, Tensor):
        inner = inner_tensors(value) or {}
        real = {part: x for part, x in inner.items() if x.dtype.is_floating_point and x.numel()}
        yield from [(f"{name}_{part.strip('_')}", x) for part, x in real.items()] or [(name, value)]
        return
    if isinstance(value, str | bytes | int | float | complex | type | nn.Module | None) or id(value) in seen:
        return
    seen.add(id(value))
    for part, held in parts_of(value):
        yield from named_tensors(held, f"{name}_{part}", seen)


def copy_of_input(x: Tensor, recorder: Recorder, copy: StructuralCopy, tensors: CopiedTensors) -> Tensor:
    """The copy of an input that the module is run on.

    It is fake, unless this is a real run, or it is a small tensor of whole numbers, such as indices, whose
    values a forward may look at, or a sparse one, whose cost depends on how much it holds.
    """
    whole = not (x.dtype.is_floating_point or x.dtype.is_complex)
    there = type(x) is not FakeTensor and x.device.type != "meta"
    if (
        recorder.real
        or x.is_nested
        or x.layout is not torch.strided
        or (whole and there and x.numel() <= MOST_KNOWN)
    ):
        return tensors(copy, x)
    return fake_of(x)


def note(x: Tensor, name: str, recorder: Recorder) -> None:
    """Make a tensor an input of the graph; one without axes is an input of one element."""
    tape = recorder.tape
    shape: Shape = tuple(x.shape)
    tape.entries.append(Entry(Input(shape or (1,)), (), shape or (1,), "", (), name))
    whole = tape.value(len(tape.entries) - 1)
    recorder.attach(x, whole if shape else tape.view(whole, Viewed("scalar", ()), ()))
