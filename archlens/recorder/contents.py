"""What containers and objects outside of the copied module hold: remembered before a recording, restored
after it.
"""

import builtins
import threading
import weakref
from collections import ChainMap, OrderedDict, UserDict, UserList, deque
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from archlens.recorder.custom import custom_rules

__all__ = ["contents_kept"]

MOST = 5_000
"""Objects that are remembered at most."""

PLAIN = (int, float, complex, str, bytes, torch.dtype, torch.device, torch.layout)
"""What a forward may note for who watches it; so are tuples of these, such as shapes and strides."""


@contextmanager
def contents_kept(roots: Iterable[Any], names: Container[str] | None = None) -> Iterator[None]:
    """While the block of `with` runs, objects may change; then they and all that they hold are as before.

    names  those that are used of Python's modules among the roots: what other names hold is not looked into
    """
    found = remembered(roots, names)
    try:
        yield
    finally:
        for x, before, watched in found:
            if not watched or holds_tensor(x, before):
                put_back(x, before)


def holds_tensor(x: Any, before: Any) -> bool:
    """Whether an object, or something inside it, holds a tensor of the recording by now."""
    now = contents(x)
    values = now.values() if isinstance(now, dict) else now or ()
    known = {id(value) for value in (before.values() if isinstance(before, dict) else before)}
    return any(isinstance(value, Tensor) and id(value) not in known for value in values)


def remembered(roots: Iterable[Any], names: Container[str] | None) -> list[tuple[Any, Any, bool]]:
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
        before = contents(x) if id(x) in own or looked_into(x, known) else None
        if before is None:
            continue
        found.append((x, before, watched))
        watched = watched or isinstance(x, FunctionType)
        held = before
        if names is not None and isinstance(x, ModuleType):
            held = {name: value for name, value in before.items() if name in names}
        waiting.extend((part, watched) for part in parts(held))
    return found


def named(x: Any) -> bool:
    """Whether it is a class or a Python module, which are looked into only where they are the roots."""
    return isinstance(x, type | ModuleType)


def looked_into(x: Any, known: set[str]) -> bool:
    """Whether the search for contents enters an object: a container, a function, or one of the user's
    classes.
    """
    if isinstance(x, dict | list | deque | set | tuple | FunctionType | nn.Module) or named(x):
        return True
    return type(x).__module__ in known or isinstance(x, KEEPERS)


KEEPERS = (
    SimpleNamespace, threading.local, weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet,
    ChainMap, UserDict, UserList, torch.jit.ScriptModule,
)  # fmt: skip
"""Classes of Python's and of PyTorch's whose objects keep something for others."""


def contents(x: Any) -> Any:
    """What an object holds, in a container of its own; None for what holds nothing that may change.

    Classes derived from containers are not asked: theirs may answer with something else than they hold.
    """
    for base, kind in HELD:
        if isinstance(x, base):
            return kind(base.items(x) if kind is dict else base.__iter__(x))
    if isinstance(x, tuple):
        return x or None
    if isinstance(x, Tensor):
        return None
    if isinstance(x, FunctionType):
        return of_function(x)
    if isinstance(x, ModuleType | type) or hasattr(x, "__dict__"):
        return dict(vars(x))
    return None


def of_function(x: FunctionType) -> dict[Any, Any]:
    """The variables of a function's closure by their numbers, its defaults, and its attributes."""
    cells = {i: cell.cell_contents for i, cell in enumerate(x.__closure__ or ()) if filled_cell(cell)}
    defaults = {name: value for name in DEFAULTS if (value := getattr(x, name)) is not None}
    return {**cells, **defaults, **x.__dict__}


DEFAULTS = ("__defaults__", "__kwdefaults__")


HELD: tuple[tuple[Any, Any], ...] = (
    (OrderedDict, dict),
    (dict, dict),
    (list, list),
    (deque, list),
    (set, set),
)
"""Containers that can change, and what keeps their contents."""


def parts(before: Any) -> Iterable[Any]:
    """What to look into next.

    Other classes and Python modules are left out: they are roots themselves, or not the user's.
    """
    values: Iterable[Any] = before.values() if isinstance(before, dict) else before
    return [
        value
        for value in values
        if not isinstance(value, str | bytes | int | float | ModuleType | type | Tensor | None)
        and value is not vars(builtins)
    ]


def filled_cell(cell: Any) -> bool:
    """Whether a variable that a function keeps in its closure has a value yet."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def put_back(x: Any, before: Any) -> None:
    """Restore what an object held before, and keep what an observer noted in it during the recording."""
    if isinstance(x, tuple):
        return
    if isinstance(x, FunctionType):
        put_function_back(x, before)
        return
    base = next((base for base, _ in HELD if isinstance(x, base)), None)
    if base in (list, deque):
        refilled(x, base, [*before, *appended(x, before)])
    elif base is set:
        if set(set.__iter__(x)) != before:
            set.clear(x)
            set.update(x, before)
    elif base is not None:
        now = contents(x)
        if not same(now, before):
            base.clear(x)
            for key, value in kept(now, before).items():
                base.__setitem__(x, key, value)
    elif isinstance(x, type):
        for name in [name for name in vars(x) if name not in before]:
            type.__delattr__(x, name)
        for name, value in before.items():
            if vars(x).get(name, before) is not value:
                type.__setattr__(x, name, value)
    elif not same(vars(x), before):
        vars(x).clear()
        vars(x).update(before)


def put_function_back(x: FunctionType, before: dict[Any, Any]) -> None:
    """Restore the variables that a function has assigned to, and its attributes."""
    for i, cell in enumerate(x.__closure__ or ()):
        if filled_cell(cell) and cell.cell_contents is not before.get(i):
            cell.cell_contents = before.get(i)
    attributes = {
        name: value for name, value in before.items() if isinstance(name, str) and name not in DEFAULTS
    }
    if not same(vars(x), attributes):
        vars(x).clear()
        vars(x).update(attributes)


def refilled(x: Any, base: Any, parts: list[Any]) -> None:
    """Make a list or a deque hold exactly these parts."""
    now = [*base.__iter__(x)]
    if len(now) != len(parts) or any(a is not b for a, b in zip(now, parts, strict=True)):
        base.clear(x)
        base.extend(x, parts)


def appended(x: Any, before: list[Any]) -> list[Any]:
    """What an observer appended to a list during the recording."""
    now = contents(x)
    if len(now) <= len(before) or any(a is not b for a, b in zip(now, before, strict=False)):
        return []
    since = now[len(before) :]
    return since if all(noted(value) for value in since) else []


def kept(now: dict[Any, Any], before: dict[Any, Any]) -> dict[Any, Any]:
    """What a dictionary held before, with what an observer noted in it: new keys, and new tuples under old
    keys.
    """
    since = {
        key: value
        for key, value in now.items()
        if noted(value) and (key not in before or (isinstance(value, tuple) and noted(before[key])))
    }
    return before | since


def noted(value: Any) -> bool:
    """Whether a value looks like a note of an observer: a number, a word, a shape. A flag is state, and is
    not.
    """
    if isinstance(value, tuple | list):
        return all(isinstance(part, bool) or noted(part) for part in value)
    return isinstance(value, PLAIN) and not isinstance(value, bool)


def same(now: dict[Any, Any], before: dict[Any, Any]) -> bool:
    """Whether a dictionary holds the same as before."""
    return len(now) == len(before) and all(
        a is b and now[a] is before[b] for a, b in zip(now, before, strict=True)
    )
