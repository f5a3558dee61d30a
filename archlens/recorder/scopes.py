"""Which module is running: every module's `forward`, wrapped for the time of a recording."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn
from torch._C._functorch import peek_interpreter_stack

from archlens.recorder.arguments import tensors_in
from archlens.recorder.folds import fold_for, folded
from archlens.recorder.mode import Recorder
from archlens.recorder.naming import path
from archlens.recorder.whole import choosing

__all__ = ["paths_of", "scoped"]

COMPILED = "_orig_mod"
"""What `torch.compile` calls the module that it wraps: its own path is the wrapper's."""


def paths_of(module: nn.Module) -> dict[nn.Module, list[str]]:
    """Every module below one, with all the paths that lead to it."""
    found: dict[nn.Module, list[str]] = {}
    for name, child in module.named_modules(remove_duplicate=False):
        if COMPILED in name:
            name = ".".join(part for part in name.split(".") if part != COMPILED)
        found.setdefault(child, []).append(path(name) if name else "")
    return found


@contextmanager
def scoped(recorder: Recorder, paths: dict[nn.Module, list[str]]) -> Iterator[None]:
    """While this lasts, the recorder's tape knows the path of the module that is running.

    The wrappers are attributes of the modules: whoever puts the modules back as they were, as
    `preserved` does, takes them away.
    """
    for module, names in paths.items():
        module.__dict__["forward"] = wrapped(recorder, module, names, module.forward)
    yield


def wrapped(
    recorder: Recorder, module: nn.Module, names: list[str], forward: Callable[..., Any]
) -> Callable[..., Any]:
    """A module's forward that tells the tape when it begins and ends."""
    tape = recorder.tape
    fold = fold_for(module)
    forward = choosing(module, forward)
    only = names[0] if len(names) == 1 else None

    def run(*args: Any, **kwargs: Any) -> Any:
        outer = tape.scope
        tape.scope = nearest(names, outer) if only is None else only
        try:
            if fold is None or transformed():
                return forward(*args, **kwargs)
            for x in tensors_in((args, kwargs)):
                tape.position(recorder.value(x))  # so that it is no part of what is folded
            start = len(tape.entries)
            return folded(recorder, fold, module, start, forward(*args, **kwargs))
        except Exception:
            tape.failed = tape.failed or tape.scope
            raise
        finally:
            tape.scope = outer

    return run


def transformed() -> bool:
    """Whether this runs inside of `torch.vmap` or the like, where tensors stand for recorded ones."""
    return peek_interpreter_stack() is not None


def nearest(names: list[str], scope: str) -> str:
    """Of a module's paths, the one below the module that called it."""
    prefix = f"{scope}." if scope else ""
    return next((name for name in names if name.startswith(prefix)), names[0])
