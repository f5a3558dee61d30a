"""The module and the random numbers, as they were before."""

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["preserved", "random_state_kept"]

KEPT = ("_parameters", "_buffers", "_modules")


@contextmanager
def preserved(modules: Iterable[nn.Module], *, contents: bool) -> Iterator[None]:
    """Put modules back as they were, whatever happens: attributes, parameters, buffers, children, mode.

    contents  also the elements of the buffers, which a real run may change
    """
    before = [(module, dict(module.__dict__), tables(module)) for module in modules]
    buffers: list[tuple[Tensor, Tensor]] = []
    if contents:
        held = {id(x): x for module, *_ in before for x in module._buffers.values() if x is not None}
        buffers = [(x, x.detach().clone()) for x in held.values()]
    try:
        yield
    finally:
        for module, attributes, copies in before:
            module.__dict__.clear()
            module.__dict__.update(attributes)
            for table, content in copies:
                table.clear()
                table.update(content)
        with torch.no_grad():
            for x, elements in buffers:
                x.copy_(elements)


def tables(module: nn.Module) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """A module's parameters, buffers and children, each with a copy; scripted modules keep theirs."""
    own = (module.__dict__.get(name) for name in KEPT)
    return [(table, dict(table)) for table in own if isinstance(table, dict)]


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
