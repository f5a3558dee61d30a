"""What errors say, and that all of them can be caught as one."""

import inspect

import pytest

from archlens import errors
from archlens.errors import ArchlensError, Problem, SpecError, nearest


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("relo", ["relu", "conv"], "; did you mean relu?"),
        ("resnet5", ["resnet50", "vgg16"], "; did you mean resnet50?"),
        ("max_pol", {"max_pool": 1, "average_pool": 2}, "; did you mean max_pool?"),
        ("zzz", ["relu", "conv"], ""),
        ("relu", [], ""),
        ("a", ["A", "B"], "; did you mean A?"),
        ("ReLU", ["relu", "conv"], "; did you mean relu?"),
        ("", ["relu"], ""),
    ],
)
def test_nearest(name: str, known: list[str], expected: str) -> None:
    assert nearest(name, known) == expected


def test_nearest_does_not_depend_on_the_order() -> None:
    assert nearest("conx", ["conv", "cony"]) == nearest("conx", ["cony", "conv"])


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (
            Problem("resnet.yaml", 41, "stage2.0.conv1 (conv)", "out=0 is not a positive integer"),
            "resnet.yaml:41 stage2.0.conv1 (conv): out=0 is not a positive integer",
        ),
        (Problem("resnet.yaml", 41, "", "is not YAML"), "resnet.yaml:41: is not YAML"),
        (Problem("resnet.yaml", 0, "", "is empty"), "resnet.yaml: is empty"),
        (Problem("resnet.yaml", 0, "stem", "is empty"), "resnet.yaml stem: is empty"),
    ],
)
def test_a_problem_says_where_what_and_why(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_spec_error_carries_every_problem() -> None:
    problems = [Problem("a.yaml", 1, "", "one"), Problem("a.yaml", 2, "stem", "two")]
    error = SpecError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:1: one\na.yaml:2 stem: two"


def test_every_error_is_in_the_tree_and_in_the_drawing() -> None:
    classes = [
        value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, Exception)
    ]
    assert classes
    for error in classes:
        assert issubclass(error, ArchlensError)
        assert error.__name__ in errors.__all__
        assert errors.__doc__
        assert error.__name__ in errors.__doc__
        assert error.__doc__


def test_everything_public_is_there() -> None:
    assert all(hasattr(errors, name) for name in errors.__all__)
