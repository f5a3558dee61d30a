"""Where the Python that some modules are written in keeps what outlives a forward: classes and globals."""

import functools
import sys
from collections.abc import Iterable
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from torch import Tensor, nn

__all__ = ["foreign", "namespaces"]

FOREIGN = sys.stdlib_module_names | {"torch", "numpy", "archlens", "builtins", "__future__"}
"""Packages whose globals no module of the user's changes."""

NAMESPACES = 100
"""Modules of Python's whose globals are looked at, at most."""


def namespaces(modules: Iterable[nn.Module]) -> tuple[list[Any], list[Any], set[str]]:
    """The classes and the modules of Python's that a forward of some modules may write into: those that the
    modules are written in, and those that these use. Then the names that are used of them.
    """
    modules = [*modules]
    spaces = own_spaces(modules)
    names, further = used_names(spaces, modules)
    own = {*spaces}
    return spaces, [space for space in further if space not in own], names


def foreign(name: str) -> bool:
    """Whether a module of Python's, by its name, is none of the user's."""
    return name.partition(".")[0] in FOREIGN


def own_spaces(modules: Iterable[nn.Module]) -> list[Any]:
    """The classes of some modules, and the Python modules in which these and their functions are written."""
    waiting: list[Any] = list(dict.fromkeys(type(module) for module in modules))
    classes: dict[type, None] = {}
    spaces: dict[str, ModuleType] = {}
    while waiting and len(spaces) < NAMESPACES:
        for each in waiting.pop().__mro__:
            if foreign(each.__module__) or each in classes:
                continue
            classes[each] = None
            add_space(each.__module__, spaces, waiting)
    return [*classes, *spaces.values()]


def add_space(name: str, spaces: dict[str, ModuleType], waiting: list[Any]) -> None:
    """Add a Python module by its name, and those that its functions are imported from."""
    space = sys.modules.get(name)
    if name in spaces or space is None or len(spaces) >= NAMESPACES or foreign(name):
        return
    spaces[name] = space
    for value in [*vars(space).values()]:
        if isinstance(value, FunctionType) and value.__module__ != name:
            add_space(value.__module__ or "", spaces, waiting)
        elif isinstance(value, type) and value.__module__ == name and issubclass(value, nn.Module):
            waiting.append(value)


def used_names(spaces: Iterable[Any], modules: Iterable[nn.Module]) -> tuple[set[str], list[Any]]:
    """The names that the methods and hooks of some modules use, and the functions under these in turn; and
    the classes and modules of Python's that these lead to.
    """
    waiting = [space for space in spaces if isinstance(space, type)]
    for module in modules:
        attributes = vars(module).items()
        waiting += [x for name, x in attributes if type(x) not in PLAIN and name not in OWN and holds(x)]
    names: set[str] = set()
    further: dict[Any, None] = {}
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, LEAVES) or id(value) in seen:
            continue
        seen.add(id(value))
        if not isinstance(value, FunctionType):
            if isinstance(value, type):
                further.update(dict.fromkeys(classes_of(value)))
            waiting.extend(within(value))
            continue
        waiting += [*map(held, value.__closure__ or ()), getattr(value, "__wrapped__", None)]
        space = value.__globals__
        if foreign(own := space.get("__name__") or ""):
            continue
        if own in sys.modules and vars(sys.modules[own]) is space:
            further[sys.modules[own]] = None
        used = names_of(value.__code__)
        names |= used
        found = [space[name] for name in used if name in space]
        for module in [each for each in found if isinstance(each, ModuleType)]:
            if not foreign(module.__name__):
                further[module] = None
                found += [inner for name, inner in vars(module).items() if name in used]
        waiting += found
    return names, [*further]


def classes_of(cls: type) -> list[type]:
    """A class of the user's, those that it derives from, and the class that it is an object of itself."""
    return [each for each in (*cls.__mro__, *type(cls).mro(type(cls))) if not foreign(each.__module__)]


def names_of(code: CodeType) -> set[str]:
    """The names that a piece of code uses, and the functions that are defined inside of it."""
    inner = [names_of(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*inner)


def holds(value: Any) -> bool:
    """Whether a value can be called, or may hold something that can."""
    if isinstance(value, list | tuple):
        return any(type(part) not in PLAIN for part in value)
    return len(value) > 0 if isinstance(value, dict) else isinstance(value, CALLED)


def within(value: Any) -> list[Any]:
    """The functions inside a value: methods of a class, parts of a container, what a decorator wraps."""
    if isinstance(value, type):
        return [inner for each in classes_of(value) for inner in vars(each).values()]
    if isinstance(value, dict | list | tuple):
        parts = [*dict.values(value)] if isinstance(value, dict) else [*value]
        return [part for part in parts[:MANY] if isinstance(part, CALLED)]
    return [getattr(value, name, None) for name in INNER]


OWN = frozenset({"_parameters", "_buffers", "_modules"})
"""Attributes of modules that hold no functions."""

PLAIN = frozenset({bool, int, float, str, type(None)})
"""Types of values that hold nothing."""

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
