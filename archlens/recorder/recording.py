"""One forward pass of a module, recorded as a graph."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any
from warnings import warn

from archlens.errors import ArchlensError, MissingDependencyError, RecordError
from archlens.graph import Graph

try:
    import torch
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    raise MissingDependencyError("recording a module needs PyTorch", extra="torch") from error

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

import archlens.recorder.rules  # noqa: F401  # fills the table
from archlens.recorder.arguments import given, tensors_of
from archlens.recorder.ghost import ValuesNeededError
from archlens.recorder.lazy import first_line, runnable, with_shapes
from archlens.recorder.mode import Recorder
from archlens.recorder.preserved import preserved, random_state_kept
from archlens.recorder.scopes import paths_of, scoped
from archlens.recorder.whole import Whole

__all__ = ["attempt", "record", "runnable"]

COMPILING = {"torch._dynamo", "torch.nn.attention.flex_attention"}
"""What is imported where something might be compiled."""


def record(module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], *, model: str = "") -> Graph:
    """The graph of one forward pass: see `archlens.record`.

    inputs, named  what `forward` takes, by position and by name; tensors stand for their shapes
    model          what the graph is called; the module's class unless given
    """
    model = model or type(module).__name__
    module = getattr(module, "_orig_mod", module)  # what torch.compile wraps
    try:
        return attempt(module, inputs, named, model, real=False)
    except ValuesNeededError as error:
        if not runnable(module):
            raise RecordError(
                f"{model}: {error}, and the weights are not there: make the module on the CPU"
            ) from error
        warn(f"{model}: {error}, so it was run in earnest", stacklevel=3)
    return attempt(module, inputs, named, model, real=True)


def attempt(
    module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], model: str, *, real: bool
) -> Graph:
    """One pass, on shapes alone or in earnest; another, where the first imported what compiles on its way."""
    before = COMPILING & sys.modules.keys()
    try:
        return passed(module, inputs, named, model, real=real)
    except RecordError:
        if before == COMPILING & sys.modules.keys():
            raise
    return passed(module, inputs, named, model, real=real)


def passed(
    module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], model: str, *, real: bool
) -> Graph:
    """One pass. Raises a ValuesNeededError where it needs the elements of tensors that have none."""
    paths = paths_of(module)
    weights = owned(paths)
    if any(is_lazy(x) for x, _, _ in weights.values()):
        module = with_shapes(module, inputs, named, model)
        paths = paths_of(module)
        weights = owned(paths)
    recorder = Recorder(weights, real=real)
    tape = recorder.tape
    with ExitStack() as stack:
        stack.enter_context(random_state_kept())
        stack.enter_context(preserved(paths, contents=real))
        arguments, keywords = given(module, inputs, named, recorder)
        stack.enter_context(torch.no_grad())
        stack.enter_context(uncompiled())
        if real:
            stack.enter_context(slow_paths())
        stack.enter_context(scoped(recorder, paths))
        stack.enter_context(recorder)
        stack.enter_context(Whole())
        try:
            output = module(*arguments, **keywords)
        except ValuesNeededError:
            raise
        except ArchlensError as error:
            raise RecordError(f"{place(model, tape.failed)}: {first_line(error)}") from error
        except Exception as error:
            raise RecordError(
                f"{place(model, tape.failed)}: {type(error).__name__}: {first_line(error)}"
            ) from error
    found = [tape.position(recorder.value(x)) for x in tensors_of(output)]
    if not found:
        raise RecordError(f"{model}: what its forward gives back holds no tensor")
    graph = tape.graph(model, tuple(dict.fromkeys(found)))
    if not depends(graph):
        warn(
            f"{model}: as far as PyTorch sees, what comes out does not depend on what goes in: work that is "
            "done outside of it is not counted",
            stacklevel=3,
        )
    return graph


def depends(graph: Graph) -> bool:
    """Whether some output is computed from some input."""
    reached = set(graph.inputs)
    for position, node in enumerate(graph.nodes):
        if not reached.isdisjoint(node.inputs):
            reached.add(position)
    return not reached.isdisjoint(graph.outputs)


def uncompiled() -> AbstractContextManager[Any]:
    """While this lasts, what `torch.compile` has wrapped runs as it was written.

    That takes what compiles, which takes more than a second to import: only where something might be wrapped.
    """
    if not COMPILING & sys.modules.keys():
        return nullcontext()
    stance: AbstractContextManager[Any] = torch.compiler.set_stance("force_eager")
    return stance


@contextmanager
def slow_paths() -> Iterator[None]:
    """Transformers in single operators: the fused ones work on nested tensors, which have no shape."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


def owned(paths: Mapping[nn.Module, Sequence[str]]) -> dict[int, tuple[Tensor, str, str]]:
    """Every parameter and buffer by its id, with the path of the first module that has it and its name."""
    found: dict[int, tuple[Tensor, str, str]] = {}
    for module, (scope, *_) in paths.items():
        for table in (module._parameters, module._buffers):
            for name, x in table.items():
                if x is not None:
                    found.setdefault(id(x), (x, scope, name))
    return found


def place(model: str, scope: str) -> str:
    """Where something went wrong."""
    return f"{model}: {scope}" if scope else model
