"""Table 8 of ShuffleNet V2 as tables: what its networks cost, how fast they are, and which cost tells."""

from collections.abc import Sequence
from typing import Any

from archlens.quantity import plural
from archlens.report.guideline_notes import unreliable
from archlens.report.guidelines import difference, figure, speed_values, speeds
from archlens.report.table import Column, Table, correlation, count, share
from archlens.studies.guidelines.printed import DEVICES
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.table8 import METRICS, Correlation, Network, correlations

__all__ = ["correlation_table", "table8_as_dict", "table8_table"]

NAMES = {"gpu": "GPU", "arm": "ARM", "here": "here"}


def millions(value: Any) -> str:
    """A count in millions, as the table prints it: 146."""
    return "" if value is None else str(value // 10**6)


COSTS = (
    Column("network", "network", right=False),
    Column("model", "model", machine=True),
    Column("level", "level", machine=True),
    Column("printed_multiply_adds", "MFLOPs", millions, priority=4),
    Column("multiply_adds", "multiply-\nadds", count),
    Column("difference", "±", difference, priority=3, derived=True, follows=True),
    Column("memory_access", "memory\naccess", count),
    Column("fragments", "frag\u00ad\nments"),
    Column("parallel_width", "side by\nside", priority=2),
    Column("kernels", "kernels", priority=1),
    Column("access_without_products", "element-\nwise", share),
    Column("printed_gpu", "GPU", figure),
    Column("printed_arm", "ARM", figure),
)


def table8_table(found: Sequence[Network], race: Race | None = None) -> Table:
    """A row a network, as in the paper, with what we count and, if measured, how fast it is here."""
    batch = found[0].graph.input_shape[0]
    measured = (
        Column("batches_per_second", "here", figure),
        Column("images_per_second", "here,\nimages/s", figure, machine=batch == 1),
        Column("batches_interval", "95 %\ninterval", speeds, priority=5, derived=True),
        Column("batches_low", "low", machine=True),
        Column("batches_high", "high", machine=True),
    )
    columns = (*COSTS, *measured) if race else COSTS
    footer = [
        f"as printed: MFLOPs; GPU: {DEVICES['gpu']}, batches of 8 a second; ARM: {DEVICES['arm']}, images/s"
        + ("; here: batches/s" if race else ""),
        "±: our multiply-adds against those printed",
    ]
    if race:
        footer += unreliable(
            (network.printed.name, speed.doubts) for network, speed in zip(found, race.speeds, strict=True)
        )
        footer.append(race.where[1])
    return Table(
        columns,
        tuple(tuple(values.get(column.key) for column in columns) for values in _rows(found, race)),
        title=f"Table 8: networks of the catalogue{f'; {race.where[0]}' if race else ''}",
        footer=tuple(footer),
    )


def correlation_table(found: Sequence[Network], race: Race | None = None) -> Table:
    """A row a metric: how it ranks the networks, against the ranking by each speed."""
    listed = _correlations(found, race)
    devices = list(dict.fromkeys(each.device for each in listed))
    by_metric: dict[str, dict[str, Correlation]] = {metric: {} for metric in METRICS}
    for each in listed:
        by_metric[each.metric][each.device] = each
    kinds = {"spearman": "Spearman", "kendall": "Kendall", "within": "in a level"}
    columns = (
        Column("metric", "metric", right=False),
        *(
            Column(f"{kind}_{device}", f"{word}\n{NAMES[device]}", correlation)
            for kind, word in kinds.items()
            for device in devices
        ),
    )
    rows = tuple(
        (metric, *(getattr(its[device], kind) for kind in kinds for device in devices))
        for metric, its in by_metric.items()
    )
    return Table(
        columns,
        rows,
        title=f"rank correlations of costs and speeds, {plural(len(found), 'network')}",
        footer=(
            "−1: what costs more is always slower; 0: the cost says nothing about the speed",
            "in a level: Kendall's, between networks of about as many multiply-adds (40, 140, 300, 500M)",
        ),
    )


def table8_as_dict(found: Sequence[Network], race: Race | None = None) -> dict[str, Any]:
    """Both tables as `--format json` prints them."""
    return {
        "source": "arXiv 1807.11164, Table 8",
        "networks": _rows(found, race),
        "correlations": [
            {
                "metric": each.metric,
                "device": each.device,
                "spearman": each.spearman,
                "kendall": each.kendall,
                "kendall_within_level": each.within,
            }
            for each in _correlations(found, race)
        ],
        "measured": list(race.where) if race else [],
    }


def _correlations(found: Sequence[Network], race: Race | None) -> tuple[Correlation, ...]:
    return correlations(tuple(found), [speed.batches for speed in race.speeds] if race else ())


def _rows(found: Sequence[Network], race: Race | None) -> list[dict[str, Any]]:
    return [
        {
            "network": network.printed.name,
            "model": network.graph.model,
            "level": network.printed.level,
            "input": list(network.graph.input_shape[1:]),
            "printed_multiply_adds": network.printed.millions * 10**6,
            "multiply_adds": network.cost.multiply_adds,
            "difference": network.cost.multiply_adds / (network.printed.millions * 10**6),
            "memory_access": network.cost.memory_access,
            "fragments": network.fragmentation.fragments,
            "parallel_width": network.fragmentation.parallel_width,
            "kernels": network.fragmentation.kernels,
            "access_without_products": network.element_wise,
            **{f"printed_{device}": network.speed(device) for device in DEVICES},
            **(speed_values(race, place, network.graph.input_shape[0]) if race else {}),
        }
        for place, network in enumerate(found)
    ]
