"""What a recording leaves as it was though no copy can hold it: generators, caches, globals, classes."""

import builtins
import functools
import random
import sys
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from archlens.recorder.custom import custom_rules

__all__ = ["contents_kept", "random_state_kept", "surroundings_kept"]

FOREIGN = sys.stdlib_module_names | {"torch", "numpy", "archlens", "builtins", "__future__"}
"""Packages whose globals no module of the user's changes."""

MOST = 5_000
"""Objects that are remembered at most."""

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


@contextmanager
def contents_kept(roots: Iterable[Any]) -> Iterator[None]:
    """Put the contents of objects back, and those of what they hold: attributes, containers, closures."""
    found = remembered(roots)
    try:
        yield
    finally:
        for x, before, watched in found:
            if not watched or holds_tensor(x, before):
                put_back(x, before)


def holds_tensor(x: Any, before: Any) -> bool:
    """Whether a tensor has come among the contents of an object."""
    now = contents(x)
    values = now.values() if isinstance(now, dict) else now or ()
    known = {id(value) for value in (before.values() if isinstance(before, dict) else before)}
    return any(isinstance(value, Tensor) and id(value) not in known for value in values)


def remembered(roots: Iterable[Any]) -> list[tuple[Any, Any, bool]]:
    """The containers and attributes reachable from some objects, each with its contents as they are.

    The third of each is whether it is a variable of a function. Who watches a forward in that way, such as
    `shapes.append(x.shape)`, wants to see it; only tensors of the recording are taken out again.
    """
    roots = list(roots)
    known = {root.__module__ if isinstance(root, type) else root.__name__ for root in roots if named(root)}
    own = {id(root) for root in roots}
    waiting = deque((root, False) for root in roots)
    seen, found = {id(custom_rules)}, list[tuple[Any, Any, bool]]()
    while waiting and len(found) < MOST:
        x, watched = waiting.popleft()
        if id(x) in seen:
            continue
        seen.add(id(x))
        before = contents(x) if id(x) in own or walked(x, known) else None
        if before is None:
            continue
        found.append((x, before, watched))
        watched = watched or isinstance(x, FunctionType)
        waiting.extend((part, watched) for part in parts(x, before))
    return found


def named(x: Any) -> bool:
    """Whether it is a class or a module of Python's."""
    return isinstance(x, type | ModuleType)


def walked(x: Any, known: set[str]) -> bool:
    """Whether to look into an object: a container, a function, a module, or one of the user's classes."""
    if isinstance(x, dict | list | deque | set | tuple | FunctionType | nn.Module) or named(x):
        return True
    return type(x).__module__ in known or type(x) is SimpleNamespace or isinstance(x, torch.jit.ScriptModule)


def contents(x: Any) -> Any:
    """What an object holds, in a container of its own; None for what holds nothing that may change."""
    if isinstance(x, dict | OrderedDict):
        return dict(x)
    if isinstance(x, list | deque):
        return list(x)
    if isinstance(x, set):
        return set(x)
    if isinstance(x, tuple):
        return x or None
    if isinstance(x, Tensor):
        return None
    if isinstance(x, FunctionType):
        return x.__closure__
    if isinstance(x, ModuleType | type) or hasattr(x, "__dict__"):
        return dict(vars(x)) or None
    return None


def parts(x: Any, before: Any) -> Iterable[Any]:
    """Where to look next: not into other classes and modules, which are roots or somebody else's."""
    values: Iterable[Any] = before.values() if isinstance(before, dict) else before
    if isinstance(x, FunctionType):
        values = [cell.cell_contents for cell in before if filled_cell(cell)]
    return [
        value
        for value in values
        if not isinstance(value, str | bytes | int | float | ModuleType | type | Tensor | None)
        and value is not vars(builtins)
    ]


def filled_cell(cell: Any) -> bool:
    """Whether a variable of a closure has a value."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def put_back(x: Any, before: Any) -> None:
    """Give an object the contents that it had."""
    if isinstance(x, tuple | FunctionType):
        return
    if isinstance(x, list | deque):
        if len(x) != len(before) or any(a is not b for a, b in zip(x, before, strict=True)):
            x.clear()
            x.extend(before)
    elif isinstance(x, set):
        if x != before:
            x.clear()
            x.update(before)
    elif isinstance(x, dict):
        if not same(x, before):
            x.clear()
            x.update(before)
    elif isinstance(x, type):
        for name in [name for name in vars(x) if name not in before]:
            type.__delattr__(x, name)
        for name, value in before.items():
            if vars(x).get(name, before) is not value:
                type.__setattr__(x, name, value)
    elif not same(vars(x), before):
        vars(x).clear()
        vars(x).update(before)


def same(now: Any, before: dict[Any, Any]) -> bool:
    """Whether a dictionary holds what it held."""
    return len(now) == len(before) and all(
        a is b and now[a] is before[b] for a, b in zip(now, before, strict=True)
    )
