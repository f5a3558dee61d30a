"""Modules that get their shapes from the first input."""

import pytest
import torch
from torch import nn
from torch.nn.parameter import is_lazy

from archlens.errors import RecordError
from tests.recorder.recordings import costs, recorded


def test_a_network_without_shapes_stays_without_them() -> None:
    """8 channels to 4 by 3×3 at 6×6 places, their normalisation, and 144 features to 3."""
    module = nn.Sequential(
        nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3)
    )
    state = torch.get_rng_state()
    cost = costs(recorded(module, torch.zeros(2, 8, 8, 8, device="meta")))
    assert cost.params == (4 * 72 + 4) + 8 + (3 * 144 + 3)
    assert cost.multiply_adds == 2 * (36 * 4 * 72 + 3 * 144)
    assert all(is_lazy(x) for x in module.parameters())
    assert torch.equal(torch.get_rng_state(), state)


def test_inputs_in_any_form() -> None:
    class Joined(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.LazyLinear(3)

        def forward(self, given: dict[str, torch.Tensor], *, scale: float) -> torch.Tensor:
            made: torch.Tensor = self.layer(given["x"]) * scale
            return made

    graph = recorded(Joined(), {"x": torch.zeros(2, 4, device="meta")}, scale=2.0)
    assert costs(graph).params == 15


def test_a_first_run_that_fails() -> None:
    with pytest.raises(RecordError) as caught:
        recorded(nn.Sequential(nn.LazyLinear(3), nn.Linear(4, 4)), torch.zeros(2, 8))
    assert str(caught.value) == (
        "Sequential: the first run, from which lazy parameters get their shapes, failed: "
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x4)"
    )


def test_weights_that_are_not_there() -> None:
    module = nn.Sequential(nn.LazyLinear(3), nn.Linear(3, 4, device="meta"))
    with pytest.raises(RecordError, match="lazy parameters get their shapes in a first run, and the weights"):
        recorded(module, torch.zeros(2, 8))
