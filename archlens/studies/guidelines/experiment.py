"""The networks of a table at one scale: what each costs, and what the paper printed about it."""

from dataclasses import dataclass
from pathlib import Path

from archlens.analyses.element_wise import element_wise_share
from archlens.analyses.fragmentation import Fragmentation, fragmentation
from archlens.analyses.memory_access import memory_access
from archlens.analyses.totals import totals
from archlens.cost import Cost
from archlens.graph import Graph
from archlens.spec.catalog import Reference, parse_file
from archlens.spec.items import Spec
from archlens.studies.guidelines.printed import DEVICES, Guideline, PrintedDevice, Row

__all__ = ["NETWORKS", "Case", "Experiment", "case", "experiments"]

NETWORKS = Path(__file__).with_name("networks.yaml")
SIZE = (56, 56)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of a table at one scale.

    channels       of the network, as the table has them
    access_bound   the least memory access that its convolutions could have for their multiply-adds
    element_wise   the share of the memory access of what does no dot product
    printed        the speeds in the paper: batches a second on the GPU, images on the ARM core
    """

    name: str
    scale: int
    channels: tuple[int, ...]
    graph: Graph
    cost: Cost
    access_bound: int
    over_bound: float
    fragmentation: Fragmentation
    element_wise: float
    printed: dict[PrintedDevice, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A table at one scale: the others are compared with the first.

    channels  whose are used, as the tables print them for a GPU and an ARM core
    """

    guideline: Guideline
    scale: int
    channels: PrintedDevice
    cases: tuple[Case, ...]

    def work(self, place: int) -> float:
        """The multiply-adds of a case over those of the first: 1, were they as equal as they should be."""
        return self.cases[place].cost.multiply_adds / self.cases[0].cost.multiply_adds

    def access(self, place: int) -> float:
        """The memory access of a case as a ratio to that of the first case."""
        return self.cases[place].cost.memory_access / self.cases[0].cost.memory_access

    def printed(self, device: PrintedDevice, place: int) -> float:
        """How many times as fast as the first a case is in the paper."""
        return self.cases[place].printed[device] / self.cases[0].printed[device]


def experiments(
    guideline: Guideline, scales: tuple[int, ...], channels: PrintedDevice, *, batch: int = 1
) -> tuple[Experiment, ...]:
    """The experiments of a guideline, one a scale."""
    spec = parse_file(NETWORKS)
    return tuple(
        Experiment(
            guideline=guideline,
            scale=scale,
            channels=channels,
            cases=tuple(case(spec, guideline, row, scale, channels, batch=batch) for row in guideline.rows),
        )
        for scale in scales
    )


def case(
    spec: Spec, guideline: Guideline, row: Row, scale: int, device: PrintedDevice, *, batch: int = 1
) -> Case:
    """The network of a row of the paper's table at a scale, with the channels for a device."""
    channels = row.channels(device, scale)
    inner = {"inner": channels[1]} if len(channels) > 1 else {}
    settings = {"input": (channels[0], *SIZE), **inner, **row.settings}
    graph = Reference(spec, guideline.variant).lower(settings, batch=batch)
    access = memory_access(graph)
    return Case(
        name=row.name,
        scale=scale,
        channels=channels,
        graph=graph,
        cost=totals(graph),
        access_bound=access.bound,
        over_bound=access.memory_access / access.bound,
        fragmentation=fragmentation(graph),
        element_wise=element_wise_share(graph) or 0.0,
        printed={each: row.speed(each, scale) for each in DEVICES},
    )
