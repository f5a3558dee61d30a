"""Functions of single elements: one output for each."""

import pytest
import torch

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded

FUNCTIONS = (
    "acosh", "asinh", "atanh", "cos", "deg2rad", "erfinv", "exp", "i0", "lgamma", "rad2deg", "sinc", "sqrt",
    "tan", "special.entr", "special.erfcx", "special.i1", "special.i1e", "special.log_ndtr",
    "special.bessel_j1",
)  # fmt: skip

PAIRS = ("atan2", "copysign", "fmod", "hypot", "logaddexp", "logaddexp2", "maximum", "nextafter", "xlogy")


def named(name: str) -> Applied:
    """A function of PyTorch."""
    function = torch
    for part in name.split("."):
        function = getattr(function, part)
    return Applied(function)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    assert costs(recorded(named(name), torch.zeros(2, 3))) == Cost(elementwise=6, reads=6, writes=6)


@pytest.mark.parametrize("name", PAIRS)
def test_functions_of_two(name: str) -> None:
    graph = recorded(named(name), torch.zeros(2, 3), torch.zeros(3))
    assert costs(graph) == Cost(elementwise=6, reads=9, writes=6)


def test_what_a_function_gives_is_of_its_type() -> None:
    signs = Applied(lambda x: torch.where(torch.signbit(x), x, -x))
    assert recorded(signs, torch.zeros(2, 3)).complete
