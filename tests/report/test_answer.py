"""An answer shows a result as every format does, and draws what it is given to draw."""

import pytest

from archlens.errors import UsageError
from archlens.report.answer import Answer
from archlens.report.result import Result
from archlens.report.table import Column, Table

RESULT = Result.of(lambda: Table((Column("n", "n"),), ((7,),)), lambda: {"n": 7})


def test_an_answer_shows_itself() -> None:
    answer = Answer(7, RESULT, "a number")
    assert str(answer).split() == ["n", "─", "7"]
    assert answer.table().rows == ((7,),)
    assert answer.frame()["n"].tolist() == [7]
    assert answer.as_dict() == {"n": 7}
    assert repr(answer) == "<a number: print() shows it, .frame() has its numbers>"
    assert "<td" in (answer._repr_html_() or "")


def test_a_chart_is_drawn_when_it_is_asked_for() -> None:
    assert Answer(7, RESULT, "a number", lambda: "a chart").plot() == "a chart"
    with pytest.raises(UsageError, match="no chart shows a number"):
        Answer(7, RESULT, "a number").plot()


def test_answers_are_equal_where_what_was_found_is() -> None:
    assert Answer(7, RESULT, "a number") == Answer(7, RESULT, "a number", lambda: None)
