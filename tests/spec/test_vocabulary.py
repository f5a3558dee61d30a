"""The words of the language do not get into each other's way."""

import pytest

from archlens.ops import OPERATORS
from archlens.spec.expressions import SURROUNDINGS
from archlens.spec.values import FUNCTIONS
from archlens.spec.vocabulary import CALLABLE, JOINS, OPTION_WORDS, SIGNATURES, STRUCTURE, mismatch


def test_an_operator_is_called_or_joins_or_is_made_by_the_language() -> None:
    assert set(CALLABLE) | set(JOINS) | {"input", "split"} == set(OPERATORS)
    assert not set(CALLABLE) & set(JOINS)


def test_no_operator_has_the_name_of_a_key() -> None:
    assert not set(CALLABLE) & set(STRUCTURE)
    assert not {*CALLABLE, *OPTION_WORDS} & {*FUNCTIONS, *SURROUNDINGS} - set(CALLABLE)


def test_the_words_of_paddings_and_of_upsampling() -> None:
    assert {"same", "valid", "tensorflow_same", "nearest", "bilinear"} <= OPTION_WORDS


def test_signatures_tell_what_must_be_given() -> None:
    assert SIGNATURES["conv"]["out"] is True
    assert SIGNATURES["conv"]["kernel"] is False
    assert SIGNATURES["relu"] == {}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (["width"], ""),
        (["width", "stride"], ""),
        ([], "needs width"),
        (["widht"], "has no argument widht; did you mean width?"),
        (["xyz", "width"], "has no argument xyz (it takes width, stride)"),
    ],
)
def test_mismatch(given: list[str], text: str) -> None:
    assert mismatch({"width": True, "stride": False}, given) == text


def test_mismatch_names_all_that_is_missing() -> None:
    assert mismatch({"a": True, "b": True}, []) == "needs a and b"
    assert mismatch({}, ["a"]) == "has no argument a (it takes none)"
