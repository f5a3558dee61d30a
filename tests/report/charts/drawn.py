"""What a chart is drawn from, taken out of its specification."""

from collections.abc import Iterator
from typing import Any

from archlens.report.charts.picture import picture

__all__ = ["datasets", "head", "marks", "rows", "stable"]


def specification(chart: Any) -> dict[str, Any]:
    """The specification; Altair holds it against Vega-Lite's schema."""
    found: dict[str, Any] = chart.to_dict()
    return found


def datasets(chart: Any) -> list[list[dict[str, Any]]]:
    """The tables that its marks are drawn from."""
    return [*specification(chart).get("datasets", {}).values()]


def rows(chart: Any, *keys: str) -> list[dict[str, Any]]:
    """The rows of the one table that has all of these columns."""
    (found,) = (table for table in datasets(chart) if table and set(keys) <= {*table[0]})
    return found


def head(chart: Any) -> tuple[str, str, str]:
    """Its title, what is drawn, and the source line, each as one text."""
    whole = specification(chart)
    title = whole["vconcat"][0]["title"]
    return " ".join(title["text"]), "\n".join(title["subtitle"]), "\n".join(whole["title"]["text"])


def marks(value: Any) -> Iterator[str]:
    """The kinds of marks in a specification."""
    if isinstance(value, dict):
        if "mark" in value:
            yield value["mark"] if isinstance(value["mark"], str) else value["mark"]["type"]
        for each in value.values():
            yield from marks(each)
    elif isinstance(value, list):
        for each in value:
            yield from marks(each)


def stable(chart: Any) -> str:
    """Its picture as text, drawn twice to the same bytes."""
    first = picture(chart, ".svg")
    assert first == picture(chart, ".svg")
    return first.decode()
