"""Copies of containers, and of the attributes of objects."""

from collections import defaultdict, deque
from types import MappingProxyType
from typing import Any

from torch import nn

from archlens.recorder.copying import ATOMIC, Copy

__all__ = ["fill", "fixed", "mapping", "proxy", "queue", "sequence", "unordered"]

OWN = {name: type(value) for name, value in nn.Module().__dict__.items() if isinstance(value, dict | set)}
"""Attributes of every module that hold its parts and its hooks, each in a container of its own, which is
empty as a rule."""


def fill(copy: Copy, state: dict[str, Any], made: Any) -> None:
    """Copy the attributes of the original onto its copy."""
    attributes = made.__dict__
    copied, atomic = copy.copied, ATOMIC
    for name, value in [*state.items()]:
        cls = type(value)
        if cls in atomic:
            attributes[name] = value
        elif OWN.get(name) is cls and not value:
            attributes[name] = cls()
        elif cls is tuple and atomic.issuperset(map(type, value)):
            attributes[name] = value
        else:
            attributes[name] = copied(value)


def mapping(copy: Copy, x: Any, base: Any = dict) -> Any:
    """Copy a dictionary, with all of its keys and values."""
    made = copy.note(x, base.__new__(type(x)))
    if base is defaultdict:
        defaultdict.__init__(made, copy.copied(x.default_factory))
    copied, atomic = copy.copied, ATOMIC
    for key, value in [*base.items(x)]:
        key = key if type(key) in atomic else copied(key)
        base.__setitem__(made, key, value if type(value) in atomic else copied(value))
    attributes(copy, x, made)
    return made


def sequence(copy: Copy, x: Any) -> Any:
    """Copy a list and all that is in it."""
    made = copy.note(x, list.__new__(type(x)))
    copied, atomic = copy.copied, ATOMIC
    list.extend(made, [value if type(value) in atomic else copied(value) for value in list.__iter__(x)])
    attributes(copy, x, made)
    return made


def fixed(copy: Copy, x: Any) -> Any:
    """Copy a tuple or a frozen set; where none of its parts has a copy of its own, it is shared as it is."""
    base: Any = tuple if isinstance(x, tuple) else frozenset
    parts = [*base.__iter__(x)]
    found = [copy.copied(part) for part in parts]
    if id(x) in copy.memo:  # one of the parts led back to it
        return copy.memo[id(x)]
    if all(a is b for a, b in zip(found, parts, strict=True)):
        return copy.note(x, x)
    made = copy.note(x, base.__new__(type(x), found))
    attributes(copy, x, made)
    return made


def unordered(copy: Copy, x: Any) -> Any:
    """Copy a set and all that is in it."""
    made = copy.note(x, set.__new__(type(x)))
    set.update(made, [copy.copied(part) for part in set.__iter__(x)])
    attributes(copy, x, made)
    return made


def queue(copy: Copy, x: Any) -> Any:
    """Copy a deque and all that is in it."""
    made = copy.note(x, deque.__new__(type(x)))
    deque.__init__(made, [], x.maxlen)
    deque.extend(made, [copy.copied(part) for part in deque.__iter__(x)])
    attributes(copy, x, made)
    return made


def attributes(copy: Copy, x: Any, made: Any) -> None:
    """The attributes that an object has beside its parts, where its class derives from a container."""
    if made is not x and getattr(x, "__dict__", None):
        fill(copy, x.__dict__, made)


def proxy(copy: Copy, x: Any) -> Any:
    """Copy a mapping that can only be read, such as `type.__dict__`."""
    return copy.note(x, MappingProxyType({key: copy.copied(value) for key, value in x.items()}))
