"""The nodes of a network while it grows; what their rules say is kept by value.

Rules are pure, so repeated work is done once: an operator with the same attributes is the same
object, and its shape and cost for the same input shapes are looked up.
"""

from collections.abc import Callable, Mapping
from itertools import accumulate, pairwise

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.graph import Node
from archlens.ops import Op, Shape, Shapes, Slice, Split
from archlens.spec.naming import RefusalError
from archlens.spec.read import Value
from archlens.spec.values import show

__all__ = ["MAX_NODES", "Wires", "Wiring", "pieces", "wired"]

MAX_NODES = 10_000


class Wiring:
    """Nodes in the order in which they run. A node's position stands for its output."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.operators: dict[object, Op] = {}
        self.rules: dict[tuple[int, Shapes], tuple[Shape, Cost]] = {}

    def shape(self, at: int) -> Shape:
        """The shape that comes out of a node."""
        return self.nodes[at].shape

    def operator(self, target: type[Op], values: Mapping[str, Value], path: str) -> Op:
        """An operator with these attributes. Raises a RefusalError where it does not take them."""
        key = (target, repr(values))  # not the values: 1, 1.0 and true are equal, and are not the same
        if (op := self.operators.get(key)) is None:
            try:
                op = target(**values)
            except OperatorError as error:
                raise RefusalError(str(error), f"{path} ({target.kind})") from error
            self.operators[key] = op
        return op

    def add(self, path: str, op: Op, inputs: tuple[int, ...]) -> int:
        """Append a node; its position. Operators are kept, so that their identity stands for their value."""
        if len(self.nodes) >= MAX_NODES:
            raise RefusalError(f"the network has more than {MAX_NODES} operators", path)
        shapes = tuple([self.nodes[feeding].shape for feeding in inputs])
        found = self.rules.get((id(op), shapes))
        if found is None:
            try:
                shape = op.output(shapes)
            except OperatorError as error:
                raise RefusalError(str(error), f"{path} ({op.kind})") from error
            found = self.rules[id(op), shapes] = (shape, op.cost(shapes, shape))
        self.nodes.append(Node(path, op, inputs, *found))
        return len(self.nodes) - 1

    def outputs(self, start: int, end: int) -> tuple[int, ...]:
        """The nodes whose outputs leave the network: the end, then all others that nothing reads."""
        fed = {feeding for node in self.nodes for feeding in node.inputs}
        return (end, *(i for i in range(len(self.nodes)) if i not in fed and i not in (start, end)))


Wires = Callable[[Callable[[], int]], Wiring]
"""Makes a Wiring, from what tells the line of the spec at which the lowering stands."""


def wired(line: Callable[[], int]) -> Wiring:
    """Nodes that forget where they were written."""
    return Wiring()


def pieces(value: Value, branches: int, shape: Shape, what: str) -> tuple[type[Op], list[dict[str, Value]]]:
    """The operator that cuts a tensor for its branches, and its attributes for each of them.

    value  how many equal parts, or a list with the channels of each
    what   who asks, for messages
    """
    parts = len(value) if isinstance(value, tuple) else value
    if type(parts) is not int or parts != branches:
        raise RefusalError(f"split={show(value)} does not match the {branches} branches", what)
    if not isinstance(value, tuple):
        return Split, [{"parts": branches, "index": index} for index in range(branches)]
    for size in value:
        if type(size) is not int or size < 1:
            raise RefusalError(f"split={show(value)}: {show(size)} is not a number of channels", what)
    edges = list(accumulate(value, initial=0))
    channels = sum(shape[1:2])
    if edges[-1] != channels:
        raise RefusalError(
            f"split={show(value)} adds up to {show(edges[-1])}, not to the {channels} channels", what
        )
    return Slice, [{"start": start, "stop": stop} for start, stop in pairwise(edges)]
