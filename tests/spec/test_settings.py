"""What a setting may hold, and what is said of what it may not."""

import pytest

from archlens.spec.read import Value
from archlens.spec.settings import Kind, Setting, inferred, input_refusal, is_input

GATE = Setting("gate", "none", Kind("word"), choices=("none", "pre", "Post"))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1,), "integer"),
        ((1, 2, 3), "integer"),
        ((1.5,), "number"),
        ((1, 0.5), "number"),
        ((True,), "boolean"),
        ((True, 1), "value"),
        (("a",), "word"),
        ((None,), "value"),
        (((1, 2),), "list of integers"),
        (((1, 2.5),), "list of numbers"),
        ((((1,), (4, 3)), ((2.5,),)), "list of lists of numbers"),
        (((),), "list of values"),
        (((), (3,)), "list of integers"),
        (((1,), 2), "value"),
    ],
)
def test_the_narrowest_kind_that_holds_all(values: tuple[Value, ...], kind: str) -> None:
    found = inferred(*values)
    assert str(found) == kind
    assert all(found.holds(value) for value in values)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind("integer"), True),
        (Kind("integer"), 1.0),
        (Kind("integer"), "1"),
        (Kind("integer"), (1,)),
        (Kind("number"), False),
        (Kind("boolean"), 1),
        (Kind("boolean"), "true"),
        (Kind("word"), 3),
        (Kind("word", 1), "a"),
        (Kind("integer", 1), (1, (2,))),
        (Kind("integer", 2), (1, 2)),
    ],
)
def test_what_a_kind_does_not_hold(kind: Kind, value: Value) -> None:
    assert not kind.holds(value)


@pytest.mark.parametrize(
    ("setting", "value", "refusal"),
    [
        (GATE, True, "gate=true: expected none, pre or Post"),
        (GATE, "post", "gate=post: expected none, pre or Post; did you mean Post?"),
        (GATE, "nne", "gate=nne: expected none, pre or Post; did you mean none?"),
        (GATE, ("pre",), "gate=[pre]: expected none, pre or Post; did you mean pre?"),
        (
            Setting("gates", ("a",), Kind("word", 1), choices=("a", "b")),
            ("a", "c"),
            "gates=[a, c]: expected a list of a or b, such as [a]",
        ),
        (Setting("on", False, Kind("boolean")), "yes", "on=yes: expected true or false"),
        (
            Setting("on", False, Kind("boolean")),
            "True",
            "on=True: expected true or false; did you mean true?",
        ),
        (Setting("w", 1.0, Kind("number")), (0.5, 0.75), "w=[0.5, 0.75]: expected a number"),
        (Setting("n", 3, Kind("integer"), least=1), 0, "n=0: expected an integer, at least 1"),
        (Setting("n", 3, Kind("integer"), most=4), 5, "n=5: expected an integer, at most 4"),
        (Setting("p", 0.2, Kind("number"), least=0, most=1), 2, "p=2: expected a number from 0 to 1"),
        (
            Setting("d", (3, 4), Kind("integer", 1), least=1, length=2),
            (3, 0),
            "d=[3, 0]: expected a list of 2 integers, at least 1, such as [3, 4]",
        ),
        (
            Setting("d", (3, 4), Kind("integer", 1), length=2),
            (3, 4, 6),
            "d=[3, 4, 6]: expected 2 elements, not 3",
        ),
        (Setting("k", 1, Kind("value"), choices=(1, "x")), True, "k=true: expected 1 or x"),
    ],
)
def test_a_refusal_says_what_was_expected(setting: Setting, value: Value, refusal: str) -> None:
    assert setting.refusal(value) == refusal
    assert setting.refusal(setting.default) == ""


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ((3, 160, 160), ""),
        ((1, 28, 28), ""),
        ((3, 224, 3), ""),
        ((64, 32, 3), "input 64x32x3 has its channels last: expected channels, height and width, 3x64x32"),
        (
            (224, 224, 3),
            "input 224x224x3 has its channels last: expected channels, height and width, 3x224x224",
        ),
        ((224, 224), "input 224x224: expected 3 axes, such as 3x224x224"),
    ],
)
def test_an_input_with_its_channels_last_is_told(given: tuple[int, ...], refusal: str) -> None:
    assert is_input(given)
    assert input_refusal((3, 224, 224), given) == refusal
