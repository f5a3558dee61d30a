"""What a recording leaves as it was though no copy can hold it: generators, caches, globals, classes."""

import functools
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FunctionType, ModuleType
from typing import Any

import torch
from torch import nn

from archlens.recorder.contents import contents_kept

__all__ = ["random_state_kept", "surroundings_kept"]

FOREIGN = sys.stdlib_module_names | {"torch", "numpy", "archlens", "builtins", "__future__"}
"""Packages whose globals no module of the user's changes."""

NAMESPACES = 100
"""Modules of Python's whose globals are looked at, at most."""

CACHED = type(functools.lru_cache(len))


@contextmanager
def surroundings_kept(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Put back what a forward of these modules may change outside of them, whatever happens.

    That is the state of the generators of random numbers, autocast's cache of weights, the default type and
    device, and the globals and class attributes of the Python that the modules are written in.
    """
    with ExitStack() as stack:
        stack.enter_context(random_state_kept())
        stack.enter_context(autocast_kept())
        stack.enter_context(settings_kept())
        spaces = namespaces(modules)
        stack.enter_context(contents_kept(spaces))
        stack.enter_context(caches_kept(spaces))
        yield


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Leave the generators of PyTorch, Python and NumPy where they stand."""
    own: Any = random.getstate()
    cpu = torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None  # type: ignore[no-untyped-call]
    numpy = sys.modules.get("numpy.random")
    third = numpy.get_state() if numpy is not None else None
    try:
        yield
    finally:
        random.setstate(own)
        torch.set_rng_state(cpu)
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)
        if numpy is not None:
            numpy.set_state(third)


@contextmanager
def autocast_kept() -> Iterator[None]:
    """Keep copies of weights out of autocast's cache, which outlives a recording within autocast."""
    nested = torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda")
    before = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(before and not nested)
    try:
        yield
    finally:
        torch.set_autocast_cache_enabled(before)


@contextmanager
def settings_kept() -> Iterator[None]:
    """Leave PyTorch's default type, its modes of gradients and its number of threads as they are."""
    dtype, gradients = torch.get_default_dtype(), torch.is_grad_enabled()
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        torch._C._set_grad_enabled(gradients)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)


def namespaces(modules: Iterable[nn.Module]) -> list[Any]:
    """The classes of some modules, and the Python modules that they and the functions there come from."""
    waiting: list[Any] = list(dict.fromkeys(type(module) for module in modules))
    classes: dict[type, None] = {}
    spaces: dict[str, ModuleType] = {}
    while waiting and len(spaces) < NAMESPACES:
        for each in waiting.pop().__mro__:
            if each.__module__.partition(".")[0] in FOREIGN or each in classes:
                continue
            classes[each] = None
            add_space(each.__module__, spaces, waiting)
    return [*classes, *spaces.values()]


def add_space(name: str, spaces: dict[str, ModuleType], waiting: list[Any]) -> None:
    """A module of Python's by its name, and those that its functions come from."""
    space = sys.modules.get(name)
    if name in spaces or space is None or len(spaces) >= NAMESPACES or name.partition(".")[0] in FOREIGN:
        return
    spaces[name] = space
    for value in [*vars(space).values()]:
        if isinstance(value, FunctionType) and value.__module__ != name:
            add_space(value.__module__ or "", spaces, waiting)
        elif isinstance(value, type) and value.__module__ == name and issubclass(value, nn.Module):
            waiting.append(value)


@contextmanager
def caches_kept(spaces: Iterable[Any]) -> Iterator[None]:
    """Put functions that remember nothing in the place of `functools.cache`'s, which then learn nothing."""
    replaced = []
    for space in spaces:
        for name, value in [*vars(space).items()]:
            if type(value) is CACHED:
                setattr(space, name, functools.lru_cache(**value.cache_parameters())(value.__wrapped__))
                replaced.append((space, name, value))
    try:
        yield
    finally:
        for space, name, value in replaced:
            setattr(space, name, value)
