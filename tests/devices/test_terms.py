"""Terms of the cost model, counted by hand."""

import pytest

import archlens
from archlens.devices.terms import TERMS, VIEWS, amounts, cause, works
from archlens.graph import Graph
from archlens.ops import BatchNorm, Conv, GlobalAveragePool, Linear, ReLU
from archlens.passes import chain

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


def test_a_compiler_makes_one_kernel_of_what_follows_the_convolution() -> None:
    """Normalisation, activation and pooling: the map is read once, and eight means are written."""
    found = amounts(works(NETWORK, "fused"))
    moved = sum(found.get(f"memory.{kind}", 0) for kind in ("affine", "activation", "pooling"))
    assert moved == 36 * 8 + 8
    assert sum(found.get(f"launches.{kind}", 0) for kind in ("affine", "activation", "pooling")) == 1
    assert found["memory.dense"] == 36 * 4 + 36 * 8


def test_a_batch_multiplies_what_grows_with_it() -> None:
    one, eight = (amounts(works(NETWORK, "eager"), batch) for batch in (1, 8))
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


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_changes_what_is_computed(graph: Graph, view: str) -> None:
    found = amounts(works(graph, view))
    assert set(found) <= {*TERMS}
    arithmetic = sum(amount for term, amount in found.items() if cause(term) == "arithmetic")
    assert arithmetic == sum(node.cost.multiply_adds for node in graph.nodes)


def test_fusing_moves_less_and_launches_less(graph: Graph) -> None:
    eager, fused = (amounts(works(graph, view)) for view in ("eager", "fused"))
    for part in ("memory", "launches"):
        before, after = (
            sum(amount for term, amount in found.items() if term.startswith(part)) for found in (eager, fused)
        )
        assert after < before
