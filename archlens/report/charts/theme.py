"""How every chart looks: colours, type, a title that says what to see, a line that says from where."""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from archlens.version import __version__

__all__ = ["ACCENT", "COLOURS", "INK", "MUTED", "SHAPES", "Chart", "framed", "rows_of", "signature"]

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
SIGN = 6.4
"""Pixels that a letter of a title takes, about: where lines are broken."""


def signature(about: Iterable[str] = ()) -> tuple[str, ...]:
    """The lines below a chart: who counted or predicted, and on which evidence.

    >>> signature()[0].startswith("archlens ")
    True
    """
    return (f"archlens {__version__}", *about)


def rows_of(values: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Numbers that a chart is drawn from: a mapping a mark."""
    return alt.InlineData(values=[*values])


def framed(
    chart: Any, *, title: str, subtitle: Sequence[str] = (), source: Sequence[str] = (), width: int = WIDTH
) -> Chart:
    """A chart with what to see above it, and where it is from below.

    title     one sentence, the finding
    subtitle  lines of what is drawn
    source    lines below
    """
    letters = int(width / SIGN)
    head = alt.TitleParams(
        text=wrap(title, letters),
        subtitle=[line for each in subtitle for line in wrap(each, int(1.2 * letters))],
    )
    foot = alt.TitleParams(
        text=[line for each in source for line in wrap(each, int(1.35 * letters))],
        orient="bottom", anchor="start", fontSize=9, fontWeight="normal", color=MUTED, offset=14,
        lineHeight=12,
    )  # fmt: skip
    made: Chart = configured(alt.vconcat(chart.properties(title=head), title=foot))
    return made


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
