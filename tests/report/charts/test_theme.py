"""What all charts share."""

import archlens
from archlens.report.charts.theme import COLOURS, SHAPES, framed, rows_of, signature


def test_the_source_line_tells_the_version() -> None:
    assert signature(["rtx4090: …"]) == (f"archlens {archlens.__version__}", "rtx4090: …")


def test_every_colour_has_a_shape() -> None:
    assert len(set(COLOURS)) == len(COLOURS) == len(set(SHAPES)) == len(SHAPES)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_type_can_be_read_on_white() -> None:
    from archlens.report.charts.theme import INK, MUTED

    for colour in (INK, MUTED):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_long_titles_are_broken_not_cut() -> None:
    import altair as alt

    title = "a title that is far too long for a line of a chart of this width, " * 3
    made = framed(alt.Chart(rows_of([{"a": 1}])).mark_point(), title=title, source=["x"]).to_dict()
    lines = made["vconcat"][0]["title"]["text"]
    assert " ".join(lines) == title.strip()
    assert max(map(len, lines)) <= 100
