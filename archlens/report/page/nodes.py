"""The layers of many networks as columns: what several of them have in common is kept once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from archlens.analyses import peak_activations, receptive_fields
from archlens.analyses.receptive_field import ReceptiveField
from archlens.devices.terms import VIEWS, Work, works
from archlens.errors import OperatorError
from archlens.graph import Graph, Node
from archlens.ops import Input, Op, Shape, Shapes
from archlens.passes import fold
from archlens.report.metric import field_size
from archlens.report.page.index import Index, front_coded, runs, whole
from archlens.report.page.model import Model

__all__ = ["Layers", "counts_of"]

COSTS = ("params", "multiply_adds", "elementwise", "reads", "writes", "activations")
NO_WORK = -1

Kind = tuple[Op, Shapes, int]
"""What a node is: its operator, the shapes that go in, and weights that an earlier node has counted."""


class Layers:
    """The layers of networks, on their way into columns.

    Everything that an operator costs follows from the operator and the shapes that go in, so that 110,000
    layers of 320 networks are 15,000 kinds of them. The work that devices do for a layer is kept likewise.
    """

    def __init__(self) -> None:
        self.kinds = Index[Kind]()
        self.shown: list[Node] = []
        self.operators = Index[Op]()
        self.shapes = Index[Shape]()
        self.into = Index[tuple[int, ...]]()
        self.works = Index[tuple[str, tuple[tuple[str, float], ...], int]]()
        self.known: dict[tuple[Op, Shapes, Shape], int] = {}
        self.fields = Index[tuple[str, int, bool]]()

    def network(self, model: Model) -> dict[str, Any]:
        """The columns of one network, in the order of its graph.

        names   front-coded
        kinds   by place
        inputs  how far back each input is; nothing for a layer that the one before it feeds
        live    elements alive while it runs
        fields  receptive fields by place, as runs
        lines   of the spec, as runs; 0 where there is none
        work    by view, the work of each layer by place, as a device's profile counts it
        """
        graph = model.graph
        return {
            "names": front_coded(node.name for node in graph.nodes),
            "kinds": [self._kind(graph, node) for node in graph.nodes],
            "inputs": ",".join(_inputs(position, node) for position, node in enumerate(graph.nodes)),
            "outputs": list(graph.outputs),
            "live": list(peak_activations(graph).live),
            "fields": runs(self._fields(graph)),
            "lines": runs(model.written.get(node.name, 0) for node in graph.nodes),
            "work": self.works_of(graph),
        }

    def works_of(self, graph: Graph) -> dict[str, list[int]]:
        """By view, the work of each node by place; `NO_WORK` where a device does none."""
        return {view: self._work(graph, view) for view in VIEWS}

    def _kind(self, graph: Graph, node: Node) -> int:
        shapes = graph.shapes_into(node)
        # an input's place in the graph is all that tells it from a weight that stands by itself
        found = self.kinds.place((node.op, shapes, node.shared))
        if found == len(self.shown):
            self.shown.append(node)
        return found

    def _fields(self, graph: Graph) -> list[int]:
        known = receptive_fields(graph)
        found: list[int] = []
        for position in range(len(graph.nodes)):
            before = position - 1
            if before >= 0 and known.states[position] is known.states[before]:
                found.append(found[before])
            else:
                found.append(self.fields.place(_field(known.of(position))))
        return found

    def _work(self, graph: Graph, view: str) -> list[int]:
        places = {node.name: position for position, node in enumerate(graph.nodes)}
        found = [NO_WORK] * len(graph.nodes)
        feeding = graph if view == "eager" else fold(graph)
        seen = {node.name: node for node in feeding.nodes}
        for work in works(graph, view):
            fixed = 0 if view == "fused" else self._fixed(feeding, seen[work.name])
            found[places[work.name]] = self.works.place((*_amounts(work), fixed))
        return found

    def _fixed(self, graph: Graph, node: Node) -> int:
        """Elements that a node reads once a batch beside its weights: the statistics of a normalisation."""
        shapes = graph.shapes_into(node)
        key = node.op, shapes, node.shape
        if key not in self.known:
            self.known[key] = once_a_batch(*key)
        return self.known[key]

    def columns(self) -> dict[str, Any]:
        """What the networks have in common: kinds of layers, operators, shapes, works and fields."""
        kinds = self._kinds()
        return {
            "kinds": kinds,
            "operators": {
                "kind": [op.kind for op in self.operators.values],
                "attributes": [_attributes(op) for op in self.operators.values],
                "costed": [int(op.costed) for op in self.operators.values],
                "input": [int(isinstance(op, Input)) for op in self.operators.values],
            },
            "into": self.into.values,
            "shapes": self.shapes.values,
            "works": _works([dict(amounts) for _, amounts, _ in self.works.values], self.works.values),
            "fields": {
                "text": [text for text, _, _ in self.fields.values],
                "longest": [longest for _, longest, _ in self.fields.values],
                "everything": [int(everything) for _, _, everything in self.fields.values],
            },
        }

    def _kinds(self) -> dict[str, Any]:
        inside = [
            (op, self.into.place(tuple(map(self.shapes.place, shapes))), shared)
            for op, shapes, shared in self.kinds.values
        ]
        return {
            "operator": [self.operators.place(op) for op, _, _ in inside],
            "into": [into for _, into, _ in inside],
            "shared": [shared for _, _, shared in inside],
            "out": [self.shapes.place(node.shape) for node in self.shown],
            "kernels": [op.kernels(shapes) for op, shapes, _ in self.kinds.values],
            "fixed": [
                once_a_batch(op, shapes, node.shape)
                for (op, shapes, _), node in zip(self.kinds.values, self.shown, strict=True)
            ],
            **{key: [getattr(node.cost, key) for node in self.shown] for key in COSTS},
        }


def once_a_batch(op: Op, shapes: Shapes, output: Shape) -> int:
    """Elements that an operator reads beside its weights however large the batch is.

    memory access = weights + fixed + batch · the rest, at two batches: fixed = 2 · once − twice − weights
    """
    if not op.costed or not shapes or any(len(shape) < 2 for shape in (*shapes, output)):
        return 0
    twice = tuple((2 * shape[0], *shape[1:]) for shape in shapes)
    try:
        larger = op.cost(twice, op.output(twice))
    except OperatorError:
        return 0  # it has the batch among its attributes
    one = op.cost(shapes, output)
    return max(0, 2 * one.memory_access - larger.memory_access - one.params)


def counts_of(work: dict[str, list[int]]) -> dict[str, list[int]]:
    """By view, how often each work occurs: pairs of a place and a number in one list."""
    found = {}
    for view, places in work.items():
        counts = Counter(place for place in places if place != NO_WORK)
        found[view] = [number for pair in counts.items() for number in pair]
    return found


def _inputs(position: int, node: Node) -> str:
    back = [position - feeding for feeding in node.inputs]
    return "" if back == [1] else " ".join(map(str, back)) if back else "0"


def _field(field: ReceptiveField | None) -> tuple[str, int, bool]:
    """A field as text, its longest side, and whether everything is seen."""
    return (field_size(field), max(field.size), field.everything) if field else ("", 0, False)


def _amounts(work: Work) -> tuple[str, tuple[tuple[str, float], ...]]:
    return work.kind, tuple(sorted(work.amounts.items()))


def _works(amounts: Sequence[dict[str, float]], works: Sequence[tuple[str, Any, int]]) -> dict[str, Any]:
    """Works as columns. What a device pays for what a cache does not hold follows from them and its sizes."""
    kinds = Index[str]()
    return {
        "kind": [kinds.place(kind) for kind, *_ in works],
        "kinds": kinds.values,
        "moved": [whole(each[f"memory.{kind}"]) for each, (kind, *_) in zip(amounts, works, strict=True)],
        "fixed": [fixed for *_, fixed in works],
        "weights": [whole(each["weights"]) for each in amounts],
        "kernels": [whole(each[f"launches.{kind}"]) for each, (kind, *_) in zip(amounts, works, strict=True)],
        "multiply_adds": [
            whole(sum(amount for term, amount in each.items() if term.startswith("arithmetic.")))
            for each in amounts
        ],
        "scores": [whole(each.get("scores", 0.0)) for each in amounts],
        "pooled": [whole(each.get("pooled", 0.0)) for each in amounts],
        "unaligned": [int("unaligned" in each) for each in amounts],
    }


def _attributes(op: Op) -> str:
    """The attributes that differ from their defaults: out=64 kernel=[3,3]."""
    return " ".join(f"{name}={_attribute(value)}" for name, value in op.attributes().items())


def _attribute(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{','.join(map(_attribute, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
