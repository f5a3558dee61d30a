"""All analyses at once: the sums by hand, and that they are those of each analysis by itself."""

import pytest

from archlens.analyses import (
    analyse,
    element_wise_share,
    fragmentation,
    memory_access,
    peak_activations,
    receptive_fields,
    rows_by_operator,
    rows_by_stage,
    totals,
)
from archlens.graph import Graph
from archlens.passes import fused_kernels
from tests.wiring import three_nodes

MODELS = ("resnet18", "densenet121", "shufflenet_v2_x1_0", "vit_b_16", "googlenet", "mobilenet_v3_small")


def test_the_three_nodes() -> None:
    """The convolution moves 32 + 54 + 48 elements, at least 2·√(32 · 48) = 78.4 and 54; the pool 48 + 3."""
    graph = three_nodes()
    found = analyse(graph, rows_by_stage(graph))
    stem, pool = found.parts
    assert (stem.layer_access, stem.memory_access_bound, stem.other_access) == (134, 133, 96)
    assert (pool.layer_access, pool.memory_access_bound, pool.other_access) == (0, 0, 51)
    assert (stem.fused_kernels, pool.fused_kernels, found.whole.fused_kernels) == (1, 1, 2)
    assert (stem.peak_activations, pool.peak_activations, found.whole.peak_activations) == (96, 51, 96)
    assert (stem.training, pool.training, found.whole.training) == (None, None, 128)
    assert stem.receptive_field is not None
    assert stem.receptive_field.size == (3, 3)


@pytest.mark.parametrize("model", MODELS)
def test_the_whole_is_what_each_analysis_says(catalogue: dict[str, Graph], model: str) -> None:
    graph = catalogue[model]
    whole = analyse(graph).whole
    assert whole.cost == totals(graph)
    assert whole.fragmentation == fragmentation(graph)
    assert whole.fused_kernels == fused_kernels(graph)
    assert whole.layer_access - whole.memory_access_bound == memory_access(graph).excess
    assert whole.other_access / whole.cost.memory_access == element_wise_share(graph)
    assert whole.peak_activations == peak_activations(graph).inference.elements
    assert whole.receptive_field == receptive_fields(graph).network


@pytest.mark.parametrize("model", MODELS)
def test_what_is_summed_adds_up_and_what_is_not_is_the_largest(
    catalogue: dict[str, Graph], model: str
) -> None:
    graph = catalogue[model]
    for rows in (rows_by_stage(graph), rows_by_stage(graph, 2), rows_by_operator(graph)):
        found = analyse(graph, rows)
        for name in ("fused_kernels", "layer_access", "other_access", "memory_access_bound"):
            assert sum(getattr(part, name) for part in found.parts) == getattr(found.whole, name)
        assert (
            sum(part.fragmentation.fragments for part in found.parts) == found.whole.fragmentation.fragments
        )
        assert sum(part.fragmentation.kernels for part in found.parts) == found.whole.fragmentation.kernels
        for name in ("parallel_width", "serial_depth"):
            most = max(getattr(part.fragmentation, name) for part in found.parts)
            assert most <= getattr(found.whole.fragmentation, name)
        assert max(part.peak_activations for part in found.parts) <= found.whole.peak_activations


def test_rows_that_are_no_part_of_the_network_have_no_field(catalogue: dict[str, Graph]) -> None:
    graph = catalogue["resnet18"]
    found = analyse(graph, rows_by_operator(graph))
    assert {part.receptive_field for part in found.parts} == {None}
