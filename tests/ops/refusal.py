"""How operators refuse: an OperatorError, on one line, with the values in it."""

from collections.abc import Callable

import pytest

from archlens.errors import OperatorError
from archlens.ops import Op, Shape

__all__ = ["refusal", "refuses"]


def refusal(attempt: Callable[[], object]) -> str:
    """The text of the OperatorError that an attempt ends in."""
    with pytest.raises(OperatorError) as caught:
        attempt()
    text = str(caught.value)
    assert text
    assert "\n" not in text
    return text


def refuses(make: Callable[[], Op], *inputs: Shape, because: str) -> None:
    """Hold that an operator cannot be made, or does not take these inputs, and says exactly why."""
    assert refusal(lambda: make().output(inputs)) == because
