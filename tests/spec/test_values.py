"""Values: what the functions give, and that nothing grows without bound."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.errors import ExpressionError
from archlens.spec.read import Value
from archlens.spec.values import BINARY, FUNCTIONS, MAX_ELEMENTS, MAX_NUMBER, bounded, divisible, joined, show

NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
VALUES: st.SearchStrategy[Value] = st.recursive(
    NUMBERS | st.booleans() | st.none() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=8,
)


def elements(value: Value) -> int:
    return 1 + sum(map(elements, value)) if isinstance(value, tuple) else 1


@given(VALUES, VALUES, st.sampled_from(sorted(BINARY, key=lambda op: op.__name__)))
def test_operators_give_bounded_values_or_a_reason(left: Value, right: Value, op: type) -> None:
    try:
        result = BINARY[op](left, right)
    except (ExpressionError, ZeroDivisionError, OverflowError):
        return
    if isinstance(result, tuple):
        assert elements(result) <= MAX_ELEMENTS + 1
    elif not isinstance(result, bool):
        assert isinstance(result, int | float)
        assert abs(result) <= MAX_NUMBER


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(VALUES, min_size=1, max_size=3))
def test_functions_give_values_or_a_reason(name: str, arguments: list[Value]) -> None:
    function, fewest, most = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        return
    with suppress(ExpressionError):
        assert type(function(*arguments)) in (int, float)


@pytest.mark.parametrize(
    ("value", "divisor", "expected"),
    [
        # torchvision's MobileNetV2 at width 1.4 and 0.35, EfficientNet-B1: 32 · 1.4 = 44.8 → 48, …
        (44.8, 8, 48), (22.4, 8, 24), (33.6, 8, 32), (11.2, 8, 16), (5.6, 8, 8), (1, 8, 8), (35.2, 8, 32),
        (12, 8, 16),
        (11, 8, 16), (10, 1, 10), (0, 4, 4),
    ],
)  # fmt: skip
def test_divisible_rounds_as_the_mobilenets_do(value: Value, divisor: Value, expected: int) -> None:
    assert divisible(value, divisor) == expected


@given(st.floats(0, 1e6), st.integers(1, 64))
def test_divisible_never_takes_more_than_a_tenth(value: float, divisor: int) -> None:
    result = divisible(value, divisor)
    assert result % divisor == 0
    assert result >= 0.9 * value
    assert result <= max(divisor, value + divisor * 1.5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1, (2.5, "a"), True), "[1, [2.5, a], true]"), (None, "null"), (False, "false"), ((), "[]"),
        ("x" * 70, "x" * 59 + "…"), (tuple(range(30)), "[" + ", ".join(map(str, range(16))) + ", 16,…"),
    ],
)  # fmt: skip
def test_show(value: Value, text: str) -> None:
    shown = show(value)
    assert len(shown) <= 60
    assert shown == text or (isinstance(value, tuple) and len(value) == 30 and shown[:30] == text[:30])


@pytest.mark.parametrize("value", [10**15 + 1, -(10**15) - 1, math.inf, math.nan, 1j])
def test_what_is_out_of_bounds(value: complex) -> None:
    with pytest.raises(ExpressionError):
        bounded(value)


def test_depth_has_a_bound() -> None:
    value: Value = ()
    for _ in range(65):
        value = joined([value])
    with pytest.raises(ExpressionError, match="more than 64 deep"):
        joined([value])


def test_empty_lists_count() -> None:
    with pytest.raises(ExpressionError, match="more than 1000 elements"):
        joined([(((),) * 40)] * 40)
