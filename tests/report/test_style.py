"""Counts in a style, by hand and against Python's own rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.errors import UsageError
from archlens.quantity import Quantity
from archlens.report.render import render_csv, render_text
from archlens.report.result import Result
from archlens.report.style import Style, restyled, styled
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


@pytest.mark.parametrize(
    ("style", "seconds", "shown"),
    [
        (Style(), 0.0123456, "12.35 ms"),
        (Style(1), 0.0123456, "10 ms"),
        (Style(2), 0.0123456, "12 ms"),
        (Style(6), 0.0123456, "12.3456 ms"),
        (Style(2), 0.9999, "1.0 s"),
        (Style(2), 999.9, "1000 s"),
        (Style(2), 3e-9, "0.0030 µs"),
        (Style(2), -0.0123456, "−12 ms"),
        (Style(2), AtLeast(0.0123456), "≥12 ms"),
        (Style(2, "M"), 0.0123456, "12.35 ms"),
        (Style(2), 0.0, "0"),
        (Style(2), None, ""),
    ],
)
def test_times_by_hand(style: Style, seconds: object, shown: str) -> None:
    assert style.duration(seconds) == shown


@given(st.floats(1e-6, 1e4), st.integers(1, 8))
def test_times_keep_so_many_digits(seconds: float, digits: int) -> None:
    number, unit = Style(digits).duration(seconds).split(" ")
    told = Decimal(number) * {"s": Decimal(1), "ms": Decimal("1e-3"), "µs": Decimal("1e-6")}[unit]
    assert told == Decimal(f"{seconds:.{digits - 1}e}")


def test_intervals_and_bytes() -> None:
    assert Style(2).spread((0.0123, 0.0156)) == "12–16 ms"
    assert Style(2).spread((0.0009, 0.0011)) == "900 µs – 1.1 ms"
    assert Style(2, "M").spread((0.0123, 0.0156)) == "12.30–15.60 ms"
    assert Style(2).spread(None) == ""
    assert [Style(3).bytes(102_228_128), Style(1, "M").bytes(102_228_128)] == ["102MB", "102.2MB"]
    assert Style(3).count(25 * 10**24) == "25.0Y"


def test_an_unknown_unit() -> None:
    with pytest.raises(UsageError, match="--units B is not one of k, M, G, T"):
        Style(unit="B")
    with pytest.raises(
        UsageError, match="--digits 0: without --units digits are significant ones, 1 or more"
    ):
        Style(0)


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


def test_flops_take_the_place_of_multiply_adds() -> None:
    profile = archlens.profile(archlens.load("lenet5"))
    shown = render_text(styled(profile.table(), Style(flops=2)))
    assert "833.0k" in shown  # twice 416,520
    assert "FLOPs" in shown.splitlines()[3]
    assert "adds" not in shown.splitlines()[3]
    assert shown.endswith("FLOPs: 2 for each multiply-add\n")
    assert "235200" in render_csv(styled(profile.table(), Style(flops=2)))


def test_flops_of_what_is_not_complete_are_a_lower_bound() -> None:
    table = Table((Column("multiply_adds", "multiply-\nadds", count),), ((AtLeast(10**6),), (None,)))
    assert render_text(styled(table, Style(1, flops=2))).split()[2:3] == ["≥2M"]


def test_flops_stand_beside_multiply_adds_in_json() -> None:
    found = {"multiply_adds": 3, "rows": [{"multiply_adds": 1}], "multiply_adds_ratio": 0.5}
    result = Result.of(lambda: Table((), ()), lambda: found)
    assert restyled(result, Style(flops=2)).dictionary() == {
        "multiply_adds": 3, "flops": 6, "rows": [{"multiply_adds": 1, "flops": 2}],
        "multiply_adds_ratio": 0.5,
    }  # fmt: skip
    assert restyled(result, Style(2)).dictionary() == found
    assert restyled(result, Style()) is result


def test_differences_keep_their_sign() -> None:
    assert [Style(2).signed(value) for value in (1_234_567, -1_234_567, 0)] == ["+1.2M", "−1.2M", "0"]
