"""Recordings of networks whose costs are counted by hand."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import archlens
from archlens.cost import Cost, total
from archlens.errors import RecordError
from archlens.graph import Graph, Node, verify
from archlens.ops import Conv, Linear
from tests.recorder.networks import Applied, Functional, Shared, Thrice, Tied


def recorded(module: nn.Module, *inputs: object, **named: object) -> Graph:
    """The graph, which keeps its own rules."""
    graph = archlens.record(module, *inputs, **named)
    verify(graph)
    return graph


def costs(graph: Graph) -> Cost:
    """All of them."""
    return total(node.cost for node in graph.nodes)


def names(graph: Graph) -> list[str]:
    """Of the nodes that are no inputs."""
    return [node.name for node in graph.nodes if node.inputs]


def node(graph: Graph, name: str) -> Node:
    """The node of a name."""
    return next(node for node in graph.nodes if node.name == name)


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


def attention_by_hand(x: Tensor) -> Tensor:
    """Two heads of four features, over five tokens, step by step."""
    q, k, v = (x.reshape(2, 5, 2, 4).transpose(1, 2) for _ in range(3))
    return torch.softmax(q @ k.transpose(-2, -1), -1) @ v


def test_attention_both_ways() -> None:
    """2 samples, 2 heads, 5 tokens, 4 features: scores are 2·2·5·5 = 100, each of 4 products, and 80 out."""
    x = torch.zeros(2, 5, 8)
    heads = torch.zeros(2, 2, 5, 4)
    steps = recorded(Applied(attention_by_hand), x)
    fused = recorded(Applied(functional.scaled_dot_product_attention), heads, heads, heads)
    for graph in (steps, fused):
        assert graph.complete
        assert costs(graph).multiply_adds == 100 * 4 + 100 * 4
    assert costs(fused) == Cost(
        multiply_adds=800,
        elementwise=100,
        reads=(80 + 80) + 100 + (100 + 80),
        writes=100 + 100 + 80,
        activations=100 + 80,
    )


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("batch_first", [True, False])
def test_multi_head_attention(*, training: bool, weights: bool, batch_first: bool) -> None:
    """The fast path and the slow one: 10 tokens of 4·8·8 weights each, 100 scores of 4 products twice."""
    module = nn.MultiheadAttention(8, 2, batch_first=batch_first).train(training)
    x = torch.zeros(2, 5, 8) if batch_first else torch.zeros(5, 2, 8)
    graph = recorded(module, x, x, x, need_weights=weights)
    assert graph.complete
    assert costs(graph).params == 3 * 64 + 24 + 64 + 8
    assert costs(graph).multiply_adds == 10 * (192 + 64) + 2 * 100 * 4


def test_attention_to_other_tokens_shares_its_packed_weights_out() -> None:
    """5 queries and 3 keys: 8·8 weights for 10, 6, 6 and 10 tokens; 2·2·5·3 scores of 4 twice."""
    module = nn.MultiheadAttention(8, 2, batch_first=True)
    graph = recorded(module.eval(), torch.zeros(2, 5, 8), torch.zeros(2, 3, 8), torch.zeros(2, 3, 8))
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert costs(graph).multiply_adds == (10 + 6 + 6 + 10) * 64 + 2 * 60 * 4


@pytest.mark.parametrize("training", [True, False])
def test_a_transformer_s_encoder(*, training: bool) -> None:
    """Two layers on 10 tokens: 4·8·8 weights of attention and 2·8·16 behind it, 100 scores of 4 twice."""
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    module = nn.TransformerEncoder(layer, 2).train(training)
    graph = recorded(module, torch.zeros(2, 5, 8))
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert costs(graph).multiply_adds == 2 * (10 * (256 + 256) + 800)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_an_lstm(device: str) -> None:
    """Two layers in two directions, 6 features each, over 10 steps of 8 features: the second sees 12."""
    module = nn.LSTM(8, 6, num_layers=2, bidirectional=True, batch_first=True, device=device)
    graph = recorded(module, torch.zeros(2, 5, 8, device=device))
    first, second = 24 * (8 + 6), 24 * (12 + 6)
    assert graph.complete
    assert costs(graph).multiply_adds == 2 * 10 * (first + second)
    assert costs(graph).params == 2 * (first + second) + 4 * 48
    assert graph.nodes[graph.outputs[0]].shape == (2, 5, 12)


def test_a_gru_step_by_step() -> None:
    """Three gates of 6 from 8 and 6 features, over 3 steps of 2 samples."""
    graph = recorded(nn.GRU(8, 6, batch_first=True), torch.zeros(2, 3, 8))
    assert costs(graph).multiply_adds == 6 * 18 * (8 + 6)
    assert costs(graph).params == 18 * (8 + 6) + 36


def test_einsum() -> None:
    graph = recorded(
        Applied(lambda a, b: torch.einsum("bij,bkj->bik", a, b)), torch.zeros(2, 5, 8), torch.zeros(2, 3, 8)
    )
    assert costs(graph).multiply_adds == 2 * 5 * 3 * 8


def test_matmul_that_broadcasts() -> None:
    """2×1×5×8 times 3×8×4: six products, before which PyTorch copies both operands for all six."""
    graph = recorded(Applied(torch.matmul), torch.zeros(2, 1, 5, 8), torch.zeros(3, 8, 4))
    copies = 6 * (5 * 8 + 8 * 4)
    assert costs(graph) == Cost(
        multiply_adds=6 * 5 * 4 * 8,
        reads=copies + copies,
        writes=copies + 6 * 5 * 4,
        activations=6 * 5 * 4,
    )


def test_views_cost_nothing_and_keep_the_flow() -> None:
    def rearranged(x: Tensor) -> Tensor:
        return x.permute(0, 2, 1)[:, 1:].unsqueeze(1).expand(2, 3, 2, 4).chunk(2, 2)[0]

    graph = recorded(Applied(rearranged), torch.zeros(2, 4, 3))
    assert costs(graph) == Cost()
    assert graph.nodes[graph.outputs[0]].shape == (2, 3, 1, 4)
    assert [each.inputs for each in graph.nodes[1:]] == [(i,) for i in range(len(graph.nodes) - 1)]


def test_what_is_written_in_place_is_seen_through_every_view() -> None:
    def written(x: Tensor) -> Tensor:
        x = x.clone()
        x[:, :2].add_(1)
        return x * 2

    graph = recorded(Applied(written), torch.zeros(2, 4))
    update = node(graph, "update1")
    assert [graph.nodes[i].name for i in update.inputs] == ["clone1", "add1"]
    assert [graph.nodes[i].name for i in node(graph, "scale1").inputs] == ["update1"]
    assert costs(graph) == Cost(elementwise=4 + 8, reads=8 + 4 + 8, writes=8 + 4 + 8)


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


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_maps_of_one_two_and_three_axes(axes: int) -> None:
    conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1](3, 4, 3)
    norm = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[axes - 1](4)
    pool = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[axes - 1](2)
    graph = recorded(nn.Sequential(conv, norm, pool).eval(), torch.zeros(1, 3, *[8] * axes))
    assert costs(graph).multiply_adds == 3**axes * 12 * 6**axes
    assert costs(graph).elementwise == 4 * 6**axes + 4 * 3**axes


def test_training_updates_statistics() -> None:
    """2·4 writes more than at evaluation, as many reads of the input again, and a count of batches."""
    module = nn.BatchNorm2d(4)
    x = torch.zeros(2, 4, 8, 8)
    evaluated, trained = (costs(recorded(module.train(mode), x)) for mode in (False, True))
    assert trained.params == evaluated.params == 8
    assert trained.writes - evaluated.writes == 2 * 4 + 1
    assert module.num_batches_tracked == 0


def test_an_affine_half_of_a_layer_norm() -> None:
    graph = recorded(nn.LayerNorm(8, bias=False), torch.zeros(2, 8))
    assert costs(graph) == Cost(params=8, elementwise=16, reads=16 + 8, writes=16)


def test_weights_that_are_computed_count_where_they_are_made() -> None:
    """A matrix of 5×4 that is halved before use: 20 parameters, and a product of 2×4 with it."""
    layer = nn.Linear(4, 5, bias=False)
    graph = recorded(Applied(lambda x: functional.linear(x, layer.weight * 0.5)), torch.zeros(2, 4))
    assert costs(graph) == Cost(
        params=20, multiply_adds=40, elementwise=20, reads=20 + 8 + 20, writes=20 + 10, activations=10
    )


def test_low_precision_weights() -> None:
    x = torch.zeros(2, 4)
    plain = recorded(nn.Linear(4, 5), x)
    half = recorded(nn.Linear(4, 5).half(), x.half())
    assert plain.nodes == half.nodes


@pytest.mark.filterwarnings("ignore")  # PyTorch is about to move them elsewhere
def test_quantized_weights() -> None:
    quantize: Any = torch.ao.quantization.quantize_dynamic
    module = quantize(nn.Sequential(nn.Linear(4, 5)), {nn.Linear})
    graph = recorded(module, torch.zeros(2, 4))
    assert costs(graph) == costs(recorded(nn.Linear(4, 5), torch.zeros(2, 4)))


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
    with pytest.raises(RecordError) as caught:
        recorded(module, torch.zeros(2))
    assert str(caught.value) == (
        "Applied: item() needs the elements of a tensor, and the weights are not there: "
        "make the module on the CPU"
    )


def test_what_was_made_outside_is_a_constant() -> None:
    table = torch.zeros(2, 4)
    graph = recorded(Applied(lambda x: x + table), torch.zeros(2, 4))
    assert costs(graph) == Cost(elementwise=8, reads=16, writes=8)


@pytest.mark.filterwarnings("ignore:Applied|TransformerEncoder")  # that it is run in earnest
def test_sequences_of_different_lengths() -> None:
    """5 + 3 steps of an LSTM are 8, whatever they are padded to; of a transformer, all 10."""
    lstm = nn.LSTM(8, 6, batch_first=True)

    def packed(x: Tensor) -> Tensor:
        sequence = nn.utils.rnn.pack_padded_sequence(x, [5, 3], batch_first=True)
        output: Tensor = lstm(sequence)[0].data
        return output

    x = torch.zeros(2, 5, 8)
    graph = recorded(Applied(packed), x)
    assert graph.complete
    assert costs(graph).multiply_adds == 8 * 24 * 14
    module = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1).eval()
    mask = torch.tensor([[False] * 5, [False] * 3 + [True] * 2])
    graph = recorded(module, x, src_key_padding_mask=mask)
    assert costs(graph).multiply_adds == 10 * (256 + 256) + 800


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


def test_attributes_of_a_convolution_come_from_the_call() -> None:
    module = nn.Conv2d(8, 16, (3, 5), stride=2, padding=(1, 2), dilation=(1, 1), groups=4, bias=False)
    graph = recorded(module, torch.zeros(1, 8, 9, 9))
    assert node(graph, "conv1").op == Conv(16, (3, 5), 2, (1, 2), 1, 4)
    assert node(recorded(nn.Linear(3, 5), torch.zeros(2, 7, 3)), "linear1").op == Linear(5)


@pytest.mark.parametrize(
    "module",
    [
        nn.Conv2d(8, 12, 3, 2, 1, groups=2),
        nn.ConvTranspose2d(8, 12, 3, 2, 1, 1),
        nn.Sequential(nn.Conv2d(8, 12, (1, 7), padding="same"), nn.Conv2d(12, 12, 3, dilation=2, groups=12)),
    ],
    ids=["conv", "transposed", "several"],
)
def test_multiply_adds_are_half_of_what_torch_s_counter_finds(module: nn.Module) -> None:
    x = torch.zeros(2, 8, 12, 12)
    with FlopCounterMode(display=False) as counter:
        module(x)
    graph = recorded(module, x)
    assert 2 * costs(graph).multiply_adds == counter.get_total_flops()
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())


def test_the_graph_of_a_recording_is_a_value() -> None:
    module, x = Functional(), torch.zeros(1, 3, 8, 8)
    first, second = recorded(module, x), recorded(module, x.to("meta"))
    assert first == second
    assert first.model == "Functional"
    assert replace(first, model="other") != first
