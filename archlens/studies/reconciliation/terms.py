"""The difference between a counter's total and ours, in named terms, from our graph and its convention."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from archlens.graph import Graph, Node
from archlens.ops import Shape
from archlens.studies.reconciliation.conventions import Convention, Rate, Rates
from archlens.studies.reconciliation.measures import MEASURES, key

__all__ = ["Call", "Part", "Term", "terms"]

AGAIN = "shared modules counted again"
DROPPED = "dropped from the trace, as nothing reads it"
PADDED = "padding that is pooled, too"
RECURRENT = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")
LEARNT = ("weight", "bias")
"""What stands for itself in a recording where its module does not just hand it to one operator."""


@dataclass(frozen=True, slots=True)
class Call:
    """Which module ran a node, as a counter that looks at modules sees it.

    owner    the class of the innermost module
    maker    whose class that is: "torch", "archlens", or "" for anyone else's
    layer    whether it has no children, and a weight or a bias
    ways     how many ways lead from the root to it: more than one for a module with several parents
    runs     for a pooling that PyTorch cannot pad so itself, what runs instead: the shapes of what goes in
             and of what comes out, a pair each
    fused    whether it is part of a module that PyTorch runs as one operator, where it may
    """

    owner: str = ""
    maker: str = ""
    layer: bool = False
    ways: int = 1
    runs: tuple[tuple[Shape, Shape], ...] = ()
    fused: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One amount with its rate, such as 11,113,984 inputs × 2.

    measured  how much there is
    measure   of what
    factor    what each of it counts
    """

    measured: int
    measure: str
    factor: int


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of a difference, and what it is the sum of."""

    name: str
    amount: int
    parts: tuple[Part, ...]


def terms(graph: Graph, convention: Convention, call_of: Callable[[Node], Call]) -> tuple[Term, ...]:
    """Everything that a counter with this convention counts otherwise than we do, the largest first."""
    found: dict[str, dict[tuple[str, int], int]] = {}
    read = reached(graph)
    for i, node in enumerate(graph.nodes):
        if convention.traces and i not in read:
            changed = iter([(DROPPED, "multiply-adds", node.cost.multiply_adds, -1)])
        else:
            changed = differences(graph, node, convention, call_of(node))
        for name, measure, measured, factor in changed:
            parts = found.setdefault(name, {})
            parts[measure, factor] = parts.get((measure, factor), 0) + measured
    made = [
        Term(
            name,
            sum(measured * factor for (_, factor), measured in parts.items()),
            tuple(
                Part(measured, measure, factor)
                for (measure, factor), measured in parts.items()
                if measured * factor
            ),
        )
        for name, parts in found.items()
    ]
    return tuple(sorted((term for term in made if term.amount), key=lambda term: -abs(term.amount)))


def reached(graph: Graph) -> set[int]:
    """The positions of the nodes that the network's outputs depend on."""
    found = set(graph.outputs)
    for i in reversed(range(len(graph.nodes))):
        if i in found:
            found.update(graph.nodes[i].inputs)
    return found


Difference = tuple[str, str, int, int]
"""The name of a term, a measure, how much of it, and the factor."""


def differences(graph: Graph, node: Node, convention: Convention, call: Call) -> Iterator[Difference]:
    """For one node, by how much a counter differs from us in each term."""
    inputs = graph.shapes_into(node)
    what = key(node)
    seen = look_up(convention.operators, call.owner if call.maker else "", what)
    if call.fused and not convention.inside_fused:
        seen = None
    hooked = None
    if call.maker == "torch" and not node.op.alias:
        hooked = look_up(convention.modules, call.owner, what)
    if call.layer and (not node.op.alias or what in LEARNT):
        hooked = hooked or contained(convention.layers, call.owner)
    ours = node.cost.multiply_adds
    counted = 0
    for rates, exponent in ((seen, convention.operators_again), (hooked, convention.modules_again)):
        amount = 0
        for rate in rates or ():
            measured = MEASURES[rate.measure](node, inputs)
            amount += measured * rate.factor
            yield from named(rate, measured, ours)
            if call.runs:
                yield (PADDED, rate.measure, behind_padding(node, rate, call) - measured, rate.factor)
            counted += rate.instead
        again = amount * (call.ways**exponent - 1)
        if again:
            yield (AGAIN, "counted again", again, 1)
    if not counted and ours:
        yield (missed(node, call, convention), "multiply-adds", ours, -1)


def behind_padding(node: Node, rate: Rate, call: Call) -> int:
    """What is measured of the poolings that run for one whose padding PyTorch does not take."""
    return sum(MEASURES[rate.measure](replace(node, shape=out), (x,)) for x, out in call.runs)


def named(rate: Rate, measured: int, ours: int) -> Iterator[Difference]:
    """The term and the amount of a rate; of a rate of multiply-adds, only what it has beyond ours."""
    if not rate.instead:
        yield (rate.term, rate.measure, measured, rate.factor)
    elif rate.measure == "multiply-adds":
        yield (rate.term, rate.measure, ours, rate.factor - 1)
    else:
        yield (rate.term, rate.measure, measured, rate.factor)
        yield (rate.term, "multiply-adds", ours, -1)


def look_up(table: Mapping[str, Rates], owner: str, what: str) -> Rates | None:
    """The entry for an operator that a module of this class runs."""
    plain = what.endswith(" without weights")
    names = (f"{owner}.{what}", f"{owner} without weights" if plain else owner, owner, what)
    return next((table[name] for name in names if name in table), None)


def contained(table: Mapping[str, Rates], owner: str) -> Rates | None:
    """The first entry whose name is part of the name of a class."""
    return next((rates for name, rates in table.items() if name in owner), None)


def missed(node: Node, call: Call, convention: Convention) -> str:
    """What a counter does not see at all."""
    if node.op.kind == "attention" or call.owner.startswith("MultiheadAttention"):
        return "attention missed"
    if call.fused and not convention.inside_fused:
        return "fused layers missed"
    if node.op.kind == "recurrent" or call.owner in RECURRENT:
        return "recurrent layers missed"
    if node.op.work == "product":
        return "matrix products missed"
    hooks = convention.modules or convention.layers
    return "functional calls missed" if hooks and call.maker != "torch" else f"{node.op.work} missed"
