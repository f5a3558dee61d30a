"""How every chart looks: colours, type, a title that says what to see, a line that says from where."""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from archlens.version import __version__

__all__ = [
    "ACCENT",
    "COLOURS",
    "INK",
    "MUTED",
    "SHAPES",
    "Chart",
    "framed",
    "rows_of",
    "signature",
    "stacked",
]

Chart = alt.VConcatChart
"""What every function here makes: it shows itself in a notebook, and `.save(FILE)` writes it."""

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#7A5195")
"""Colours that colour-blind readers tell apart (Okabe and Ito, 2008), and a dark violet."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
"""A shape beside each colour, as no colour carries meaning alone."""
ACCENT, INK, MUTED, LINES = "#0072B2", "#1f2328", "#59636e", "#d8dee4"
FONT = "Liberation Sans, Helvetica, Arial, sans-serif"
WIDTH = 640
"""Pixels of a chart between its axes, unless it has to be wider."""
LETTERS = {15: 7.6, 11: 5.3, 9: 4.5}
"""Pixels that a letter takes, about, by the size of the type: where lines are broken."""


def signature(about: Iterable[str] = ()) -> tuple[str, ...]:
    """The lines below a chart: who counted or predicted, and on which evidence.

    >>> signature()[0].startswith("archlens ")
    True
    """
    return (f"archlens {__version__}", *about)


def rows_of(values: Iterable[dict[str, Any]]) -> alt.InlineData:
    """The numbers that a chart is drawn from, a dictionary for each mark."""
    return alt.InlineData(values=[*values])


def framed(
    chart: Any, *, title: str, subtitle: Sequence[str] = (), source: Sequence[str] = (), width: int = WIDTH
) -> Chart:
    """A chart with what to see above it, and where it is from below.

    title     one sentence, the finding
    subtitle  lines of what is drawn
    source    lines below
    """
    head = alt.TitleParams(text=lines([title], width, 15), subtitle=lines(subtitle, width, 11))
    foot = alt.TitleParams(
        text=lines(source, width, 9),
        orient="bottom", anchor="start", fontSize=9, fontWeight="normal", color=MUTED, offset=14,
        lineHeight=12,
    )  # fmt: skip
    made: Chart = configured(alt.vconcat(chart.properties(title=head), title=foot))
    return made


def lines(sentences: Iterable[str], width: int, size: int) -> list[str]:
    """Sentences, broken into lines where they reach the end of a chart."""
    most = int(width / LETTERS[size])
    return [
        line
        for each in sentences
        for line in wrap(each.replace(" %", "\u00a0%"), most, break_on_hyphens=False)  # the two stay together
    ]


def stacked(charts: Sequence[Chart], shared: str = "") -> Chart:
    """Charts of several networks below each other, with one line that says from where.

    shared  the axis on which they all have one scale: x, y, or none
    """
    if len(charts) == 1:
        return charts[0]
    sources = [line for chart in charts for line in chart.to_dict()["title"]["text"]]
    inner = alt.vconcat(*(bare(chart) for chart in charts), spacing=34)
    foot = charts[0].title.copy()
    foot.text = [*dict.fromkeys(sources)]
    both = inner.properties(title=foot)
    both_have: Any = {shared: "shared"}
    made: Chart = configured(both.resolve_scale(**both_have) if shared else both)
    return made


def bare(chart: Chart) -> Any:
    """A chart without the line below. Altair moves numbers that all of its marks share up to its frame."""
    found = chart.vconcat[0].copy()
    if chart.data is not alt.Undefined:
        found.data = chart.data
    return found


def configured(chart: Any) -> Any:
    """The chart in our type and colours."""
    return (
        chart.configure(font=FONT, background="white", padding=12)
        .configure_view(stroke=None)
        .configure_title(
            anchor="start", frame="group", color=INK, fontSize=15, subtitleColor=MUTED, subtitleFontSize=11,
            subtitlePadding=6, offset=14, subtitleLineHeight=15, lineHeight=19,
        )
        .configure_axis(
            labelColor=INK, titleColor=MUTED, titleFontWeight="normal", titleFontSize=11, labelFontSize=11,
            gridColor=LINES, domainColor=LINES, tickColor=LINES, labelLimit=260, titlePadding=10,
        )
        .configure_legend(
            labelColor=INK, titleColor=MUTED, titleFontWeight="normal", titleFontSize=11, labelFontSize=11,
            labelLimit=220, symbolSize=70,
        )
        .configure_range(category=[*COLOURS])
    )  # fmt: skip
