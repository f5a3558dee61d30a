"""Operators that a file says it spells with several nodes, as ONNX has none of their kind.

`archlens export` writes it to each of the nodes: `{"name": "stage1.1.roll1", "roll": {"shifts": [-3, -3]}}`.
What the file says is held against what its nodes do, and is left out where it does not fit.
"""

import json
from collections.abc import Mapping, MutableMapping
from math import prod
from typing import Any

from onnx import NodeProto

from archlens.errors import OperatorError
from archlens.ops import OPERATORS, Op
from archlens.recorder.onnx.naming import dotted
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.values import Value

__all__ = ["KEY", "STATED", "Part", "stated", "written"]

KEY = "archlens.operator"
"""The name under which a node of a file says it."""

STATED = frozenset(
    {"group_norm", "relative_position_bias", "roll", "weight_standardized_conv", "window_mask"}
)
"""The operators of which a file may say it: those of one input that no operator of ONNX is."""

MAX_TEXT = 2000


def written(name: str, op: Op) -> str:
    """What the nodes say that a node of a graph became."""
    return json.dumps({"name": name, op.kind: op.attributes()})


def read(text: str) -> tuple[str, Op] | None:
    """The name and the operator that nodes tell of; None where it is none that archlens writes."""
    try:
        said = json.loads(text[:MAX_TEXT])
        name = said.pop("name")
        ((kind, attributes),) = said.items()
        if kind not in STATED or not isinstance(name, str):
            return None
        return name, OPERATORS[kind](**{key: frozen(value) for key, value in attributes.items()})
    except (AttributeError, KeyError, OperatorError, RecursionError, TypeError, ValueError):
        return None


def frozen(value: Any) -> Any:
    """A list as a tuple, and those in it."""
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value


class Part:
    """Nodes one after the other that are one operator, as the file says, while they are read.

    mark  the position of the first of them in the recording
    """

    def __init__(self, text: str, mark: int) -> None:
        self.text = text
        self.mark = mark
        self.inputs: dict[int, Value] = {}
        self.weights: dict[str, Value] = {}
        self.made: list[str] = []
        self.read: dict[str, int] = {}

    def add(self, node: NodeProto, operands: tuple[Value | None, ...]) -> None:
        """One more node."""
        for name, value in zip(node.input, operands, strict=True):
            self.read[name] = self.read.get(name, 0) + 1
            if value is None:
                continue
            if value.at is not None and value.at < self.mark:
                self.inputs[value.at] = value
            elif value.at is None and value.learnt and value.weight and value.deferred is None:
                self.weights.setdefault(value.weight + value.part, value)
        self.made += node.output

    def close(self, recording: Recording, names: MutableMapping[str, Value], uses: Mapping[str, int]) -> None:
        """Put the one operator in the place of the nodes, where that is what they do.

        names  what stands for the tensors of the graph that the nodes are in
        uses   how often each tensor is read
        """
        told = read(self.text) if self.text else None
        last = names.get(self.made[-1]) if self.made else None
        if told is None or last is None or last.at is None or len(self.inputs) != 1:
            return
        name, op = told
        (x,) = self.inputs.values()
        seen = [other for other in self.made[:-1] if uses.get(other, 0) != self.read.get(other, 0)]
        inside = any((value := names.get(other)) is not None and value.at is not None for other in seen)
        if (
            inside
            or last.at < self.mark
            or self.mark < recording.settled
            or not self.fits(op, x, last, recording)
        ):
            return
        recording.forget(self.mark)
        made = recording.add(dotted(name) or op.kind, op, (x,), last.dtype, tuple(self.weights.values()))
        for other in self.made:
            if (value := names.get(other)) is not None and value.at is not None and value.at >= self.mark:
                del names[other]
        names[self.made[-1]] = made

    def fits(self, op: Op, x: Value, last: Value, recording: Recording) -> bool:
        """Whether the operator has the output, the parameters and the multiply-adds that the nodes have."""
        try:
            shape = op.output((x.shape or (),))
            cost = op.cost((x.shape or (),), shape)
        except OperatorError:
            return False
        held = [value.shape or () for value in self.weights.values()]
        multiply_adds = sum(done.multiply_adds for _, _, _, done, _ in recording.nodes[self.mark :])
        counted = cost.params == sum(map(prod, held)) and cost.multiply_adds == multiply_adds
        return counted and shape == last.shape


def stated(node: NodeProto) -> str:
    """What a node says of the operator that it is a part of, or ""."""
    return next((entry.value for entry in node.metadata_props if entry.key == KEY), "")
