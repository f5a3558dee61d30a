"""The tensors among arguments and outputs, of operators and of modules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from archlens.ops import Input, Shape
from archlens.recorder.ghost import Ghost, ghost_of
from archlens.recorder.operators import Alias
from archlens.recorder.tape import Entry

if TYPE_CHECKING:
    from archlens.recorder.mode import Recorder

__all__ = ["META", "as_ghosts", "given", "on_meta", "tensors_in", "tensors_of"]

META = torch.device("meta")


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Every tensor among some arguments, in their order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from tensors_in(part)
    elif isinstance(value, dict):
        yield from tensors_in(tuple(value.values()))


def on_meta(value: Any) -> Any:
    """An argument with its tensors on the meta device."""
    if isinstance(value, Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device=META)
    if isinstance(value, list | tuple):
        return [on_meta(part) for part in value]
    return value


def as_ghosts(value: Any, device: torch.device) -> Any:
    """An output with its tensors as ghosts on a device; their place in memory is noted for views."""
    if isinstance(value, Tensor):
        made = Ghost(value.shape, value.stride(), value.dtype, device)
        made.offset = int(value.storage_offset())
        return made
    if isinstance(value, list | tuple):
        return type(value)(as_ghosts(part, device) for part in value)
    return value


def given(
    module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], recorder: "Recorder"
) -> tuple[list[Any], dict[str, Any]]:
    """What a module's forward is called with: its tensors replaced, each an input of the graph."""
    everything = [*zip(argument_names(module, len(inputs)), inputs, strict=True), *named.items()]
    several = len({id(x) for x in tensors_in([value for _, value in everything])}) > 1
    seen: dict[int, Tensor] = {}
    replaced = [
        substituted(value, name if several else "input", recorder, seen) for name, value in everything
    ]
    keywords = dict(zip(named, replaced[len(inputs) :], strict=True))
    return replaced[: len(inputs)], keywords


def argument_names(module: nn.Module, count: int) -> list[str]:
    """What the module calls its positional arguments."""
    try:
        parameters = [*signature(module.forward).parameters.values()]
    except (TypeError, ValueError):
        parameters = []
    known = [
        p.name for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    return [known[i] if i < len(known) else f"input{i}" for i in range(count)]


def substituted(value: Any, name: str, recorder: "Recorder", seen: dict[int, Tensor]) -> Any:
    """An argument with its tensors replaced by ghosts, or by copies for a real run; the same by the same."""
    if isinstance(value, Tensor):
        if id(value) in seen:
            return seen[id(value)]
        shape: Shape = tuple(value.shape)
        made = seen[id(value)] = stand_in(value) if recorder.real else ghost_of(value)
        tape = recorder.tape
        tape.entries.append(Entry(Input(shape or (1,)), (), shape or (1,), "", (), name))
        whole = tape.value(len(tape.entries) - 1)
        recorder.attach(made, whole if shape else tape.view(whole, Alias("scalar", ()), ()))
        return made
    if isinstance(value, dict):
        return {key: substituted(part, f"{name}_{key}", recorder, seen) for key, part in value.items()}
    if isinstance(value, list | tuple):
        parts = [substituted(part, f"{name}_{i}", recorder, seen) for i, part in enumerate(value)]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def stand_in(x: Tensor) -> Tensor:
    """A tensor with elements: a copy, or random numbers where there are none to copy."""
    if x.device.type != "meta" and not isinstance(x, Ghost):
        return x.detach().clone()
    if x.dtype.is_floating_point:
        return torch.rand(x.shape, dtype=x.dtype)
    return torch.zeros(x.shape, dtype=x.dtype)


def tensors_of(output: Any) -> Iterator[Tensor]:
    """Every tensor in what a forward gives back, also in mappings, data classes and plain objects."""
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, Mapping):
        for part in output.values():
            yield from tensors_of(part)
    elif isinstance(output, list | tuple | set):
        for part in output:
            yield from tensors_of(part)
    elif is_dataclass(output):
        for field in fields(output):
            yield from tensors_of(getattr(output, field.name))
    elif hasattr(output, "__dict__") and not isinstance(output, type | nn.Module):
        for part in vars(output).values():
            yield from tensors_of(part)
