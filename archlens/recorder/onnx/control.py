"""Operators that hold graphs: If takes one of two, Loop and Scan run one over and over."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy
from onnx import GraphProto, NodeProto, TensorProto

from archlens.cost import Cost, total
from archlens.ops import Unknown
from archlens.recorder.onnx.call import attributes_of
from archlens.recorder.onnx.constants import chosen
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Constant, Copied, Viewed

__all__ = ["CONTROL", "controlled"]

CONTROL = frozenset({"If", "Loop", "Scan"})

MAX_PASSES = 1024
MAX_NODES = 100_000

Operands = tuple[Value | None, ...]


class Runner(Protocol):
    """The part of the import that runs the graphs which a node holds, such as the branches of an `If`.

    recording  the network as far as it is read
    remarks    what a reader of the result has to know
    """

    recording: Recording
    remarks: list[str]

    def inner(self, graph: GraphProto, given: Mapping[str, Value]) -> list[Value]:
        """The outputs of a graph that a node holds, run in the node's place."""


def controlled(runner: Runner, node: NodeProto, operands: Operands, reader: str) -> list[Value] | None:
    """The outputs of a node that holds graphs; None where only a run would tell what it does."""
    if node.op_type == "If":
        outputs = conditional(runner, node, operands, reader)
    elif node.op_type == "Loop":
        outputs = looped(runner, node, operands, reader)
    else:
        outputs = scanned(runner, node, operands)
    if outputs is not None and len(outputs) != len(node.output):
        raise OnnxError(f"{reader} has {len(node.output)} outputs, its graph {len(outputs)}")
    return outputs


def conditional(runner: Runner, node: NodeProto, operands: Operands, reader: str) -> list[Value] | None:
    """The branch that is taken; where a run decides, the costlier one, and what differs has no shape."""
    if (branch := chosen(node, operands)) is not None:
        return runner.inner(branch, {})
    branches = [attribute.g for attribute in node.attribute if attribute.HasField("g")]
    found = [attempt(runner, branch) for branch in branches]
    fitting = [branch for branch, each in zip(branches, found, strict=True) if each is not None]
    tried = [each for each in found if each is not None]
    if len(tried) == 1 < len(branches):
        runner.remarks.append(f"{reader} takes one of two branches, of which only one fits these inputs")
        return runner.inner(fitting[0], {})
    if len(tried) != 2 or len(tried[0][1]) != len(tried[1][1]):
        return None
    costs = [(cost.multiply_adds, cost.elementwise, cost.reads) for cost, _ in tried]
    costlier = costs.index(max(costs))
    lesser = tried[1 - costlier][0].multiply_adds
    runner.remarks.append(
        f"{reader} takes one of two branches, which only a run tells: the costlier is counted, "
        f"{tried[costlier][0].multiply_adds} multiply-adds, not {lesser}"
    )
    outputs = runner.inner(branches[costlier], {})
    alike = [
        one == other and one is not None for one, other in zip(*(shapes for _, shapes in tried), strict=True)
    ]
    if all(alike):
        return outputs
    kept = [value for value, same in zip(outputs, alike, strict=True) if not same and value.shape is not None]
    open_ = runner.recording.add("if", Unknown("If", ()), kept, 0)
    return [
        value if same else Value(None, value.dtype, at=open_.at)
        for value, same in zip(outputs, alike, strict=True)
    ]


def attempt(runner: Runner, graph: GraphProto) -> tuple[Cost, list[object]] | None:
    """What a graph would cost here, and the shapes of its outputs; None where it does not fit."""
    mark = len(runner.recording.nodes)
    remarks, settled = len(runner.remarks), runner.recording.settled
    runner.recording.settled = mark
    try:
        shapes: list[object] = [value.shape for value in runner.inner(graph, {})]
        return total(each[3] for each in runner.recording.nodes[mark:]), shapes
    except OnnxError:
        return None
    finally:
        runner.recording.forget(mark)
        runner.recording.settled = settled
        del runner.remarks[remarks:]


def body_of(node: NodeProto) -> GraphProto | None:
    """The graph that a loop runs again and again."""
    return next((attribute.g for attribute in node.attribute if attribute.name == "body"), None)


def looped(runner: Runner, node: NodeProto, operands: Operands, reader: str) -> list[Value] | None:
    """As many passes as the file says, one after the other, or one where only a run tells how many."""
    body = body_of(node)
    carried = [value for value in operands[2:] if value is not None]
    if body is None or len(body.input) != 2 + len(carried):
        return None
    trips = operands[0].number if operands and operands[0] is not None else None
    going = operands[1].number if len(operands) > 1 and operands[1] is not None else 1.0
    mark = len(runner.recording.nodes)
    if trips is not None and going and 0 < trips <= MAX_PASSES:
        passes = repeated(runner, body, carried, int(trips))
        if passes is not None:
            return passes
        runner.recording.forget(mark)
    if trips == 0 or going == 0:
        return None
    try:
        outputs = once(runner, body, carried)
    except OnnxError:
        runner.recording.forget(mark)
        return None
    how_often = "as often as only a run tells" if trips is None else f"up to {trips:.0f} times"
    runner.remarks.append(f"{reader} runs its graph {how_often}: one pass is counted, as a lower bound")
    return outputs


def repeated(runner: Runner, body: GraphProto, carried: list[Value], trips: int) -> list[Value] | None:
    """The passes of a loop; None where a run can end them before."""
    collected: list[list[Value]] = []
    many = len(carried)
    for trip in range(trips):
        number = Value((), TensorProto.INT64, data=numpy.array(trip))
        condition = Value((), TensorProto.BOOL, data=numpy.array(True))
        given = dict(zip((entry.name for entry in body.input), (number, condition, *carried), strict=True))
        goes_on, *outputs = runner.inner(body, given)
        carried = outputs[:many]
        collected.append(outputs[many:])
        if goes_on.number is None or len(runner.recording.nodes) > MAX_NODES:
            return None
        if not goes_on.number:
            break
    stacks = [stacked(runner, list(each), 0) for each in zip(*collected, strict=True)]
    return None if None in stacks else [*carried, *(each for each in stacks if each is not None)]


def once(runner: Runner, body: GraphProto, carried: Sequence[Value]) -> list[Value]:
    """One pass of a loop, whatever its number: what it carries keeps its shape, its stacks are open."""
    recording = runner.recording
    trip = recording.add("trip", Constant("trip", ()), (), TensorProto.INT64)
    going = recording.add("going", Constant("going", ()), (), TensorProto.BOOL)
    moving = [
        value if value.items is not None or value.shape is None
        else Value(value.shape, value.dtype, at=recording.position(value))
        for value in carried
    ]  # fmt: skip
    given = dict(zip((entry.name for entry in body.input), (trip, going, *moving), strict=True))
    _, *outputs = runner.inner(body, given)
    read = [value for value in outputs if value.shape is not None and not value.fixed]
    open_ = recording.add("loop", Unknown("Loop", ()), read, 0)
    kept = [
        after if after.shape == before.shape and not after.fixed else Value(None, after.dtype, at=open_.at)
        for before, after in zip(moving, outputs, strict=False)
    ]
    return [*kept, *(Value(None, value.dtype, at=open_.at) for value in outputs[len(carried) :])]


def scanned(runner: Runner, node: NodeProto, operands: Operands) -> list[Value] | None:
    """A Scan: its body once for each place along an axis of what is scanned."""
    if operands and operands[0] is None:
        return None  # the form of version 8, with lengths of sequences first and a batch before every axis
    body, given = body_of(node), [value for value in operands if value is not None]
    attributes = attributes_of(node)
    many = int(attributes.get("num_scan_inputs", 0))
    if not 0 < many <= len(given):
        return None
    carried, read = given[: len(given) - many], given[len(given) - many :]
    axes = attributes.get("scan_input_axes") or [0] * many
    made = attributes.get("scan_output_axes") or [0] * (len(node.output) - len(carried))
    if body is None or not read or any(not value.shape for value in read):
        return None
    lengths = {(value.shape or ())[axis] for value, axis in zip(read, axes, strict=True)}
    passes = next(iter(lengths))
    if len(lengths) != 1 or not 0 < passes <= MAX_PASSES or len(body.input) != len(given):
        return None
    collected: list[list[Value]] = []
    for _ in range(passes):
        rows = [part(runner, value, axis) for value, axis in zip(read, axes, strict=True)]
        names = (entry.name for entry in body.input)
        outputs = runner.inner(body, dict(zip(names, (*carried, *rows), strict=True)))
        carried = outputs[: len(carried)]
        collected.append(outputs[len(carried) :])
        if len(runner.recording.nodes) > MAX_NODES:
            return None
    stacks = [
        stacked(runner, list(each), axis)
        for each, axis in zip(zip(*collected, strict=True), made, strict=True)
    ]
    return None if None in stacks else [*carried, *(each for each in stacks if each is not None)]


def part(runner: Runner, value: Value, axis: int) -> Value:
    """One place along an axis, read in place."""
    shape = list(value.shape or ())
    del shape[axis]
    return runner.recording.add("scan", Viewed("slice", tuple(shape)), (value,), value.dtype)


def stacked(runner: Runner, values: Sequence[Value], axis: int) -> Value | None:
    """What the passes gave, put side by side along a new axis. None where they are not alike."""
    shape = values[0].shape
    if shape is None or any(value.shape != shape for value in values):
        return None
    at = axis % (len(shape) + 1)
    whole = (*shape[:at], len(values), *shape[at:])
    return runner.recording.add("stack", Copied("stack", whole), values, values[0].dtype)
