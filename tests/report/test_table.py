"""Cells as people see them, and which columns they see."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archlens.report.render import render_table, render_text
from archlens.report.table import (
    AtLeast,
    Column,
    Table,
    correlation,
    count,
    count_bytes,
    ratio,
    shape,
    share,
    text,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("show", "value", "expected"),
    [
        (text, None, ""),
        (text, "stem", "stem"),
        (text, 0, "0"),
        (count, None, ""),
        (count, 25_557_032, "25.56M"),
        (count, 0, "0"),
        (count, AtLeast(25_557_032), "≥25.56M"),
        (count_bytes, 960, "960B"),
        (count_bytes, AtLeast(425_995_840), "≥426.0MB"),
        (share, None, ""),
        (share, 0.1234, "12.3%"),
        (share, 1.0, "100.0%"),
        (ratio, None, ""),
        (ratio, 1.2249, "1.22×"),
        (ratio, 0.1, "0.10×"),
        (ratio, 0.00151, "0.0015×"),
        (ratio, 0.0, "0×"),
        (ratio, AtLeast(1.2249), "≥1.22×"),
        (shape, None, ""),
        (shape, (1, 64, 56, 56), "64×56×56"),
        (shape, (2, 64, 56, 56), "2×64×56×56"),
        (shape, (1, 1000), "1000"),
        (shape, (1,), "1"),
        (shape, (1, 1), "1"),
        (shape, (), ""),
    ],
)
def test_cells(show: Callable[[Any], str], value: object, expected: str) -> None:
    assert show(value) == expected


def test_correlations() -> None:
    assert [correlation(value) for value in (-0.966, 0.5, None)] == ["−0.97", "0.50", ""]


def test_people_do_not_see_columns_for_machines() -> None:
    columns = (Column("name", ""), Column("reads", "reads", count, machine=True), Column("x", "x", count))
    table = Table(columns, (("a", 1000, 2000), ("b", 3, None)), totals=("all", 1003, 2000))
    shown, rows, totals = table.shown()
    assert [column.key for column in shown] == ["name", "x"]
    assert rows == [["a", "2.000k"], ["b", ""]]
    assert totals == ["all", "2.000k"]


def test_a_table_without_totals() -> None:
    assert Table((Column("name", ""),), ()).shown() == ((Column("name", ""),), [], None)


def test_a_word_is_broken_where_headings_have_to_be_narrow() -> None:
    broken, own = Column("a", "frag\u00ad\nments"), Column("b", "multiply-\nadds a\nbyte")
    assert (broken.lines, broken.heading) == (["frag-", "ments"], "fragments")
    assert (own.lines, own.heading) == (["multiply-", "adds a", "byte"], "multiply-adds a byte")
    table = Table((broken, own), ((1, 2),))
    assert render_text(table).split()[:3] == ["multiply-", "frag-", "adds"]
    for format in ("markdown", "latex", "html"):
        written = render_table(table, format)
        assert "fragments" in written
        assert "multiply-adds a byte" in written


def test_no_heading_has_a_hyphen_that_its_word_has_not() -> None:
    """In all that is written by the report, the hyphens at the ends of lines."""
    written = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "archlens").rglob("*.py"))
    assert set(re.findall(r"\w+-\\n\w+", written)) <= {"multiply-\\nadds", "element-\\nwise"}
