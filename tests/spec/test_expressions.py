"""Expressions mean what they mean in Python, where they mean anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.errors import ExpressionError
from archlens.spec.expressions import Vocabulary, compile_expression, compile_template, constant, listed
from archlens.spec.read import Value

NAMES: dict[str, Value] = {"a": 3, "b": 0.5, "c": -7, "yes": True, "some": (1, 2, 3)}
VOCABULARY = Vocabulary(frozenset(NAMES), frozenset({"relu", "same"}))
SHAPE = (2, 16, 8, 4)


def value(text: str) -> Value:
    return compile_expression(text, VOCABULARY).evaluate(NAMES, SHAPE)


def attempt(text: str) -> tuple[Value, str]:
    """The value, or why there is none."""
    try:
        return value(text), ""
    except ExpressionError as error:
        return None, str(error)


NUMBER = st.recursive(
    st.sampled_from(["0", "1", "2", "3", "10", "0.5", "2.25", "a", "b", "c", "some[1]", "len(some)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(
            lambda t: f"({' '.join(t)})"
        ),
        st.tuples(inner, st.sampled_from(["0", "1", "2", "3"])).map(lambda t: f"({t[0]} ** {t[1]})"),
        inner.map(lambda x: f"(-{x})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["round", "ceil", "floor"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[3]})"),
        inner.map(lambda x: f"[{x}, 1][0]"),
    ),
    max_leaves=12,
)
TRUTH = st.recursive(
    st.tuples(
        NUMBER,
        st.sampled_from(["<", "<=", "==", "!=", ">", ">="]),
        NUMBER,
        st.sampled_from(["<", "=="]),
        NUMBER,
    ).map(" ".join)
    | st.just("yes")
    | NUMBER.map(lambda x: f"{x} in [1, 2, 3]"),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({' '.join(t)})")
        | inner.map(lambda x: f"(not {x})")
    ),
    max_leaves=4,
)


def python(text: str) -> object:
    """The oracle: Python itself, over the same names."""
    from math import ceil, floor

    functions = {"min": min, "max": max, "round": round, "ceil": ceil, "floor": floor, "len": len}
    return eval(text, {"__builtins__": {}, **functions}, dict(NAMES))


@given(NUMBER | TRUTH)
def test_it_is_what_python_says(text: str) -> None:
    if len(text) > 400:
        return
    try:
        expected = python(text)
    except (ZeroDivisionError, OverflowError):
        with pytest.raises(ExpressionError):
            value(text)
        return
    found, refusal = attempt(text)
    if refusal:
        assert "larger than 10^15" in refusal or "nested more than 40 deep" in refusal
    else:
        assert found == expected
        assert type(found) is type(expected)


@given(st.text(alphabet="ab10 .,()[]{}+-*/%<>=!'\"_:\\\n\tif else not and or lambda é\0", max_size=40))
def test_any_text_is_a_value_or_an_error_on_a_line(text: str) -> None:
    assert "\n" not in attempt(text)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in_channels", 16), ("in_height // 2", 4), ("in_width", 4), ("relu", "relu"), ("'any'", "any"),
        ("True", True), ("true", True), ("false or yes", True), ("None", None), ("null", None),
        ("sqrt(16)", 4.0),
        ("divisible(35.2, 8)", 32), ("some[-1]", 3), ("[a, [b]]", (3, (0.5,))), ("some + [4]", (1, 2, 3, 4)),
        ("[0] * a", (0, 0, 0)), ("2 not in some", False), ("(1, 2)", (1, 2)), ("min(some)", 1),
        ("1 < a < 5", True),
        ("5 < a < 1 // 0", False), ("a == relu", False), ("'relu' == relu", True), ("max(1, 2.5)", 2.5),
        ("(" * 150 + "1" + ")" * 150, 1), (" a ", 3), ("a if yes else 1 // 0", 3), ("0x10", 16),
        ("1_000", 1000),
    ],
)  # fmt: skip
def test_values(text: str, expected: Value) -> None:
    assert value(text) == expected
    assert type(value(text)) is type(expected)


def test_surroundings_of_a_vector_are_one() -> None:
    assert compile_expression("[in_channels, in_height, in_width]", VOCABULARY).evaluate({}, (1, 5)) == (
        5,
        1,
        1,
    )
    assert compile_expression("in_channels", VOCABULARY).evaluate({}, (9,)) == 1


def test_an_error_shows_the_values_that_it_read() -> None:
    with pytest.raises(ExpressionError) as caught:
        value("in_channels // (a - 3)")
    assert str(caught.value) == "'in_channels // (a - 3)': a division by zero (a=3, in_channels=16)"


def test_a_name_comes_before_a_word() -> None:
    vocabulary = VOCABULARY.with_names("relu")
    assert compile_expression("relu", vocabulary).evaluate({"relu": 8}, SHAPE) == 8


def test_templates() -> None:
    assert compile_template("stage{a}_{a + 1}", VOCABULARY).evaluate(NAMES, SHAPE) == "stage3_4"
    assert compile_template("plain", VOCABULARY).evaluate({}, SHAPE) == "plain"
    with pytest.raises(ExpressionError, match="d has no value here"):
        compile_template("{d}", VOCABULARY)


def test_lists_of_expressions() -> None:
    both = listed([constant(1), compile_expression("a * 2", VOCABULARY)])
    assert both.text == "[1, a * 2]"
    assert both.names == {"a"}
    assert both.evaluate(NAMES, SHAPE) == (1, 6)
