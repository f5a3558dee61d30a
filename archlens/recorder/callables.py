"""Copies of functions with what their closures hold, and of bound methods."""

import functools
import types
from typing import Any

from archlens.recorder.copying import Copy

__all__ = ["builtin", "cached", "cell_of", "function", "method", "partial"]


def function(copy: Copy, x: Any) -> Any:
    """A function: itself, unless it has a closure, defaults or attributes; those are copied."""
    original = getattr(x, "_torchdynamo_orig_callable", None)
    if original is not None:
        return copy.note(x, copy.copied(original))  # what `torch.compile` wraps
    if not (x.__closure__ or x.__defaults__ or x.__kwdefaults__ or x.__dict__):
        return x
    empty = [cell for cell in x.__closure__ or () if id(cell) not in copy.memo]
    cells = [copy.memo.get(id(cell)) or copy.note(cell, types.CellType()) for cell in x.__closure__ or ()]
    made = types.FunctionType(x.__code__, x.__globals__, x.__name__, None, tuple(cells) or None)
    copy.note(x, made)
    for cell in empty:  # after the function, which may stand in its own closure
        fill_cell(copy, cell)
    made.__defaults__ = copy.copied(x.__defaults__)
    made.__kwdefaults__ = copy.copied(x.__kwdefaults__)
    made.__qualname__, made.__module__, made.__doc__ = x.__qualname__, x.__module__, x.__doc__
    made.__dict__.update({name: copy.copied(value) for name, value in x.__dict__.items()})
    return made


def fill_cell(copy: Copy, cell: Any) -> None:
    """Give the copy of a variable that functions share what the original holds, if it holds anything."""
    try:
        content = cell.cell_contents
    except ValueError:
        return
    copy.memo[id(cell)].cell_contents = copy.copied(content)


def cell_of(copy: Copy, cell: Any) -> Any:
    """The copy of a variable that functions share."""
    made = copy.note(cell, types.CellType())
    fill_cell(copy, cell)
    return made


def method(copy: Copy, x: Any) -> Any:
    """A bound method, bound to the copy."""
    owner = copy.copied(x.__self__)
    inherited = getattr(type(x.__self__), getattr(x.__func__, "__name__", ""), None) is x.__func__
    made = x.__func__ if inherited else copy.copied(x.__func__)
    return x if owner is x.__self__ and made is x.__func__ else copy.note(x, types.MethodType(made, owner))


def builtin(copy: Copy, x: Any) -> Any:
    """A function of C's, or the method of a container, such as the `append` of a list that is a hook."""
    owner = x.__self__
    if owner is None or isinstance(owner, types.ModuleType | type):
        return x
    made = copy.copied(owner)
    return x if made is owner else copy.note(x, getattr(made, x.__name__))


def partial(copy: Copy, x: Any) -> Any:
    """A function with some of its arguments."""
    made = type(x)(copy.copied(x.func), *map(copy.copied, x.args), **copy.copied(x.keywords))
    return copy.note(x, made)


def cached(copy: Copy, x: Any) -> Any:
    """A function that remembers its results: one that remembers nothing yet."""
    return copy.note(x, functools.lru_cache(**x.cache_parameters())(copy.copied(x.__wrapped__)))
