"""The road from a module to its graph: a pass on shapes, else a real run, each on a copy."""

import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, replace
from pathlib import Path
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

from torch import nn

import archlens.recorder.rules  # fills the table
from archlens.recorder.arguments import tensors_of
from archlens.recorder.call import recorded_call
from archlens.recorder.contents import contents_kept
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError, refusals
from archlens.recorder.inputs import given
from archlens.recorder.lazy import first_line, runnable, with_shapes
from archlens.recorder.mode import Recorder
from archlens.recorder.running import COMPILING, slow_paths, threads_joining, uncompiled
from archlens.recorder.scopes import owned, paths_of, scoped
from archlens.recorder.structure import StructuralCopy, deep_calls
from archlens.recorder.surroundings import random_state_kept, surroundings_kept
from archlens.recorder.tensor_type import DTYPES
from archlens.recorder.tensors import NESTED, CopiedTensors, FakeTensors
from archlens.recorder.unread import Unread, unread
from archlens.recorder.whole import Whole

__all__ = ["Subject", "record", "recorded", "runnable"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is recorded: a module, with or without its weights, and what its forward takes.

    model   what the graph is called, and errors begin with
    module  as it can be had at the least expense: large weights may have no elements
    full    gives the module with all its weights, or None where there are none to be had
    inputs, named  by position and by name; tensors stand for their shapes
    """

    model: str
    module: nn.Module
    full: Callable[[], nn.Module | None]
    inputs: Sequence[Any]
    named: Mapping[str, Any]


class Refused(Exception):  # noqa: N818  # never leaves this file
    """A pass on shapes that did not come to its end, though a real run might.

    needed  whether a tensor was asked for its elements; else something was raised
    place   the path of the module that was running, and the line of its forward
    graph   what came of it all the same, as the module caught what was raised
    """

    def __init__(
        self, reason: str, scope: str, line: str, *, needed: bool, graph: Graph | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.scope, self.line, self.needed, self.graph = reason, scope, line, needed, graph

    def error(self, model: str) -> RecordError:
        """The error to raise where there are no weights, so that a real run is not possible."""
        if not self.needed:
            return RecordError(f"{place(model, self.scope, self.line)}: {self.reason}")
        where = f" in {self.line}" if self.line else ""
        return RecordError(
            f"{model}: {self.reason}{where}, and the weights are not there: make the module on the CPU"
        )


def record(module: nn.Module, inputs: Sequence[Any], named: Mapping[str, Any], *, model: str = "") -> Graph:
    """The graph of one forward pass: see `archlens.record`.

    model  what the graph is called; the module's class unless given
    """
    model = model or type(module).__name__
    module = getattr(module, "_orig_mod", module)  # what torch.compile wraps
    return recorded(Subject(model, module, lambda: module if runnable(module) else None, inputs, named))


def recorded(subject: Subject) -> Graph:
    """The graph of a subject, from a pass on shapes or, where that is refused, from a real run.

    Whatever goes wrong is a RecordError of one line, or another ArchlensError.
    """
    try:
        return copy_context().run(attempts, subject)  # so that context variables stay as they are
    except ArchlensError:
        raise
    except Exception as error:
        raise RecordError(f"{subject.model}: {type(error).__name__}: {first_line(error)}") from error


def attempts(subject: Subject) -> Graph:
    """Try every way to the graph in its order.

    First a pass on shapes alone; the same again, if what compiles was imported by it; then a real run, if
    there are weights.
    """
    before = COMPILING & sys.modules.keys()
    try:
        try:
            return passed(subject, subject.module, real=False)
        except (RecordError, Refused):
            if before == COMPILING & sys.modules.keys():
                raise
        return passed(subject, subject.module, real=False)
    except Refused as refused:
        refusal = refused
    with random_state_kept():
        module = subject.full()
    if module is None and refusal.graph is not None:
        warn(
            f"{subject.model}: {refusal.reason}, and a forward goes on without them: it may take another way",
            stacklevel=5,
        )
        return refusal.graph
    if module is None:
        raise refusal.error(subject.model) from refusal.__cause__
    try:
        graph = passed(subject, module, real=True)
    except Refused as refused:
        raise RecordError(
            f"{place(subject.model, refused.scope, refused.line)}: {refused.reason}"
        ) from refused.__cause__
    why = refusal.reason if refusal.needed else f"shapes alone were not enough ({refusal.reason})"
    warn(f"{subject.model}: {why}, so it was run in earnest", stacklevel=5)
    return graph


def passed(subject: Subject, module: nn.Module, *, real: bool) -> Graph:
    """Run a copy of the module once, and make the graph.

    What the rules of operators refuse is a RecordError; whatever else goes wrong is Refused, which a real run
    may mend.

    A module that makes parameters on its first call is passed twice: the graph is that of the second.
    """
    model = subject.model
    try:
        module = with_shapes(module, subject.inputs, subject.named, model)
    except ValuesNeededError as error:
        raise Refused(str(error), "", "", needed=True) from error
    modules = [*module.modules()]
    scripts = [each for each in modules if isinstance(each, torch.jit.ScriptModule)]
    tensors = CopiedTensors() if real else FakeTensors()
    copy = StructuralCopy(tensors)
    with ExitStack() as stack:
        stack.enter_context(surroundings_kept(modules))
        stack.enter_context(contents_kept(scripts))
        stack.callback(copy.close)
        first = Recorder({}, tensors.made, recorded_call, real=real)
        with deep_calls(), torch.no_grad():
            arguments, keywords = given(module, subject.inputs, subject.named, first, copy, tensors)
            copied: nn.Module = copy.copied(module)
        stack.enter_context(contents_kept(copy.shared))
        adopt(first, copied, tensors)
        first.copies_of = copy.memo
        before = {id(x) for x, _, _, learnt in first.owned.values() if learnt}
        graph = one_pass(first, copied, arguments, keywords, model)
        if before.issuperset(map(id, copied.parameters())):
            return graph
        second = Recorder({}, tensors.made, recorded_call, real=real)
        again = StructuralCopy(tensors)
        with deep_calls(), torch.no_grad():
            arguments, keywords = given(module, subject.inputs, subject.named, second, again, tensors)
        adopt(second, copied, tensors)
        return one_pass(second, copied, arguments, keywords, model)


def adopt(recorder: Recorder, module: nn.Module, tensors: CopiedTensors) -> None:
    """Tell a recorder which parameters and buffers the copy has, and have its modules tell when they run."""
    paths = paths_of(module)
    recorder.owned = owned(paths)
    scoped(recorder, paths)
    for x, *_ in recorder.owned.values():
        if type(x) is FakeTensor:
            x.tape, x.value = recorder.tape, None
    for x in tensors.kept:
        if type(x) is FakeTensor and x.value is None:
            x.tape = recorder.tape


def one_pass(
    recorder: Recorder, module: nn.Module, arguments: Sequence[Any], keywords: Mapping[str, Any], model: str
) -> Graph:
    """Run the forward of a copy once, and make the graph of what ran."""
    tape = recorder.tape
    with ExitStack() as stack:
        refused = stack.enter_context(refusals())
        stack.callback(recorder.restore)
        stack.enter_context(torch.no_grad())
        stack.enter_context(uncompiled())
        stack.enter_context(slow_paths() if recorder.real else nullcontext())
        stack.enter_context(threads_joining(recorder))
        stack.enter_context(recorder)
        stack.enter_context(Whole())
        try:
            output = module(*arguments, **keywords)
        except ValuesNeededError as error:
            raise Refused(str(error), tape.failed, line_of(error), needed=True) from error
        except ArchlensError as error:
            raise RecordError(f"{place(model, tape.failed)}: {first_line(error)}") from error
        except Exception as error:
            said = NESTED if "NestedTensor" in str(error) else f"{type(error).__name__}: {first_line(error)}"
            raise Refused(said, tape.failed, line_of(error), needed=False) from error
        finally:
            tape.record = None
    found = [tape.position(recorder.value(x)) for x in tensors_of(output)]
    if not found:
        raise RecordError(f"{model}: what its forward gives back holds no tensor")
    left = left_over(recorder)
    graph = replace(
        tape.graph(model, tuple(dict.fromkeys(found))),
        unread=left.elements,
        unread_places=left.places,
        dtype=dtype_of(recorder),
    )
    if graph.inputs and not depends(graph):
        warn(
            f"{model}: as far as PyTorch sees, what comes out does not depend on what goes in: work that is "
            "done outside of it is not counted",
            stacklevel=7,
        )
    if refused:
        raise Refused(refused[0], "", "", needed=True, graph=graph)
    return graph


def left_over(recorder: Recorder) -> Unread:
    """The module's weights that no operator has read: a graph has no node to count them at."""
    read = {(each.parameter.scope, each.parameter.name) for e in recorder.tape.entries for each in e.weights}
    return unread(recorder.owned.values(), read)


def dtype_of(recorder: Recorder) -> str:
    """The type of the module's first weight that holds real numbers; "" for float32 and for unusual types."""
    weights = (x for x, _, _, learnt in recorder.owned.values() if learnt and x.dtype.is_floating_point)
    dtype = str(next((x.dtype for x in weights), "")).removeprefix("torch.")
    return dtype if dtype in DTYPES and dtype != "float32" else ""


def depends(graph: Graph) -> bool:
    """Whether at least one output is computed from at least one input."""
    reached = set(graph.inputs)
    for position, node in enumerate(graph.nodes):
        if not reached.isdisjoint(node.inputs):
            reached.add(position)
    return not reached.isdisjoint(graph.outputs)


PACKAGES = tuple(str(Path(str(package.__file__)).parent) for package in (torch, archlens))


def line_of(error: BaseException) -> str:
    """The last line outside of PyTorch and of archlens that led to an exception: `nets.py:12`."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith((*PACKAGES, "<")):
            return f"{Path(frame.filename).name}:{frame.lineno}"
    return ""


def place(model: str, scope: str, line: str = "") -> str:
    """Where something went wrong: the path of the module, and the line of the user's code."""
    return ": ".join(part for part in (model, scope, line) if part)
