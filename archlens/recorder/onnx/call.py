"""One node of a file, as its rule sees it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onnx import AttributeProto, NodeProto, helper

from archlens.errors import OperatorError
from archlens.ops import Op, Shape
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.values import Value

__all__ = ["Call", "Rule", "Rules", "attributes_of"]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator of the file together with its inputs, which its rule turns into nodes.

    operands    its inputs; None for those that are left out
    shapes      of its outputs, as far as ONNX infers them
    dtypes      of their elements
    attributes  plain Python values, except for graphs
    path        where it stands in the network
    version     of the set of operators
    """

    kind: str
    operands: tuple[Value | None, ...]
    shapes: tuple[Shape | None, ...]
    dtypes: tuple[int, ...]
    attributes: Mapping[str, Any]
    path: str
    version: int
    recording: Recording

    @property
    def name(self) -> str:
        """What tables call an operator that no spec has: LeakyRelu is leaky_relu."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.kind).lower()

    def operand(self, place: int) -> Value | None:
        """The input at a place; None where the file leaves it out."""
        return self.operands[place] if place < len(self.operands) else None

    @property
    def x(self) -> Value:
        """The first input, with a known shape. Raises an OperatorError if there is none."""
        return self.needed(0)

    def needed(self, place: int) -> Value:
        """The input at a place, which must be there and have a known shape. Raises an OperatorError
        otherwise.
        """
        value = self.operand(place)
        if value is None or value.shape is None:
            raise OperatorError(f"input {place} is missing, or its shape is only known in a run")
        return value

    def shape_of(self, place: int) -> Shape:
        """The shape of the input at a place, which must be there."""
        shape = self.needed(place).shape
        assert shape is not None
        return shape

    @property
    def shape(self) -> Shape:
        """The shape of the first output, as ONNX infers it."""
        if not self.shapes or self.shapes[0] is None:
            raise OperatorError("the shape of the output is only known in a run")
        return self.shapes[0]

    @property
    def inputs(self) -> tuple[Value, ...]:
        """All inputs that are there."""
        return tuple(value for value in self.operands if value is not None)

    def integers(self, place: int, name: str) -> tuple[int, ...] | None:
        """A list of integers that is an input in newer versions, and an attribute in older ones."""
        value = self.operand(place)
        if value is None:
            listed = self.attributes.get(name)
            return None if listed is None else tuple(listed) if isinstance(listed, list) else (listed,)
        if value.integers is None:
            raise OperatorError(f"{name} is only known in a run")
        return value.integers

    def add(self, op: Op, *operands: Value, weights: tuple[Value | None, ...] = ()) -> Value:
        """Append a node that reads the given inputs, and give what stands for its output."""
        own = tuple(value for value in weights if value is not None)
        dtype = self.dtypes[0] if self.dtypes else 0
        return self.recording.add(self.path, op, operands, dtype, own)


Rule = Callable[[Call], Value | list[Value]]
"""Appends what a node does and gives its outputs, or raises an OperatorError for a form it does not know."""

Rules = Mapping[str, Rule]

LISTS = frozenset({AttributeProto.INTS, AttributeProto.FLOATS, AttributeProto.STRINGS})


def attributes_of(node: NodeProto) -> dict[str, Any]:
    """The attributes of a node as Python values; words as text, tensors as they are."""
    values: dict[str, Any] = {}
    for attribute in node.attribute:
        if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
            continue
        value = helper.get_attribute_value(attribute)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        values[attribute.name] = list(value) if attribute.type in LISTS else value
    return values
