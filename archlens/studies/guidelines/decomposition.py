"""Figure 2 of the paper: the run time of ShuffleNet V1 and MobileNet V2, by what the operators do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archlens.cost import Cost, total
from archlens.graph import Graph, Node
from archlens.spec.loading import load
from archlens.studies.guidelines.speed import how

if TYPE_CHECKING:
    from archlens.latency.network.conditions import Conditions

__all__ = [
    "CLASSES",
    "MODELS",
    "Decomposition",
    "Part",
    "Times",
    "decompose",
    "graphs",
    "node_times",
    "operator_class",
]

MODELS = ("shufflenet_v1", "mobilenet_v2")
"""Those of Figure 2: ShuffleNet V1 1× of 3 groups, and MobileNet V2 1×."""

CLASSES: dict[str, tuple[str, ...]] = {
    "convolution": ("convolution",),
    "element-wise": ("activation", "add", "multiply", "scale", "normalization"),
    "data": ("concat", "shuffle", "copy", "view"),
    "other": (),
}
"""The classes of the figure, and the work that is put into each; what is in none of them is other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Where the time of one run went, in seconds.

    whole  of the network by itself
    nodes  of its nodes that are no inputs, in their order
    where  the device and how the network ran on it, then the machine
    """

    whole: float
    nodes: tuple[float, ...]
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The operators of one class: how many, what they cost, and their seconds, if measured."""

    name: str
    nodes: int
    cost: Cost
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """The work and the time of one network by classes of operators, as Figure 2 has them.

    seconds  of the whole, which its parts need not add up to: None if it was not measured
    """

    model: str
    parts: tuple[Part, ...]
    cost: Cost
    seconds: float | None = None

    @property
    def rest(self) -> float | None:
        """Seconds of the whole that are in no part; below zero where watching took longer."""
        if self.seconds is None:
            return None
        return self.seconds - sum(part.seconds or 0.0 for part in self.parts)


Stopwatch = Callable[[Graph, Callable[[float], None]], Times]
"""Times the nodes of a graph, and tells how much of the time is over. May raise KeyboardInterrupt."""


def graphs(*, batch: int = 1) -> tuple[Graph, ...]:
    """The networks of Figure 2."""
    return tuple(load(model, batch=batch) for model in MODELS)


def decompose(graph: Graph, times: Times | None = None) -> Decomposition:
    """A network by classes of operators, with the time of each class if it is known."""
    computed = [node for node in graph.nodes if node.inputs]
    seconds = times.nodes if times else (0.0,) * len(computed)
    members: dict[str, list[tuple[Node, float]]] = {name: [] for name in CLASSES}
    for node, its in zip(computed, seconds, strict=True):
        members[operator_class(node)].append((node, its))
    return Decomposition(
        model=graph.model,
        parts=tuple(
            Part(
                name=name,
                nodes=len(found),
                cost=total(node.cost for node, _ in found),
                seconds=sum(its for _, its in found) if times else None,
            )
            for name, found in members.items()
        ),
        cost=total(node.cost for node in computed),
        seconds=times.whole if times else None,
    )


def operator_class(node: Node) -> str:
    """The class of Figure 2 that an operator belongs to."""
    return next((name for name, work in CLASSES.items() if node.op.work in work), "other")


def node_times(conditions: "Conditions", min_time: float) -> Stopwatch:
    """A stopwatch that runs the network, and its nodes one by one, on this machine.

    min_time  seconds for each network, at least
    """

    def measured(graph: Graph, shown: Callable[[float], None]) -> Times:
        from archlens.latency.machine import description as machine
        from archlens.latency.sampling.breakdown import break_down

        found = break_down(graph, conditions, min_time=min_time, shown=shown)
        here = machine.describe()
        return Times(
            whole=found.seconds,
            nodes=tuple(node.seconds for node in found.nodes),
            where=(
                how(conditions, graph.input_shape[0], conditions.threads or here.threads),
                str(here),
            ),
        )

    return measured
