"""Counts in a style, by hand and against Python's own rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.errors import UsageError
from archlens.quantity import Quantity
from archlens.report.render import render_text
from archlens.report.style import Style, styled
from archlens.report.table import AtLeast, Column, Shown, Table, count, text


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        (Style(), 25_557_032, "25.56M"),
        (Style(2), 25_557_032, "26M"),
        (Style(1), 25_557_032, "30M"),
        (Style(5), 25_557_032, "25.557M"),
        (Style(3), 999_999, "1.00M"),
        (Style(3), 999, "999"),
        (Style(1, "M"), 25_557_032, "25.6M"),
        (Style(unit="M"), 4_089_184_256, "4089.18M"),
        (Style(0, "M"), 146_000_000, "146M"),
        (Style(2, "G"), AtLeast(4_089_184_256), "≥4.09G"),
        (Style(2, "G"), None, ""),
    ],
)
def test_by_hand(style: Style, value: object, shown: str) -> None:
    assert style.count(value) == shown


@given(st.integers(10**6, 10**15), st.integers(1, 6))
def test_significant_digits_are_those_of_decimal(value: int, digits: int) -> None:
    rounded = Decimal(f"{Decimal(value):.{digits - 1}e}")
    assert abs(Quantity.parse(Style(digits).count(value)).value - rounded) <= rounded * Decimal("1e-9")


def test_an_unknown_unit() -> None:
    with pytest.raises(UsageError, match="--units B is not one of k, M, G, T"):
        Style(unit="B")


def test_only_counts_change() -> None:
    table = Table(
        (Column("a", "a", count), Column("b", "b", text), Column("c", "c")),
        ((1_234_567, 1_234_567, Shown(1_234_567, count)),),
        totals=(1_234_567, 0, None),
    )
    assert styled(table, Style()) is table
    assert render_text(styled(table, Style(2))).splitlines()[2].split() == ["1.2M", "1234567", "1.2M"]


def test_of_a_profile() -> None:
    table = styled(archlens.profile(archlens.load("lenet5")).table(), Style(3, "k"))
    assert "61.706k" in render_text(table)
