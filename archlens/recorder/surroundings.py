"""What a recording leaves as it was though no copy can hold it: generators, caches, globals, classes."""

import functools
import random
import sys
from collections.abc import Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import torch
from torch import Tensor, nn

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
        modules = [*modules]
        spaces = namespaces(modules)
        names = used_names(spaces, modules)
        stack.enter_context(contents_kept(spaces, names))
        stack.enter_context(caches_kept(spaces, names))
        yield


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Restore the random number generators of PyTorch, Python and NumPy afterwards."""
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
    """Within `torch.autocast`, keep copies of fake weights out of its cache, which outlives the recording."""
    nested = torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda")
    before = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(before and not nested)
    try:
        yield
    finally:
        torch.set_autocast_cache_enabled(before)


@contextmanager
def settings_kept() -> Iterator[None]:
    """Restore PyTorch's default type, gradient modes and number of threads afterwards."""
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
    """The classes of some modules, and the Python modules in which these and their functions are written."""
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
    """Add a Python module by its name, and those that its functions are imported from."""
    space = sys.modules.get(name)
    if name in spaces or space is None or len(spaces) >= NAMESPACES or name.partition(".")[0] in FOREIGN:
        return
    spaces[name] = space
    for value in [*vars(space).values()]:
        if isinstance(value, FunctionType) and value.__module__ != name:
            add_space(value.__module__ or "", spaces, waiting)
        elif isinstance(value, type) and value.__module__ == name and issubclass(value, nn.Module):
            waiting.append(value)


def used_names(spaces: Iterable[Any], modules: Iterable[nn.Module]) -> set[str]:
    """The names that the methods and hooks of some modules use, and the functions under these in turn."""
    waiting = [space for space in spaces if isinstance(space, type)]
    waiting += [value for module in modules for value in vars(module).values() if holds(value)]
    names: set[str] = set()
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, LEAVES) or id(value) in seen:
            continue
        seen.add(id(value))
        if not isinstance(value, FunctionType):
            waiting.extend(within(value))
            continue
        used = names_of(value.__code__)
        names |= used
        space = value.__globals__
        found = [space[name] for name in used if name in space]
        for module in [each for each in found if isinstance(each, ModuleType)]:
            if module.__name__.partition(".")[0] not in FOREIGN:
                found += [inner for name, inner in vars(module).items() if name in used]
        waiting += [*found, *map(held, value.__closure__ or ()), getattr(value, "__wrapped__", None)]
    return names


def names_of(code: CodeType) -> set[str]:
    """The names that a piece of code uses, and the functions that are defined inside of it."""
    inner = [names_of(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*inner)


def holds(value: Any) -> bool:
    """Whether a value can be called, or may hold something that can."""
    return isinstance(value, CALLED) or (isinstance(value, dict | list | tuple) and len(value) > 0)


def within(value: Any) -> list[Any]:
    """The functions inside a value: methods of a class, parts of a container, what a decorator wraps."""
    if isinstance(value, type):
        foreign = value.__module__.partition(".")[0] in FOREIGN
        return [] if foreign else [*vars(value).values()]
    if isinstance(value, dict | list | tuple):
        parts = [*dict.values(value)] if isinstance(value, dict) else [*value]
        return [part for part in parts[:MANY] if isinstance(part, CALLED)]
    return [getattr(value, name, None) for name in INNER]


LEAVES = (str, int, float, ModuleType, Tensor, nn.Module, type(None))

CALLED = (FunctionType, MethodType, type, functools.partial)

MANY = 1000
"""How many parts of a container are looked at."""

INNER = ("fget", "__func__", "__wrapped__", "func")
"""Under which names properties, methods and decorated functions hold the function."""


def held(cell: Any) -> Any:
    """The value of a variable in a closure; None while it has none."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


@contextmanager
def caches_kept(spaces: Iterable[Any], names: Set[str]) -> Iterator[None]:
    """While the block of `with` runs, functions under `functools.cache` remember nothing of the recording."""
    replaced = []
    for space in spaces:
        for name in vars(space).keys() & names:
            value = vars(space)[name]
            if type(value) is CACHED:
                setattr(space, name, functools.lru_cache(**value.cache_parameters())(value.__wrapped__))
                replaced.append((space, name, value))
    try:
        yield
    finally:
        for space, name, value in replaced:
            setattr(space, name, value)
