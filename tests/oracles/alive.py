"""What is alive while nodes run, kept as sets and looked up anew at every step; graphs drawn to try it on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from hypothesis import strategies as st

from archlens.cost import Cost
from archlens.graph import Graph
from archlens.ops import BatchNorm, Identity, Input, Op, ReLU, Shape, Shapes, SiLU, Slice, Unknown
from tests.wiring import wire

__all__ = ["Junction", "alive", "alive_in_place", "drawn", "orders", "read_by_backward"]


@dataclass(frozen=True, slots=True)
class Junction(Op):
    """Anything from any number of inputs to a vector, which backward computes from the inputs."""

    arity = -1
    saves = frozenset({"input"})

    length: int
    params: int = 0

    def output(self, inputs: Shapes) -> Shape:
        return (1, self.length)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """As many weights as it says."""
        return Cost(params=self.params)


def owner(graph: Graph, position: int) -> int:
    """The node that made the storage of a node's output."""
    node = graph.nodes[position]
    return owner(graph, node.inputs[0]) if node.op.alias and node.inputs else position


def read_by_backward(graph: Graph) -> set[int]:
    """Owners of what is saved at any node with weights at or before it."""
    learning: set[int] = set()
    found: set[int] = set()
    for position, node in enumerate(graph.nodes):
        if node.cost.params or learning & set(node.inputs):
            learning.add(position)
            found |= {owner(graph, i) for i in node.inputs if "input" in node.op.saves}
            found |= {owner(graph, position)} if "output" in node.op.saves else set()
    return found


def wanted(graph: Graph, position: int, after: Sequence[int]) -> bool:
    """Whether a tensor is an output, or read by one of the nodes that are still to run."""
    return position in graph.outputs or any(position in graph.nodes[later].inputs for later in after)


def alive(graph: Graph, order: Sequence[int], kept: frozenset[int] | set[int] = frozenset()) -> list[int]:
    """The elements alive while each node of an order runs."""
    found = []
    for step, now in enumerate(order):
        there = {*order[:step], *graph.inputs}
        owners = {owner(graph, i) for i in there if wanted(graph, i, order[step:])}
        owners |= {owner(graph, i) for i in there} & kept
        if now not in graph.inputs:
            owners.add(owner(graph, now))
        elif step == 0:
            owners |= set(graph.inputs)
        found.append(sum(prod(graph.nodes[i].shape) for i in owners))
    return found


def alive_in_place(graph: Graph, kept: frozenset[int] | set[int] = frozenset()) -> list[int]:
    """The same in the order of the graph, where nodes take over the storage of what they may write over."""
    order = range(len(graph.nodes))
    home: dict[int, int] = {i: i for i in graph.inputs}
    found = []
    for now, node in enumerate(graph.nodes):
        there = [i for i in home if i < now or i in graph.inputs]
        needed = {home[i] for i in there if wanted(graph, i, order[now:]) or owner(graph, i) in kept}
        if now in graph.inputs:
            needed |= set(graph.inputs) if now == 0 else set()
        elif node.op.alias:
            home[now] = home[node.inputs[0]]
        else:
            home[now] = now
            if node.op.pointwise and _free(graph, now, home, order, kept):
                home[now] = home[node.inputs[0]]
            needed.add(home[now])
        found.append(sum(prod(graph.nodes[i].shape) for i in needed))
    return found


def _free(
    graph: Graph, now: int, home: dict[int, int], order: Sequence[int], kept: frozenset[int] | set[int]
) -> bool:
    """Whether a node may write over its input: all tensors in that storage are done with."""
    over = home[graph.nodes[now].inputs[0]]
    tenants = [i for i in home if home[i] == over and i != now]
    done = not any(wanted(graph, i, order[now + 1 :]) or owner(graph, i) in kept for i in tenants)
    whole = prod(graph.nodes[over].shape) == prod(graph.nodes[now].shape)
    return done and whole and over not in graph.inputs


def orders(graph: Graph) -> Iterator[tuple[int, ...]]:
    """Every order in which the nodes can run, the inputs first."""

    def extended(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(order) == len(graph.nodes):
            yield order
        for position, node in enumerate(graph.nodes):
            if position not in order and set(node.inputs) <= set(order):
                yield from extended((*order, position))

    return extended(graph.inputs)


@st.composite
def drawn(draw: st.DrawFn, most: int = 8) -> Graph:
    """A small graph of any wiring: views, several inputs and outputs, nodes that nobody reads."""
    steps: list[tuple[str, Op, tuple[str, ...]]] = []
    lengths: dict[str, int] = {}
    for number in range(draw(st.integers(2, most))):
        name = f"n{number}"
        length = draw(st.integers(1, 9))
        if number == 0 or draw(st.integers(0, 9)) == 0:
            steps.append((name, Input((1, length)), ()))
            lengths[name] = length
            continue
        fed = draw(st.lists(st.sampled_from(sorted(lengths)[-5:]), min_size=1, max_size=3))
        part = max(1, lengths[fed[0]] // 2)
        op = draw(
            st.sampled_from(
                [Junction(length), Junction(length, params=1), Unknown("odd", (1, length)), Identity(),
                 Slice(0, part), ReLU(), SiLU(), BatchNorm()]
            )
        )  # fmt: skip
        feeding = tuple(fed) if isinstance(op, Junction | Unknown) else (fed[0],)
        steps.append((name, op, feeding))
        lengths[name] = op.output(tuple((1, lengths[other]) for other in feeding))[1]
    outputs = draw(st.lists(st.sampled_from(sorted(lengths)), min_size=1, max_size=2, unique=True))
    return wire(*steps, outputs=tuple(outputs))
