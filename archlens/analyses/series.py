"""The counts of networks that are known as sections: what adds up is added, each section counted once."""

from collections.abc import Sequence
from typing import NamedTuple

from archlens.analyses.analysis import Measures
from archlens.analyses.fragmentation import Fragmentation, fragmentation
from archlens.analyses.layers import layers
from archlens.analyses.memory_access import memory_access
from archlens.analyses.peak_activations import peak_activations
from archlens.analyses.segments import Boundary, Question, Segments, anywhere, folds_apart
from archlens.analyses.totals import totals
from archlens.cost import Cost
from archlens.graph import Graph
from archlens.passes import fused_kernels
from archlens.spec.section import Section

__all__ = ["Counts", "measures"]


class Counts(NamedTuple):
    """Numbers of a network that are the sums of those of its pieces, one after the other.

    All paths lead through the boundaries, so that the longest of each piece make the longest of all. Only
    the width is that of the widest piece: of two operators in different pieces one needs the other.
    """

    params: int
    multiply_adds: int
    elementwise: int
    reads: int
    writes: int
    activations: int
    other_access: int
    layer_access: int
    memory_access_bound: int
    layers: int
    fragments: int
    serial_depth: int
    heaviest_chain: int
    kernels: int
    parallel_width: int


def counted(graph: Graph) -> Counts:
    """The counts of a whole graph, each from its own analysis."""
    cost, access, broken_up = totals(graph), memory_access(graph), fragmentation(graph)
    return Counts(
        params=cost.params,
        multiply_adds=cost.multiply_adds,
        elementwise=cost.elementwise,
        reads=cost.reads,
        writes=cost.writes,
        activations=cost.activations,
        other_access=sum(node.cost.memory_access for node in graph.nodes if not node.cost.multiply_adds),
        layer_access=access.memory_access,
        memory_access_bound=access.bound,
        layers=layers(graph),
        fragments=broken_up.fragments,
        serial_depth=broken_up.serial_depth,
        heaviest_chain=broken_up.heaviest_chain,
        kernels=broken_up.kernels,
        parallel_width=broken_up.parallel_width,
    )


def in_series(parts: Sequence[Counts]) -> Counts:
    """The counts of a network from those of its pieces, which run one after the other."""
    if len(parts) == 1:
        return parts[0]
    *columns, widths = zip(*parts, strict=True)
    return Counts._make((*map(sum, columns), max(widths)))


def peak(graph: Graph) -> int:
    """The most elements alive at once, at inference."""
    return peak_activations(graph).inference.elements


def stores_apart(segments: Segments, boundary: Boundary) -> bool:
    """Whether a boundary has a storage of its own: a view lives as long as what it is a view of."""
    return not boundary.maker.op.alias


COUNTS: Question[Counts] = Question(counted, in_series, anywhere)
FUSED_KERNELS: Question[int] = Question(fused_kernels, sum, folds_apart)
PEAK: Question[int] = Question(peak, max, stores_apart)


def measures(section: Section, segments: Segments, *, folded: bool = True, stored: bool = True) -> Measures:
    """What a network costs, but for what only the whole graph tells: its receptive field, training, in place.

    folded  whether the kernels that a fold leaves are asked for, `stored` whether the peak of activations is;
            else they are 0
    """
    found = segments.ask(COUNTS, section)
    return Measures(
        cost=Cost(
            params=found.params,
            multiply_adds=found.multiply_adds,
            elementwise=found.elementwise,
            reads=found.reads,
            writes=found.writes,
            activations=found.activations,
        ),
        fragmentation=Fragmentation(
            fragments=found.fragments,
            parallel_width=found.parallel_width,
            serial_depth=found.serial_depth,
            multiply_adds=found.multiply_adds,
            heaviest_chain=found.heaviest_chain,
            kernels=found.kernels,
        ),
        fused_kernels=segments.ask(FUSED_KERNELS, section) if folded else 0,
        other_access=found.other_access,
        layer_access=found.layer_access,
        memory_access_bound=found.memory_access_bound,
        peak_activations=segments.ask(PEAK, section) if stored else 0,
        receptive_field=None,
        layer=None,
        layers=found.layers,
    )
