"""What a recording leaves as it was though no copy can hold it: generators, caches, globals, classes."""

import functools
import random
import sys
from collections.abc import Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn

from archlens.recorder.contents import contents_kept
from archlens.recorder.namespaces import namespaces
from archlens.recorder.settings import settings_kept

__all__ = ["random_state_kept", "surroundings_kept"]

CACHED = type(functools.lru_cache(len))


@contextmanager
def surroundings_kept(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Put back what a forward of these modules may change outside of them, whatever happens.

    That is the state of the generators of random numbers, PyTorch's settings, and the globals and class
    attributes of the Python that the modules are written in.
    """
    with ExitStack() as stack:
        stack.enter_context(random_state_kept())
        stack.enter_context(settings_kept())
        own, further, names = namespaces(modules)
        stack.enter_context(contents_kept(further, names))
        stack.enter_context(contents_kept(own, names))
        stack.enter_context(caches_kept([*own, *further], names))
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
def caches_kept(spaces: Iterable[Any], names: Set[str]) -> Iterator[None]:
    """While the block of `with` runs, functions under `functools.cache` remember nothing of the recording."""
    replaced = []
    for space in spaces:
        for name in vars(space).keys() & names:
            value = vars(space)[name]
            if (blank := emptied(value)) is not None:
                setattr(space, name, blank)
                replaced.append((space, name, value))
    try:
        yield
    finally:
        for space, name, value in replaced:
            setattr(space, name, value)


def emptied(value: Any) -> Any:
    """The same function without what it remembers; None for what is not under `functools.cache`."""
    if isinstance(value, staticmethod | classmethod) and type(value.__func__) is CACHED:
        return type(value)(emptied(value.__func__))
    if type(value) is not CACHED:
        return None
    return functools.lru_cache(**value.cache_parameters())(value.__wrapped__)
