"""Activations that are alive while a network runs, node by node, with the peak."""

import altair as alt

from archlens.analyses import peak_activations
from archlens.graph import Graph
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.stages import bands, stages
from archlens.report.charts.theme import ACCENT, COLOURS, INK, WIDTH, Chart, framed, rows_of, signature
from archlens.report.metric import DTYPES
from archlens.report.table import shape

__all__ = ["activations"]

HEIGHT = 280
BYTES = Quantity("activations alive", "B", logarithmic=False)


def activations(graph: Graph, dtype: str = "float32") -> Chart:
    """Bytes of activations alive while each node runs, in the order of the graph, and where they peak."""
    found, size = peak_activations(graph), DTYPES[dtype]
    count = len(found.live)
    alive = [
        {"order": place, "node": node.name, "bytes": size * elements}
        for place, (node, elements) in enumerate(zip(graph.nodes, found.live, strict=True))
    ]
    peak, at = size * found.inference.elements, found.inference.node
    across = alt.X(
        "order:Q",
        scale=alt.Scale(domain=[0, count], nice=False),
        axis=alt.Axis(title="nodes in the order in which they run", grid=False, tickCount=8),
    )
    up = alt.Y(
        "bytes:Q",
        scale=alt.Scale(domain=[0, 1.16 * peak], nice=False),
        axis=BYTES.axis(),
    )
    curve = (
        alt.Chart(rows_of([*alive, {**alive[-1], "order": count}]))
        .mark_area(
            interpolate="step-after", color=ACCENT, opacity=0.55, line={"color": ACCENT, "strokeWidth": 1}
        )
        .encode(x=across, y=up, tooltip=["node:N", alt.Tooltip("bytes:Q", format=".4~s")])
    )
    marked = rows_of(
        [{"order": at + 0.5, "bytes": peak, "said": f"{BYTES.shown(peak)} at {graph.nodes[at].name}"}]
    )
    left = at > count / 2
    point = alt.Chart(marked).mark_point(filled=True, color=COLOURS[3], size=60).encode(x=across, y=up)
    text = (
        alt.Chart(marked)
        .mark_text(align="right" if left else "left", dx=-8 if left else 8, dy=-9, fontSize=12, color=INK)
        .encode(x=across, y=up, text="said:N")
    )
    return framed(
        alt.layer(*bands(stages(graph), count), curve, point, text).properties(width=WIDTH, height=HEIGHT),
        title=f"{graph.model}: {BYTES.shown(peak)} of activations are alive at once, "
        f"{100 * at / count:.0f} % of the way through",
        subtitle=[
            f"at inference, each freed after its last reader; input {shape(graph.input_shape)}, {dtype}, "
            f"{count} nodes",
            *unknown(graph),
        ],
        source=signature(),
    )


def unknown(graph: Graph) -> list[str]:
    """The note on an incomplete network, of whose memory some is not known."""
    if graph.complete:
        return []
    return [f"what {len(graph.uncosted)} operators without a rule keep inside is not counted: ≥"]
