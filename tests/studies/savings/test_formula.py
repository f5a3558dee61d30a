"""Formulas as people write them."""

import pytest

from archlens.errors import ExpressionError
from archlens.spec.expressions import Expression, Vocabulary, compile_expression
from archlens.studies.savings.formula import substituted, whole, written


def formula(text: str) -> Expression:
    return compile_expression(text, Vocabulary(frozenset({"c", "size", "kernel2", "g"}), frozenset()))


@pytest.mark.parametrize(
    ("text", "shown", "with_numbers"),
    [
        ("size**2 * (2 * c**2 + 9 * c)", "size²·(2·c² + 9·c)", "14²·(2·64² + 9·64)"),
        ("c * kernel2 // g - 1", "c·kernel2 / g − 1", "64·5 / 4 − 1"),
        ("2**3 * c", "2^3·c", "2^3·64"),
        ("2**20", "2^20", "2^20"),
        ("1 / c + 1 / kernel2**2", "1 / c + 1 / kernel2²", "1 / 64 + 1 / 5²"),
        ("round(sqrt(c))", "round(sqrt(c))", "round(sqrt(64))"),
        ("-c", "-c", "-64"),
    ],
)
def test_signs_and_numbers(text: str, shown: str, with_numbers: str) -> None:
    assert written(formula(text)) == shown
    assert substituted(formula(text), {"c": 64, "size": 14, "kernel2": 5, "g": 4, "r": 0}) == with_numbers


def test_what_a_formula_comes_to() -> None:
    assert (whole(12), whole(12.0), whole(0.5)) == (12, 12, 0.5)
    assert type(whole(12.0)) is int
    for value in (True, "c", None, (1,)):
        with pytest.raises(ExpressionError, match="is not a number"):
            whole(value)
