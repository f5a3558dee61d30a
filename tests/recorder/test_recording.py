"""Recordings of networks whose costs are counted by hand."""

import copy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.cost import Cost
from archlens.errors import RecordError
from archlens.graph import verify
from tests.recorder.networks import Applied, Functional, Shared, Thrice, Tied
from tests.recorder.recordings import costs, names, node, recorded


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


def test_any_form_of_inputs_and_outputs() -> None:
    def mixed(first: dict[str, Tensor], *, scale: Tensor) -> dict[str, object]:
        return {"sum": first["x"] + first["y"], "rest": [(scale,)]}

    x = torch.zeros(2, 3)
    graph = recorded(Applied(mixed), {"x": x, "y": torch.zeros(3)}, scale=torch.zeros(()))
    assert [graph.nodes[i].shape for i in graph.inputs] == [(2, 3), (3,), (1,)]
    assert [graph.nodes[i].shape for i in graph.outputs] == [(2, 3), ()]


def test_a_tensor_given_twice_is_one_input() -> None:
    x = torch.zeros(2, 3)
    graph = recorded(Applied(lambda a, b: a * b), x, x)
    assert len(graph.inputs) == 1
    assert node(graph, "multiply1").inputs == (0, 0)


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


def test_dynamo_stays_away() -> None:
    code = (
        "import sys, torch, archlens\n"
        "module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU6())\n"
        "archlens.record(module, torch.ones(1, 3, 8, 8))\n"
        "assert 'torch._dynamo' not in sys.modules and 'sympy' not in sys.modules"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ended.returncode, ended.stderr) == (0, "")


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


BRANCHED = """
import torch, archlens
class Branched(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.shape[0] > torch.tensor(0), lambda y: y @ y, torch.clone, (x,))
graph = archlens.record(Branched(), torch.zeros(4, 4))
print([node.cost.multiply_adds for node in graph.nodes])
"""


def test_what_is_compiled_during_the_first_pass_of_a_process() -> None:
    """`torch.cond` imports what compiles, and runs as it was written in the second pass."""
    done = subprocess.run([sys.executable, "-c", BRANCHED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith(" 64]")


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


class Generating(nn.Module):
    """Draws what it works on itself."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, count: int = 2) -> Tensor:
        made: Tensor = self.layer(torch.randn(count, 4))
        return made


def test_a_network_without_tensor_inputs_has_costs() -> None:
    profile = archlens.profile(archlens.record(Generating(), 5))
    assert (profile.totals.params, profile.totals.multiply_adds, profile.complete) == (15, 60, True)
    assert "total" in str(profile)


@dataclass
class Batch:
    """Tensors of a sample, as data loaders give them."""

    x: Tensor
    more: dict[str, Any]


class Batched(nn.Module):
    """Takes a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(16, 16)

    def forward(self, batch: Any) -> Tensor:
        made: Tensor = self.layer(batch.x) * batch.more["scale"].shape[0]
        return made


@pytest.mark.parametrize("kind", [Batch, SimpleNamespace])
def test_inputs_are_found_in_data_classes_and_objects(kind: Any) -> None:
    graph = archlens.record(Batched(), kind(x=torch.zeros(2, 16), more={"scale": torch.ones(3)}))
    assert [graph.nodes[i].shape for i in graph.inputs] == [(2, 16), (3,)]
    assert (costs(graph).params, costs(graph).multiply_adds) == (272, 512)


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


class InThreads(nn.Module):
    """Runs its layers in threads."""

    def __init__(self, *, asks: bool) -> None:
        super().__init__()
        self.layers, self.asks = nn.ModuleList(nn.Linear(4, 4) for _ in range(2)), asks

    def forward(self, x: Tensor) -> Tensor:
        if self.asks and x.sum().item() > 1e9:
            return x
        with ThreadPoolExecutor(2) as pool:
            a, b = pool.map(lambda layer: layer(x), self.layers)
        total: Tensor = a + b
        return total


@pytest.mark.filterwarnings("ignore:InThreads")
@pytest.mark.parametrize("asks", [False, True])
def test_threads_in_forward_are_counted(*, asks: bool) -> None:
    cost = costs(archlens.record(InThreads(asks=asks), torch.zeros(2, 4)))
    assert (cost.params, cost.multiply_adds) == (40, 2 * 2 * 16)


def test_small_whole_numbers_that_were_given_are_known() -> None:
    """A mask that is all ones leaves a branch out, which a real run would be needed to know otherwise."""

    def masked(x: Tensor, mask: Tensor) -> Tensor:
        return x if mask.all() else x * mask

    graph = recorded(Applied(masked), torch.zeros(2, 3), torch.ones(2, 3, dtype=torch.bool))
    assert costs(graph).multiply_adds == 0
    assert "multiply1" not in names(graph)


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
    assert "no operator of this pass reads 25 more of the module's parameters" in str(profile)


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


def test_inputs_in_slots_and_none_at_all() -> None:
    """A network that draws what it starts from has costs and is verified: 16 weights on 2 rows."""

    class Slotted:
        __slots__ = ("__weakref__", "x")

        def __init__(self, x: Tensor) -> None:
            self.x = x

    layer = nn.Linear(4, 4)
    for module, inputs in (
        (Applied(lambda batch: layer(batch.x)), (Slotted(torch.ones(2, 4)),)),
        (Applied(lambda: layer(torch.randn(2, 4))), ()),
    ):
        graph = archlens.record(module, *inputs)
        verify(graph)
        assert (len(graph.inputs), costs(graph).multiply_adds) == (len(inputs), 32)
    with pytest.raises(RecordError, match="values is a generator, which can be read only once"):
        archlens.record(Applied(sum), values=(x for x in [torch.ones(2)]))
