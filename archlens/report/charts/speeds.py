"""Printed speeds against costs: which of them tells how fast a network is."""

from collections.abc import Callable, Sequence

import altair as alt

from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import COLOURS, SHAPES, WIDTH, Chart, framed, rows_of, signature
from archlens.report.table import correlation
from archlens.studies.guidelines.printed import DEVICES
from archlens.studies.guidelines.table8 import Network, correlations

__all__ = ["speeds"]

GAP = 70
HEIGHT = 300
SPEED = Quantity("speed", "batches of 8 a second")
COSTS: dict[str, tuple[Quantity, Callable[[Network], int]]] = {
    "multiply-adds": (Quantity("multiply-adds"), lambda network: network.cost.multiply_adds),
    "memory access": (Quantity("memory access", "elements"), lambda network: network.cost.memory_access),
}
"""What stands side by side, by the names that the correlations have."""
FAMILIES = ("ShuffleNet v1", "ShuffleNet v2", "MobileNet v1", "MobileNet v2", "IGCV3", "NASNet-A")


def speeds(found: Sequence[Network]) -> Chart:
    """A dot a network of ShuffleNet V2's Table 8: its speed on the GPU against each of two costs.

    The number above a panel is Spearman's rank correlation: −1 where the cheaper is always the faster.
    """
    ranks = {
        each.metric: each.spearman
        for each in correlations(tuple(found))
        if each.device == "gpu" and each.spearman is not None
    }
    panels = [panel(found, name, ranks[name]) for name in COSTS]
    told = {name: correlation(rank) for name, rank in ranks.items()}
    return framed(
        alt.hconcat(*panels, spacing=GAP),
        title=f"Speed follows memory access ({told['memory access']}) more than multiply-adds "
        f"({told['multiply-adds']})",
        subtitle=[
            f"{len(found)} networks on a {DEVICES['gpu']}; in the panels' titles, the rank correlation of "
            "speed and cost"
        ],
        source=signature(["speeds as printed in ShuffleNet V2, arXiv 1807.11164, Table 8; costs as counted"]),
    )


def panel(found: Sequence[Network], name: str, rank: float) -> alt.Chart:
    """One panel of the chart: a cost along x, the speed along y."""
    quantity, of = COSTS[name]
    across = quantity.domain(of(network) for network in found)
    up = SPEED.domain(network.speed("gpu") for network in found)
    rows = [
        {
            "network": network.printed.name,
            "family": family(network.printed.name),
            "cost": of(network),
            "speed": network.speed("gpu"),
        }
        for network in found
    ]
    names = [each for each in FAMILIES if any(row["family"] == each for row in rows)]
    legend = alt.Legend(title=None, orient="bottom", columns=6)
    made: alt.Chart = (
        alt.Chart(rows_of(rows), title=alt.TitleParams(f"{name}: {correlation(rank)}", fontSize=13))
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            x=alt.X("cost:Q", scale=quantity.scale(across), axis=quantity.axis(across)),
            y=alt.Y("speed:Q", scale=SPEED.scale(up), axis=SPEED.axis(up)),
            color=alt.Color(
                "family:N", scale=alt.Scale(domain=names, range=[*COLOURS[: len(names)]]), legend=legend
            ),
            shape=alt.Shape(
                "family:N", scale=alt.Scale(domain=names, range=[*SHAPES[: len(names)]]), legend=legend
            ),
            tooltip=["network:N", alt.Tooltip("cost:Q", format=".3~s"), "speed:Q"],
        )
        .properties(width=(WIDTH - GAP) / 2, height=HEIGHT)
    )
    return made


def family(name: str) -> str:
    """The family that a name of the table has in it.

    >>> family("0.75 MobileNet v2"), family("IGCV3-D (0.7)")
    ('MobileNet v2', 'IGCV3')
    """
    return next(each for each in FAMILIES if each in name)
