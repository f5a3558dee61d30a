"""Terms of the cost model, counted by hand."""

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.devices.terms import CACHE, CAUSES, TERMS, VIEWS, amounts, cause, works
from archlens.graph import Graph
from archlens.ops import (
    GELU,
    Add,
    AveragePool,
    BatchNorm,
    Conv,
    GlobalAveragePool,
    Input,
    LayerNorm,
    Linear,
    MaxPool,
    ReLU,
    Softmax,
)
from archlens.passes import chain
from archlens.recorder.dynamic import Attention
from tests.wiring import wire

NETWORK = chain((1, 4, 6, 6), [Conv(8, 3), BatchNorm(), ReLU(), GlobalAveragePool(), Linear(10)])
"""A 3×3 convolution of 4 → 8 channels on a 6×6 map, its normalisation and activation, and a classifier."""


def test_each_operator_by_itself() -> None:
    found = amounts(works(NETWORK, "eager"))
    assert found["arithmetic.dense"] == 36 * 8 * 4 * 9
    assert found["arithmetic.linear"] == 80
    assert found["memory.dense"] == 36 * 4 + 36 * 8
    assert found["memory.affine"] == 2 * 36 * 8 + 2 * 8  # the running statistics are no weights
    assert found["memory.activation"] == 2 * 36 * 8
    assert found["memory.pooling"] == 36 * 8 + 8
    assert found["memory.linear"] == 8 + 10
    assert found["weights"] == 4 * 8 * 9 + 2 * 8 + 8 * 10 + 10
    assert (
        sum(found[f"launches.{kind}"] for kind in ("dense", "affine", "activation", "pooling", "linear")) == 5
    )
    assert found["constant"] == 1


def test_an_inference_engine_folds_normalisation_and_activation_into_the_convolution() -> None:
    found = amounts(works(NETWORK, "folded"))
    assert found["arithmetic.dense"] == 36 * 8 * 4 * 9
    assert found["memory.dense"] == 36 * 4 + 36 * 8
    assert found["weights"] == 4 * 8 * 9 + 8 + 8 * 10 + 10
    assert "memory.affine" not in found
    assert "launches.activation" not in found


def test_winograd_s_algorithm_leaves_16_of_36_multiplications_of_a_3x3_convolution() -> None:
    found = amounts(works(NETWORK, "winograd"))
    folded = amounts(works(NETWORK, "folded"))
    for term, classifier in (("arithmetic.dense", 0), ("unaligned", 8 * 10)):
        assert found.pop(term) == 36 * 8 * 4 * 4 + classifier
        assert folded.pop(term) == 36 * 8 * 4 * 9 + classifier
    assert found == folded


@pytest.mark.parametrize(
    "conv", [Conv(8, 5), Conv(8, 1), Conv(8, 3, stride=2), Conv(8, 3, dilation=2), Conv(8, 3, groups=2)]
)
def test_winograd_s_algorithm_serves_plain_3x3_convolutions_alone(conv: Conv) -> None:
    graph = chain((1, 4, 6, 6), [conv])
    assert amounts(works(graph, "winograd")) == amounts(works(graph, "folded"))


def test_a_compiler_makes_one_kernel_of_what_follows_the_convolution() -> None:
    """A sum and the pooling behind it: two maps are read once, and eight means are written."""
    graph = two_branches()
    found = amounts(works(graph, "fused"))
    assert found["memory.add"] == 2 * 36 * 8
    assert found["memory.pooling"] == 8
    assert (found["launches.add"], found["launches.pooling"]) == (1, 0)
    assert found["memory.dense"] == found["memory.pointwise"] == 36 * 4 + 36 * 8


def two_branches() -> Graph:
    """Two convolutions of one input, added and pooled."""
    return wire(
        ("input", Input((1, 4, 6, 6)), ()),
        ("left", Conv(8, 3), ("input",)),
        ("right", Conv(8, 1), ("input",)),
        ("sum", Add(), ("left", "right")),
        ("pool", GlobalAveragePool(), ("sum",)),
    )


def test_a_batch_multiplies_what_grows_with_it() -> None:
    one, eight = (amounts(works(NETWORK, "eager", batch)) for batch in (1, 8))
    assert eight["arithmetic.dense"] == 8 * one["arithmetic.dense"]
    assert eight["weights"] == one["weights"]
    assert eight["launches.dense"] == one["launches.dense"]


@pytest.mark.parametrize(
    ("groups", "kernel", "kind"),
    [(1, 1, "pointwise"), (1, 3, "dense"), (2, 3, "grouped"), (4, 3, "depthwise")],
)
def test_kinds_of_convolution(groups: int, kernel: int, kind: str) -> None:
    graph = chain((1, 4, 6, 6), [Conv(4, kernel, groups=groups)])
    assert amounts(works(graph, "eager"))[f"arithmetic.{kind}"] == 36 * 4 * (4 // groups) * kernel**2


@pytest.fixture(scope="module", params=["resnet50", "shufflenet_v1", "vit_b_32", "densenet121", "swin_t"])
def graph(request: pytest.FixtureRequest) -> Graph:
    return archlens.load(request.param)


@pytest.mark.parametrize("view", ["eager", "folded", "fused"])
def test_no_view_but_winograd_s_changes_what_is_computed(graph: Graph, view: str) -> None:
    found = amounts(works(graph, view))
    assert set(found) <= {*TERMS}
    arithmetic = sum(amount for term, amount in found.items() if term.startswith("arithmetic."))
    assert arithmetic == sum(node.cost.multiply_adds for node in graph.nodes)


def test_fusing_moves_less_and_launches_less(graph: Graph) -> None:
    eager, fused = (amounts(works(graph, view)) for view in ("eager", "fused"))
    for part in ("memory", "launches"):
        before, after = (
            sum(amount for term, amount in found.items() if term.startswith(part)) for found in (eager, fused)
        )
        assert after < before


def test_every_term_has_a_cause() -> None:
    assert {cause(term) for term in TERMS} == {*CAUSES}


def test_functions_with_an_exponential_and_layer_normalisation_are_apart() -> None:
    graph = chain((1, 5, 8), [LayerNorm(), GELU(), Softmax(), ReLU()])
    found = amounts(works(graph, "eager"))
    assert found["memory.layer_norm"] == found["memory.activation"] == 80
    assert found["memory.transcendental"] == 160


def test_attention_as_one_operator_has_a_score_for_each_pair_of_tokens() -> None:
    """Two heads of four channels, five tokens: two products of 5·5·4 multiply-adds a head."""
    x = (1, 2, 5, 4)
    graph = wire(
        ("q", Input(x), ()), ("k", Input(x), ()), ("v", Input(x), ()),
        ("attention", Attention("attention", x), ("q", "k", "v")),
    )  # fmt: skip
    found = amounts(works(graph, "eager"))
    assert found["arithmetic.attention"] == 2 * 2 * 5 * 5 * 4
    assert found["scores"] == 2 * 2 * 5 * 5


def test_what_no_cache_holds_is_counted_again() -> None:
    small, large = (amounts(works(chain((1, 4, side, side), [ReLU()]), "eager")) for side in (6, 512))
    assert "spilled_memory" not in small
    assert large["spilled_memory"] == large["memory.activation"] == 2 * 4 * 512**2
    batch = amounts(works(chain((1, 4, 6, 6), [ReLU()]), "eager", 4000))
    assert batch["spilled_memory"] == 4000 * 288
    heavy = amounts(works(chain((1, 5000), [Linear(1000, bias=False)]), "eager"))
    assert heavy["spilled_weights"] == 5_000_000 > CACHE["weights"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("pool", "places"), [(MaxPool(3, 2, 1), 9 * 9), (AveragePool((1, 3), 1), 18 * 16)])
def test_what_pooling_windows_look_at(view: str, pool: MaxPool | AveragePool, places: int) -> None:
    """Windows that overlap look at an element more than once; one over the whole map is no window."""
    taps = 9 if isinstance(pool, MaxPool) else 3
    graph = chain((1, 4, 18, 18), [pool, GlobalAveragePool()])
    assert amounts(works(graph, view, 2))["pooled"] == 2 * 4 * places * taps


@pytest.mark.parametrize(("channels", "out"), [(16, 32), (24, 32), (16, 20)])
def test_channels_that_are_no_multiples_of_sixteen_are_told_apart(channels: int, out: int) -> None:
    """As a convolution's and as a linear layer's; a depthwise convolution has no such tiles."""
    convolution = chain((1, channels, 6, 6), [Conv(channels, 3, groups=channels), Conv(out, 1)])
    linear = chain((1, 5, channels), [Linear(out)])
    for graph, places in ((convolution, 36), (linear, 5)):
        found = amounts(works(graph, "eager", 2))
        aligned = channels % 16 == out % 16 == 0
        assert found.get("unaligned", 0) == (0 if aligned else 2 * places * channels * out)
        assert found.get("unaligned_memory", 0) == (0 if aligned else 2 * places * (channels + out))


class Standardized(nn.Conv2d):
    """A convolution whose weights are normalised at each call, as in NFNets."""

    def forward(self, x: Tensor) -> Tensor:
        flat = self.weight.reshape(1, self.out_channels, -1)
        weight = nn.functional.batch_norm(flat, None, None, training=True).reshape_as(self.weight)
        return nn.functional.conv2d(x, weight)


class Positions(nn.Module):
    """A table of positions that a small layer makes a bias of, which is added to every image."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(6, 6, 4))
        self.layer = nn.Linear(4, 4, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        positions: Tensor = self.layer(self.table)
        return x + positions


@pytest.mark.parametrize("view", VIEWS)
def test_what_does_not_follow_the_images_is_done_once_a_batch(view: str) -> None:
    """Weights that are normalised cost one image what they cost 64, and are read once."""
    graph = archlens.record(Standardized(4, 8, 3, bias=False), torch.zeros(1, 4, 6, 6))
    one, many = amounts(works(graph, view)), amounts(works(graph, view, 64))
    assert one["memory.normalization"] == many["memory.normalization"] == 8 * 4 * 9  # written
    assert one["weights"] == many["weights"] == 2 * 8 * 4 * 9  # read by the normalisation, and its result
    assert many["memory.dense"] == 64 * one["memory.dense"] == 64 * (4 * 36 + 8 * 16)


@pytest.mark.parametrize("view", VIEWS)
def test_a_table_is_worked_on_once_and_added_to_every_image(view: str) -> None:
    graph = archlens.record(Positions(), torch.zeros(1, 6, 6, 4))
    many = amounts(works(graph, view, 64))
    assert many["arithmetic.linear"] == 36 * 16
    assert many["memory.add"] == 64 * 2 * 144
    assert many["weights"] == 144 + 16 + 144  # the table, the layer, and the bias that it makes


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("module", [Standardized(4, 8, 3, bias=False), Positions()])
def test_a_batch_that_was_recorded_is_a_batch_that_is_asked_for(view: str, module: nn.Module) -> None:
    shape = (4, 6, 6) if isinstance(module, Standardized) else (6, 6, 4)
    one, eight = (archlens.record(module, torch.zeros(batch, *shape)) for batch in (1, 8))
    assert amounts(works(one, view, 8)) == amounts(works(eight, view))
