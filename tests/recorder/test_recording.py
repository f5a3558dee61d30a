"""Recordings of networks whose costs are counted by hand."""

import copy
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.cost import Cost
from archlens.errors import RecordError
from tests.recorder.networks import Applied, Functional, Shared, Thrice, Tied
from tests.recorder.recordings import costs, names, recorded


def test_functions_without_modules() -> None:
    """1×3×8×8 in. The convolution has 4·3·3·3 = 108 weights and 4 biases, each weight works at 8·8 places.

    elementwise: relu 4·8·8, pooling 4·4·4, mean 4
    reads:       conv 192 + 112, relu 256, pooling 256, mean 64, linear 4 + 40
    writes:      256, 256, 64, 4, 10
    """
    graph = recorded(Functional(), torch.zeros(1, 3, 8, 8))
    assert names(graph) == ["conv1", "relu1", "max_pool1", "global_average_pool1", "linear1"]
    assert costs(graph) == Cost(
        params=108 + 4 + 40,
        multiply_adds=108 * 64 + 40,
        elementwise=256 + 64 + 4,
        reads=192 + 112 + 256 + 256 + 64 + 44,
        writes=256 + 256 + 64 + 4 + 10,
        activations=256 + 10,
    )


ONE = 4 * 4 * 3 * 3
"""The weights of the convolution that is shared or called again; it has 4 biases, too."""


def test_a_module_of_three_parents_counts_once_and_works_three_times() -> None:
    graph = recorded(Shared(), torch.zeros(1, 4, 8, 8))
    assert names(graph) == ["a.inner", "b.inner", "c.inner"]
    assert [each.cost.params for each in graph.nodes[1:]] == [ONE + 4, 0, 0]
    assert [each.shared for each in graph.nodes[1:]] == [0, ONE + 4, ONE + 4]
    assert costs(graph).multiply_adds == 3 * ONE * 64
    assert costs(graph).reads == 3 * (256 + ONE + 4)


def test_a_module_called_three_times() -> None:
    graph = recorded(Thrice(), torch.zeros(1, 4, 8, 8))
    assert names(graph) == ["conv.conv1", "conv.conv2", "conv.conv3"]
    assert costs(graph).params == ONE + 4
    assert costs(graph).multiply_adds == 3 * ONE * 64


def test_tied_weights_count_once() -> None:
    """Two samples of seven words: 14 rows of 8, each with 50 scores."""
    graph = recorded(Tied(), torch.zeros(2, 7, dtype=torch.long))
    assert names(graph) == ["words", "scores"]
    assert costs(graph) == Cost(
        params=400,
        multiply_adds=14 * 8 * 50,
        reads=(14 * 8 + 14) + (14 * 8 + 400),
        writes=14 * 8 + 14 * 50,
        activations=14 * 50,
    )


def test_operators_in_place_cost_what_others_do() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Hardswish())
    inplace = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Hardswish(inplace=True))
    x = torch.zeros(1, 3, 8, 8)
    assert recorded(module, x).nodes == recorded(inplace, x).nodes


def test_low_precision_weights() -> None:
    x = torch.zeros(2, 4)
    plain = recorded(nn.Linear(4, 5), x)
    half = recorded(nn.Linear(4, 5).half(), x.half())
    assert plain.nodes == half.nodes


def test_control_flow_as_it_ran() -> None:
    """As many layers as the input has rows, and then one branch of two."""
    layer = nn.Linear(4, 4)

    def flow(x: Tensor) -> Tensor:
        for _ in range(x.shape[0]):
            x = layer(x)
        return x if x.shape[0] > 2 else torch.relu(x)

    assert costs(recorded(Applied(flow), torch.zeros(2, 4))).multiply_adds == 2 * 2 * 16
    assert costs(recorded(Applied(flow), torch.zeros(3, 4))).elementwise == 0


def test_elements_are_known_where_no_input_goes_in() -> None:
    def scaled(x: Tensor) -> Tensor:
        return x * torch.arange(4).float().sum().item()

    assert "scale1" in names(recorded(Applied(scaled), torch.zeros(2, 4)))


def test_a_network_that_asks_for_elements_is_run_in_earnest() -> None:
    def branched(x: Tensor) -> Tensor:
        return x[x > 0] * 2 if x.sum().item() > 0 else x

    with pytest.warns(UserWarning, match=r"Applied: item\(\) needs the elements of a tensor, so it was run"):
        graph = recorded(Applied(branched), torch.tensor([1.0, -1.0, 2.0]))
    assert graph.nodes[graph.outputs[0]].shape == (2,)


def test_elements_that_are_not_there_cannot_be_asked_for() -> None:
    def branched(x: Tensor) -> Tensor:
        return x if layer.weight.sum().item() > 0 else -x

    layer = nn.Linear(3, 3, device="meta")
    module = Applied(branched, weight=layer.weight)
    line = branched.__code__.co_firstlineno + 1
    with pytest.raises(RecordError) as caught:
        recorded(module, torch.zeros(2))
    assert str(caught.value) == (
        f"Applied: item() needs the elements of a tensor in test_recording.py:{line}, and the weights are "
        "not there: make the module on the CPU"
    )


def test_what_was_made_outside_is_a_constant() -> None:
    table = torch.zeros(2, 4)
    graph = recorded(Applied(lambda x: x + table), torch.zeros(2, 4))
    assert costs(graph) == Cost(elementwise=8, reads=16, writes=8)


def test_checkpoints_and_conditions() -> None:
    layer = nn.Linear(8, 8)
    checkpoint = torch.utils.checkpoint.checkpoint
    graph = recorded(Applied(lambda x: checkpoint(layer, x, use_reentrant=False)), torch.zeros(2, 8))
    assert costs(graph).multiply_adds == 2 * 64


REFUSED = {
    "channels": (
        nn.Sequential(nn.Conv2d(3, 4, 3)),
        (2, 4, 8, 8),
        "2×4×8×8 has 4 channels, its weights are for 3",
    ),
    "features": (nn.Sequential(nn.Linear(3, 4)), (2, 4), "2×4 and 3×4 cannot be multiplied"),
    "normalised channels": (
        nn.Sequential(nn.BatchNorm2d(3)),
        (2, 4, 8, 8),
        "running_mean should contain 4 elements not 3",
    ),
    "sums": (Applied(lambda x: x + torch.zeros(3)), (2, 4), "2×4 and 3 do not fit together, axis by axis"),
    "exceptions": (
        Applied(lambda x: 1 // 0),
        (2, 4),
        "ZeroDivisionError: integer division or modulo by zero",
    ),
    "nothing": (Applied(lambda x: None), (2, 4), "what its forward gives back holds no tensor"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_line_says_what_went_wrong_and_where(case: str) -> None:
    module, shape, said = REFUSED[case]
    with pytest.raises(RecordError) as caught:
        archlens.record(module, torch.zeros(shape))
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(said)
    assert text.startswith("Sequential: 0: " if isinstance(module, nn.Sequential) else "Applied: ")


def test_the_graph_of_a_recording_is_a_value() -> None:
    module, x = Functional(), torch.zeros(1, 3, 8, 8)
    first, second = recorded(module, x), recorded(module, x.to("meta"))
    assert first == second
    assert first.model == "Functional"
    assert replace(first, model="other") != first


class Outside(nn.Module):
    """Doubles what a layer gives, in NumPy."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.from_numpy(2 * self.layer(x).numpy())


def test_work_outside_of_pytorch_is_no_secret() -> None:
    with (
        pytest.warns(UserWarning, match="so it was run in earnest"),
        pytest.warns(UserWarning, match="what comes out does not depend on what goes in"),
    ):
        archlens.record(Outside(), torch.zeros(1, 4))


class MadeLate(nn.Module):
    """Makes its last layer in its first call, and copies of another in every call."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.conv = nn.Linear(16, 32, bias=False), nn.Conv2d(3, 8, 3)
        self.last: nn.Linear | None = None

    def forward(self, x: Tensor) -> Any:
        x = self.conv(x).flatten(1)
        if self.last is None:
            self.last = nn.Linear(x.shape[1], 16)
        part = copy.deepcopy(self.layer)
        part.weight = nn.Parameter(self.layer.weight[:8])
        return part(self.last(x))


def test_layers_that_are_made_or_copied_in_forward() -> None:
    """8·27 + 8 weights of the convolution, 288·16 + 16 of the layer made late, 32·16 that are copied.

    Of these 8·16 are multiplied.
    """
    cost = costs(archlens.record(MadeLate(), torch.zeros(1, 3, 8, 8)))
    assert cost.params == 8 * 27 + 8 + 288 * 16 + 16 + 32 * 16
    assert cost.multiply_adds == 36 * 8 * 27 + 288 * 16 + 16 * 8


def test_weights_that_nothing_reads_are_told() -> None:
    """A second layer of 4·5 + 5 weights."""

    class Partly(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.rest = nn.Linear(4, 4), nn.Linear(4, 5)

        def forward(self, x: Tensor) -> Any:
            return self.used(x)

    profile = archlens.profile(archlens.record(Partly(), torch.zeros(2, 4)))
    assert (profile.totals.params, profile.unread) == (20, 25)
    assert "no operator of this pass reads 25 more of the module's parameters: rest\n" in str(profile)
    assert profile.as_dict()["unread"] == ["rest"]


def test_a_forward_that_catches_what_it_is_refused_is_run_in_earnest() -> None:
    """With elements it takes 16 weights on 2 rows; without, the way through the other layer."""

    class Careful(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.other = nn.Linear(4, 4), nn.Linear(4, 40)

        def forward(self, x: Tensor) -> Any:
            try:
                positive = x.sum().item() > 0
            except Exception:
                return self.other(x)
            return self.one(x) if positive else x

    with pytest.warns(
        UserWarning, match="item\\(\\) needs the elements of a tensor, so it was run in earnest"
    ):
        graph = archlens.record(Careful(), torch.ones(2, 4))
    assert costs(graph).multiply_adds == 2 * 16
    with pytest.warns(UserWarning, match="it may take another way"):
        graph = archlens.record(Careful().to("meta"), torch.ones(2, 4))
    assert costs(graph).multiply_adds == 2 * 160
