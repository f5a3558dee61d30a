"""Copies of weak references, and of containers of them: they refer to the copies."""

import weakref
from typing import Any

from archlens.recorder.copying import Copy, Handler

__all__ = ["WEAK"]


def reference(copy: Copy, x: Any) -> Any:
    """A weak reference, to the copy."""
    target = x()
    made = None if target is None else copy.copied(target)
    if made is target:
        return x
    return copy.note(x, weakref.ref(made))


def method_reference(copy: Copy, x: Any) -> Any:
    """A weak reference to a bound method, bound to the copy."""
    target = x()
    return x if target is None else copy.note(x, weakref.WeakMethod(copy.copied(target)))


def proxy(copy: Copy, x: Any) -> Any:
    """A weak reference that can be used as what it refers to."""
    try:
        target = x.__repr__.__self__
    except ReferenceError:
        return x
    return copy.note(x, weakref.proxy(copy.copied(target)))


def mapping(copy: Copy, x: Any) -> Any:
    """A dictionary with weak references to its keys or to its values."""
    made = copy.note(x, type(x)())
    for key, value in [*x.items()]:
        made[copy.copied(key)] = copy.copied(value)
    return made


def unordered(copy: Copy, x: Any) -> Any:
    """A set of weak references."""
    made = copy.note(x, type(x)())
    made.update(copy.copied(part) for part in [*x])
    return made


def finalizer(copy: Copy, x: Any) -> Any:
    """What is to be done when an object dies, of which the copy is none: it is shared."""
    return x


WEAK: dict[type, Handler] = {
    weakref.ReferenceType: reference,
    weakref.WeakMethod: method_reference,
    weakref.ProxyType: proxy,
    weakref.CallableProxyType: proxy,
    weakref.WeakKeyDictionary: mapping,
    weakref.WeakValueDictionary: mapping,
    weakref.WeakSet: unordered,
    weakref.finalize: finalizer,
}
"""How objects of these classes are copied."""
