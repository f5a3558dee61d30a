"""A copy of a module, of all that belongs to it and of its arguments, whose tensors are others.

What runs in a recording is such a copy: its containers, hooks, flags and generators are its own, so
whatever a forward does to them is done to the copy. Each object is copied once, so what was shared, tied
or cyclic is so in the copy. Classes are not asked how they would like to be copied (`__deepcopy__`,
`__getstate__`, `__reduce__`): an object is its attributes and its slots. Functions are copied with what
their closures hold, bound methods with their object, as hooks may point back at the module.

What cannot be copied, such as a file, is shared with the original.
"""

import functools
import random
import sys
import threading
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import PurePath
from typing import Any
from warnings import catch_warnings

import torch
from torch import Tensor, nn

from archlens.errors import RecordError
from archlens.recorder.callables import builtin, cached, cell_of, function, method, partial
from archlens.recorder.containers import fill, fixed, mapping, proxy, queue, sequence, unordered
from archlens.recorder.copying import Copy, Handler
from archlens.recorder.threads import THREADS
from archlens.recorder.weak_references import WEAK

__all__ = ["StructuralCopy", "deep_calls"]

SHARED = (int, float, complex, str, bytes, type, Enum, PurePath, types.ModuleType, threading.Thread)
"""Classes whose objects, and those of classes derived from them, are taken as they are."""

CONTAINERS = (OrderedDict, defaultdict, dict, list, set, frozenset, tuple, deque)

DEEPEST = 20_000
"""How many calls deep a copy may be: linked lists are deep."""

HEAP_TYPE = 1 << 9
"""Python's flag of classes that were made by a class statement."""


class Plain:
    """A class without slots, whose objects take as much memory as those of any other such class."""


class StructuralCopy(Copy):
    """A copy of what can be reached from some objects, whose tensors are others."""

    def handler_for(self, cls: type) -> Handler:
        return handler_for(cls)

    def close(self) -> None:
        """Keep the copies from closing, when they are deleted, files and handles that the originals still
        use.
        """
        for made in self.finalized:
            made.__class__ = Plain
        for close in self.closing:
            close()


@contextmanager
def deep_calls() -> Iterator[None]:
    """While the block of `with` runs, functions may call each other more deeply than Python allows by
    default.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def handler_for(cls: type) -> Handler:
    """How objects of a class are copied."""
    if cls in EXACT:
        return EXACT[cls]
    if issubclass(cls, Tensor):
        return tensor
    if issubclass(cls, torch.jit.ScriptModule) or issubclass(cls, SHARED):
        return shared
    if issubclass(cls, nn.Module):
        return compiled if cls.__name__ == "OptimizedModule" else instances(cls)
    if cls.__module__ == "numpy" and cls.__name__ == "ndarray":
        return array
    base = next((each for each in CONTAINERS if issubclass(cls, each)), None)
    if base is not None and laid_out_as(cls, base):
        return BY_CONTAINER[base]
    if laid_out_as(cls, object):
        return instances(cls)
    return reduced


def laid_out_as(cls: type, base: type) -> bool:
    """Whether objects of a class are laid out in memory as those of another one: attributes and slots,
    nothing of C's.
    """
    for each in cls.__mro__:
        if each is base:
            break
        if not each.__flags__ & HEAP_TYPE and each.__module__ not in ("typing", "abc"):
            return False
    slots = sum(len(names_of_slots(each)) for each in cls.__mro__)
    return bool(cls.__basicsize__ <= base.__basicsize__ + 8 * (slots + 2))


def names_of_slots(cls: type) -> list[str]:
    """The slots that a class declares, by the names under which its objects store them."""
    declared = cls.__dict__.get("__slots__", ())
    names = (declared,) if isinstance(declared, str) else tuple(declared)
    return [
        f"_{cls.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
        for name in names
        if name not in ("__dict__", "__weakref__")
    ]


def shared(copy: Copy, x: Any) -> Any:
    """The object itself, which copy and original share."""
    return x


def tensor(copy: Copy, x: Tensor) -> Any:
    """A tensor, whose attributes are copied, too."""
    made = copy.note(x, copy.tensor(copy, x))
    if x.is_leaf and x.grad is not None and made is not x:
        made.grad = copy.copied(x.grad)
    for name, value in x.__dict__.items():
        if name not in RECORDED and name not in made.__dict__:
            made.__dict__[name] = copy.copied(value)
    return made


RECORDED = {"value", "tape", "offset", "recorder", "memory", "base", "_is_param", "_recorded"}
"""What recordings note on tensors."""


def instances(cls: type) -> Handler:
    """How objects of a class of Python's are copied: the same class, their attributes and slots copied."""
    slots: list[Any] = [
        descriptor
        for each in cls.__mro__
        for name in names_of_slots(each)
        if hasattr(descriptor := each.__dict__.get(name), "__set__")
    ]
    finalizer = hasattr(cls, "__del__")
    if finalizer and slots:
        return Copy.kept_as_it_is

    def instance(copy: Copy, x: Any) -> Any:
        state = x.__dict__ if not slots or hasattr(x, "__dict__") else {}
        if not state and not slots:
            return x  # such as a mark that is compared by `is`
        made = copy.note(x, object.__new__(cls))
        if finalizer:
            copy.finalized.append(made)
        if state:
            fill(copy, state, made)
        for descriptor in slots:
            try:
                value = descriptor.__get__(x, cls)
            except AttributeError:
                continue
            descriptor.__set__(made, copy.copied(value))
        if "_compiled_call_impl" in state:
            made.__dict__["_compiled_call_impl"] = None  # what `module.compile()` put there
        return made

    return instance


def compiled(copy: Copy, x: Any) -> Any:
    """The function that `torch.compile` has wrapped, so that the copy runs it as it was written."""
    return copy.note(x, copy.copied(x._orig_mod))


def array(copy: Copy, x: Any) -> Any:
    """A copy of a NumPy array."""
    return copy.note(x, x.copy())


def generator(copy: Copy, x: torch.Generator) -> Any:
    """A new generator of random numbers that goes on from where the original stands."""
    made = torch.Generator(x.device)
    made.set_state(x.get_state())
    return copy.note(x, made)


def running(copy: Copy, x: Any) -> Any:
    """A stand-in for a generator of Python's, which cannot be copied: to go on with it would move the
    original.
    """
    return copy.note(x, Running(x.__qualname__))


class Running:
    """Stands for a generator of Python's that somebody may be in the middle of."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __iter__(self) -> "Running":
        return self

    def __next__(self) -> Any:
        raise RecordError(
            f"the generator {self.name} can be read only once, and a recording must leave it as it is: "
            "hold a list of what it yields"
        )

    def send(self, value: Any) -> Any:
        """The same: to send something moves it, too."""
        return self.__next__()


def reduced(copy: Copy, x: Any) -> Any:
    """An object implemented in C, made again as `copyreg` says; the object itself if it says nothing."""
    try:
        with catch_warnings(action="ignore"):
            found = x.__reduce_ex__(4)
        if isinstance(found, str):
            return x
        make, arguments, state, items, pairs = (*found, None, None, None)[:5]
        made = make(*[copy.copied(each) for each in arguments])
        copy.note(x, made)
        if state is not None:
            state = copy.copied(state)
            if hasattr(made, "__setstate__"):
                made.__setstate__(state)
            elif isinstance(state, dict):
                made.__dict__.update(state)
        for item in items or ():
            made.append(copy.copied(item))
        for key, value in pairs or ():
            made[copy.copied(key)] = copy.copied(value)
    except Exception:
        return copy.kept_as_it_is(x)
    return made


EXACT: dict[type, Handler] = {
    dict: mapping,
    list: sequence,
    tuple: fixed,
    frozenset: fixed,
    set: unordered,
    deque: queue,
    types.FunctionType: function,
    types.MethodType: method,
    types.BuiltinFunctionType: builtin,
    types.CellType: cell_of,
    types.MappingProxyType: proxy,
    functools.partial: partial,
    type(functools.lru_cache(len)): cached,
    types.GeneratorType: running,
    torch.Generator: generator,
    random.Random: reduced,
    **WEAK,
    **THREADS,
}

BY_CONTAINER: dict[type, Handler] = {
    OrderedDict: lambda copy, x: mapping(copy, x, OrderedDict),
    defaultdict: lambda copy, x: mapping(copy, x, defaultdict),
    dict: mapping,
    list: sequence,
    set: unordered,
    frozenset: fixed,
    tuple: fixed,
    deque: queue,
}
