"""Which module is running: the `forward` of every module of a copy, wrapped."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn
from torch._C._functorch import peek_interpreter_stack

from archlens.recorder.arguments import tensors_in
from archlens.recorder.mode import Owned, Recorder
from archlens.recorder.naming import path
from archlens.recorder.own_modules import recognised, recogniser_for
from archlens.recorder.whole import choosing
from archlens.recorder.wrappers import main_tensor

__all__ = ["owned", "paths_of", "scoped"]

COMPILED = "_orig_mod"
"""What `torch.compile` calls the module that it wraps: its own path is the wrapper's."""

WRAPPERS = ("forward", "__getstate__")
"""What a wrapped module has among its attributes."""


def paths_of(module: nn.Module) -> dict[nn.Module, list[str]]:
    """Every module below one, with all the paths that lead to it."""
    found: dict[nn.Module, list[str]] = {}
    add_paths(module, "", set(), found)
    return found


def add_paths(module: nn.Module, name: str, above: set[int], found: dict[nn.Module, list[str]]) -> None:
    """Add every module below one, as often as it is there; one that holds a module above it ends there."""
    found.setdefault(module, []).append(name)
    above.add(id(module))
    for part, child in module._modules.items():
        if child is not None and id(child) not in above:
            part = "" if part == COMPILED else path(part)
            add_paths(child, f"{name}.{part}" if name and part else name or part, above, found)
    above.discard(id(module))


def owned(paths: Mapping[nn.Module, Sequence[str]]) -> dict[int, Owned]:
    """Every parameter and buffer by its id, with the path of the first module that has it and its name."""
    found: dict[int, Owned] = {}
    for module, (scope, *_) in paths.items():
        for table, learnt in ((module._parameters, True), (module._buffers, False)):
            for name, x in table.items():
                if x is not None:
                    found.setdefault(id(main_tensor(x)), (x, scope, name, learnt))
    return found


def scoped(recorder: Recorder, paths: Mapping[nn.Module, list[str]]) -> None:
    """Have the recorder's tape know the path of the module that is running.

    The wrappers are attributes of the modules, which are copies. Where a forward copies such a module in
    its turn, that copy has none: it would run the module that it is a copy of.
    """
    for module, names in paths.items():
        forward = module.__dict__.get("forward", None) or getattr(module, "forward", None)
        if forward is None:  # a list of modules that TorchScript compiled
            continue
        if (plain := getattr(forward, "recorded_forward", None)) is not None:
            forward = plain  # of an earlier pass
        else:
            module.__dict__["__getstate__"] = unwrapped_state(module)
        module.__dict__["forward"] = wrapped(recorder, module, names, forward)


def unwrapped_state(module: nn.Module) -> Callable[[], Any]:
    """The attributes of a module without the wrappers of a recording, for who copies or pickles it."""
    own: Callable[[], Any] = module.__getstate__
    before = {name: module.__dict__[name] for name in WRAPPERS if name in module.__dict__}

    def state() -> Any:
        found = own()
        if isinstance(found, dict):
            found = {name: value for name, value in found.items() if name not in WRAPPERS}
            found |= before
        return found

    return state


def wrapped(
    recorder: Recorder, module: nn.Module, names: list[str], forward: Callable[..., Any]
) -> Callable[..., Any]:
    """The forward of a module, which tells the tape when it begins and when it ends."""
    tape = recorder.tape
    recogniser = recogniser_for(module)
    forward = choosing(module, forward)
    only = names[0] if len(names) == 1 else None

    def run(*args: Any, **kwargs: Any) -> Any:
        outer = tape.scope
        tape.scope = nearest(names, outer) if only is None else only
        try:
            if recogniser is None or transformed():
                return forward(*args, **kwargs)
            for x in tensors_in((args, kwargs)):
                tape.position(
                    recorder.value(main_tensor(x))
                )  # a node of its own, before those that become one
            start = len(tape.entries)
            return recognised(recorder, recogniser, module, start, forward(*args, **kwargs))
        except Exception:
            tape.failed = tape.failed or tape.scope
            raise
        finally:
            tape.scope = outer

    run.recorded_forward = forward  # type: ignore[attr-defined]
    return run


def transformed() -> bool:
    """Whether the code runs inside `torch.vmap` or another transform, whose tensors wrap recorded ones."""
    return peek_interpreter_stack() is not None


def nearest(names: list[str], scope: str) -> str:
    """Of the paths that lead to a shared module, the one below the module that has called it."""
    prefix = f"{scope}." if scope else ""
    return next((name for name in names if name.startswith(prefix)), names[0])
