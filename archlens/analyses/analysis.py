"""Every analysis of a graph at once, for all of it and for parts of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archlens.analyses.fragmentation import Fragmentation, fragmentation_by_part
from archlens.analyses.layers import layers
from archlens.analyses.memory_access import LayerAccess, MemoryAccess, memory_access
from archlens.analyses.peak_activations import PeakActivations, peak_activations
from archlens.analyses.receptive_field import ReceptiveField, receptive_fields
from archlens.analyses.totals import Row, totals
from archlens.cost import Cost
from archlens.graph import Graph
from archlens.passes import kernels_left

__all__ = ["Analysis", "Measures", "analyse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What some nodes of a graph cost, together.

    cost                 their sum
    fragmentation        into how many operators they break up
    fused_kernels        kernels that are left once batch normalisations and activations are folded
    other_access         memory access of their operators that do no dot product
    layer_access         memory access of their convolutions and linear layers
    memory_access_bound  the least that these layers could have, at the same multiply-adds
    peak_activations     elements alive at once while they run, at most
    receptive_field      of the last of them; None where they are no part of the network
    layer                their convolution or linear layer, where they have a single one

    Told of the whole network only, else None:

    peak_in_place        peak activations where operators write over their input if they can
    training             peak activations of a forward pass that keeps what backward reads
    training_in_place    both
    layers               convolutions and linear layers on the longest path
    """

    cost: Cost
    fragmentation: Fragmentation
    fused_kernels: int
    other_access: int
    layer_access: int
    memory_access_bound: int
    peak_activations: int
    receptive_field: ReceptiveField | None
    layer: LayerAccess | None
    peak_in_place: int | None = None
    training: int | None = None
    training_in_place: int | None = None
    layers: int | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A graph, measured.

    whole   all of it; its receptive field is that of the last map before the main output
    parts   each of the rows asked for
    access  memory access, layer by layer
    peak    the activations alive at once, where and under which assumptions
    """

    whole: Measures
    parts: tuple[Measures, ...]
    access: MemoryAccess
    peak: PeakActivations


def analyse(graph: Graph, rows: Sequence[Row] = ()) -> Analysis:
    """Run every analysis once, and add its numbers up for the whole graph and for each row."""
    everything = range(len(graph.nodes))
    fields = receptive_fields(graph)
    access = memory_access(graph)
    peak = peak_activations(graph)
    fused = kernels_left(graph)
    fragments = fragmentation_by_part(graph, [everything, *(row.positions for row in rows)])
    bounds = {layer.position: layer for layer in access.layers}

    def measures(
        positions: Sequence[int], cost: Cost, broken_up: Fragmentation, field: ReceptiveField | None
    ) -> Measures:
        costs = [graph.nodes[position].cost for position in positions]
        weighted = [bounds[position] for position in positions if position in bounds]
        return Measures(
            cost=cost,
            fragmentation=broken_up,
            fused_kernels=sum(fused[position] for position in positions),
            other_access=sum(cost.memory_access for cost in costs if not cost.multiply_adds),
            layer_access=sum(layer.memory_access for layer in weighted),
            memory_access_bound=sum(layer.bound for layer in weighted),
            peak_activations=max((peak.live[position] for position in positions), default=0),
            receptive_field=field,
            layer=weighted[0] if len(weighted) == 1 else None,
        )

    whole = measures(everything, totals(graph), fragments[0], fields.network)
    return Analysis(
        whole=replace(
            whole,
            peak_in_place=peak.inference_in_place.elements,
            training=peak.training.elements,
            training_in_place=peak.training_in_place.elements,
            layers=layers(graph),
        ),
        parts=tuple(
            measures(row.positions, row.cost, part, fields.of(row.positions[-1]) if row.output else None)
            for row, part in zip(rows, fragments[1:], strict=True)
        ),
        access=access,
        peak=peak,
    )
