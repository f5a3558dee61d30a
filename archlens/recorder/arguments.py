"""The tensors among arguments and outputs, of operators and of modules."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor, nn

from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.wrappers import main_tensor

__all__ = ["META", "as_fakes", "on_meta", "parts_of", "tensors_in", "tensors_of"]

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
    """An argument in which every tensor is moved to PyTorch's meta device, where tensors have no elements."""
    if isinstance(value, Tensor) and value.layout is not torch.strided:
        return torch.empty(value.shape, dtype=value.dtype, device=META)
    if isinstance(value, Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device=META)
    if isinstance(value, list | tuple):
        return [on_meta(part) for part in value]
    return value


def as_fakes(value: Any, device: torch.device) -> Any:
    """An operator's output with a fake tensor for every tensor in it, on the given device.

    Where two of them share memory, the fakes note the same place in memory, so that a view is recognised
    later.
    """
    if isinstance(value, Tensor):
        made = FakeTensor(value.shape, value.stride(), value.dtype, device)
        made.offset = int(value.storage_offset())
        return made
    if isinstance(value, list | tuple):
        return type(value)(as_fakes(part, device) for part in value)
    return value


def tensors_of(output: Any, seen: set[int] | None = None) -> Iterator[Tensor]:
    """Every tensor in what a forward gives back, also in mappings, data classes and plain objects."""
    seen = set() if seen is None else seen
    if isinstance(output, Tensor):
        yield main_tensor(output)
        return
    if isinstance(output, ATOMIC | type | nn.Module) or id(output) in seen:
        return
    seen.add(id(output))
    for _, part in parts_of(output):
        yield from tensors_of(part, seen)


ATOMIC = str | bytes | int | float | complex | None


def parts_of(value: Any) -> Iterator[tuple[str, Any]]:
    """What an object holds, each part with its name: its attribute, its key or its number."""
    if isinstance(value, Mapping):
        yield from ((str(key), part) for key, part in value.items())
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        yield from zip(map(str, range(len(value))), value, strict=True)
    elif isinstance(value, list | tuple | set | frozenset | deque):
        yield from ((str(place), part) for place, part in enumerate(value))
    elif is_dataclass(value):
        yield from ((field.name, getattr(value, field.name, None)) for field in fields(value))
    else:
        slots = [name for cls in type(value).__mro__ for name in slots_of(cls)]
        held = {name: getattr(value, name) for name in slots if hasattr(value, name)}
        held |= getattr(value, "__dict__", {})
        yield from ((name.strip("_"), part) for name, part in held.items())


def slots_of(cls: type) -> Sequence[str]:
    """The names in a class's `__slots__`, without those that Python gives a meaning, such as `__dict__`."""
    names = cls.__dict__.get("__slots__", ())
    found = (names,) if isinstance(names, str) else tuple(names)
    return [name for name in found if not name.startswith("__")]
