"""What a recording must leave as it was: everything that can be reached from a module, and random numbers.

This shares no code with the recorder. `described` walks all objects below some others, by attributes,
slots, containers, closures, bound methods and weak references, and says of each what it holds.
"""

import random
import types
import weakref
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy
import torch
from torch import Tensor

__all__ = ["described", "random_states"]

LEAVES = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, types.CodeType)
MOST_READ = 4096


def described(*roots: Any) -> dict[int, tuple[Any, ...]]:
    """Every object by its id: its class and what it holds, in order, by value or by id."""
    found: dict[int, tuple[Any, ...]] = {}
    waiting, alive = deque(roots), []
    while waiting:
        x = waiting.popleft()
        if id(x) in found or isinstance(x, LEAVES) or pytorch_s(x):
            continue
        alive.append(x)
        parts = parts_of(x)
        found[id(x)] = (type(x), *(part if isinstance(part, LEAVES) else id(part) for part in parts))
        if not isinstance(x, Tensor):
            waiting.extend(parts)
        else:
            waiting.extend(part for part in (x.grad, x.__dict__) if part is not None)
    found[0] = (alive,)  # ids stay theirs as long as this lives
    return found


def pytorch_s(x: Any) -> bool:
    """Whether it is an operator or a function of PyTorch's own, which remember how they are dispatched."""
    if isinstance(x, types.FunctionType):
        return (x.__module__ or "").startswith("torch")
    return type(x).__module__.startswith(("torch._", "torch.library"))


def parts_of(x: Any) -> list[Any]:
    """What an object holds."""
    if isinstance(x, Tensor):
        return of_tensor(x)
    if isinstance(x, torch.Generator):
        return [x.get_state().numpy().tobytes()]
    if isinstance(x, numpy.ndarray):
        return [x.tobytes()]
    if isinstance(x, types.FunctionType):
        cells = list(x.__closure__ or ())
        return [*cells, x.__defaults__, x.__kwdefaults__, *items(x.__dict__)]
    if isinstance(x, types.CellType):
        try:
            return [x.cell_contents]
        except ValueError:
            return []
    if isinstance(x, types.MethodType | types.BuiltinFunctionType):
        return [x.__self__]
    if isinstance(x, weakref.WeakMethod):  # which makes the method when it is asked
        return [getattr(x(), "__self__", None)]
    if isinstance(x, weakref.ref):
        return [x()]
    if isinstance(x, random.Random):
        return [str(x.getstate())]
    return [*of_container(x), *items(getattr(x, "__dict__", {})), *of_slots(x)]


def of_container(x: Any) -> list[Any]:
    """The parts of a container."""
    if isinstance(x, Mapping):
        return items(dict(x))
    if isinstance(x, list | tuple | deque):
        return [*x]
    if isinstance(x, set | frozenset):
        return sorted(x, key=id)
    return []


def of_slots(x: Any) -> list[Any]:
    """The parts in slots."""
    names = [name for cls in type(x).__mro__ for name in getattr(cls, "__slots__", ())]
    return [getattr(x, name, None) for name in names if not name.startswith("__")]


def items(x: Any) -> list[Any]:
    """Keys and values."""
    return [part for pair in x.items() for part in pair]


def of_tensor(x: Tensor) -> list[Any]:
    """Shape, strides, type, memory, version, gradients, and the elements of what is small."""
    if torch.nn.parameter.is_lazy(x):
        return []
    said: list[Any] = [str((tuple(x.shape), x.dtype, x.device, x.requires_grad, x.is_leaf)), id(x.grad)]
    if (
        type(x) not in (Tensor, torch.nn.Parameter)
        or x.device.type == "meta"
        or x.layout is not torch.strided
    ):
        return said
    said += [x.untyped_storage()._cdata, x.storage_offset(), str(x.stride())]
    if not x.is_inference():
        said.append(x._version)
    # the address last: to ask for it of what was copied on writing may move it
    return [*said, str(x.detach().tolist()) if x.numel() <= MOST_READ else "", x.const_data_ptr()]  # type: ignore[attr-defined]


def numpy_state() -> tuple[Any, ...]:
    """Where NumPy's generator stands."""
    name, words, *rest = numpy.random.get_state(legacy=True)
    return (name, numpy.asarray(words).tobytes(), *rest)


def random_states() -> tuple[Any, ...]:
    """Where the generators of PyTorch, Python and NumPy stand."""
    return (random.getstate(), torch.get_rng_state().numpy().tobytes(), numpy_state())
