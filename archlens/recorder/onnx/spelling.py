"""Operators that exporters spell with several nodes, as ONNX has none of their name, or had none."""

from collections.abc import Callable

from onnx import NodeProto

from archlens import ops
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.values import Value

__all__ = ["spelt"]

Operands = tuple[Value | None, ...]


def spelt(
    node: NodeProto, operands: Operands, readers: Callable[[int], int], recording: Recording
) -> Value | None:
    """What the last node of a spelling makes, as one operator; None for any other node.

    readers  how often the output of a node is read: what others read, too, stays a node
    """
    if node.op_type == "Mul" and len(operands) == 2:
        return swish(operands, readers, recording)
    if node.op_type == "Reshape" and len(operands) == 2:
        return shuffled(operands, readers, recording)
    return None


def swish(operands: Operands, readers: Callable[[int], int], recording: Recording) -> Value | None:
    """x · sigmoid(x), before version 24 of the standard."""
    for gate, x in zip(operands, reversed(operands), strict=True):
        if gate is None or x is None or gate.at is None or gate.at < recording.settled:
            continue
        op, inputs, *_ = recording.nodes[gate.at]
        if isinstance(op, ops.Sigmoid) and inputs == (x.at,) and readers(gate.at) == 1:
            recording.replace(gate.at, ops.SiLU())
            return gate
    return None


def shuffled(operands: Operands, readers: Callable[[int], int], recording: Recording) -> Value | None:
    """Channels split into groups, which change places with what is in them, and joined again (ShuffleNet).

    The last of the three nodes is not there yet. Between them may stand copies, which are none here.
    """
    x, target = operands
    if x is None or target is None or target.integers is None or x.at != len(recording.nodes) - 1:
        return None
    chain = [x.at]
    while isinstance(recording.nodes[chain[-1]][0], ops.Identity | ops.Transpose):
        chain.append(recording.nodes[chain[-1]][1][0])
    first = chain[-1]
    turns = [op for at in chain if isinstance(op := recording.nodes[at][0], ops.Transpose)]
    op, inputs, parts, *_ = recording.nodes[first]
    if not isinstance(op, ops.Reshape) or len(turns) != 1 or first < recording.settled:
        return None
    shape = recording.nodes[inputs[0]][2]
    groups = parts[1] if len(parts) == len(shape) + 1 else 0
    if not groups or parts != (shape[0], groups, shape[1] // groups, *shape[2:]):
        return None
    if turns[0].order != (0, 2, 1, *range(3, len(parts))) or not whole(target.integers, shape):
        return None
    if chain != list(range(x.at, first - 1, -1)) or any(readers(at) != 1 for at in chain):
        return None
    path = recording.paths[first]
    recording.forget(first)
    return recording.add(path, ops.ChannelShuffle(groups), (Value(shape, x.dtype, at=inputs[0]),), x.dtype)


def whole(target: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a reshape of as many elements to a target, -1 and 0 as ONNX has them, gives a shape."""
    return len(target) == len(shape) and all(
        wanted in (length, -1) or (wanted == 0 and at < 2 and at != 1)
        for at, (wanted, length) in enumerate(zip(target, shape, strict=True))
    )
