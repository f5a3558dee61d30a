"""Fragmentation: blocks counted by hand, every set of fragments tried, and what the papers say."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import maximum_bipartite_matching  # type: ignore[import-untyped]

import archlens
from archlens.analyses import rows_by_stage, totals
from archlens.analyses.fragmentation import Fragmentation, fragmentation, fragmentation_by_part
from archlens.graph import Graph
from archlens.ops import (
    AdaptiveAveragePool,
    Add,
    Conv,
    GlobalAveragePool,
    Input,
    Linear,
    MaxPool,
    Mean,
    Op,
    ReLU,
    TransposedConv,
)
from tests.wiring import incomplete, three_nodes, wire


def block(model: str, name: str) -> Fragmentation:
    """The fragmentation inside a block."""
    graph = archlens.load(model)
    part = [i for i, node in enumerate(graph.nodes) if node.name.startswith(f"{name}.")]
    (found,) = fragmentation_by_part(graph, [part])
    return found


def needed(graph: Graph) -> list[set[int]]:
    """All the nodes that each node needs, however indirectly."""
    return [reached_from(graph, position) for position in range(len(graph.nodes))]


def reached_from(graph: Graph, position: int) -> set[int]:
    """A walk against the edges."""
    seen: set[int] = set()
    waiting = [*graph.nodes[position].inputs]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting.extend(graph.nodes[found].inputs)
    return seen


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to ten operators in any order, with dead ends, side outputs and a second input."""
    steps: list[tuple[str, Op, tuple[str, ...]]] = [("0", Input((1, 2, 3, 3)), ())]
    for name in range(1, draw(st.integers(2, 11))):
        op = draw(st.sampled_from([Conv(2), Conv(2, kernel=3), MaxPool(3, 1, 1), ReLU(), Add(), None]))
        some = st.lists(st.integers(0, name - 1), min_size=2, max_size=3)
        feeding = draw(some if isinstance(op, Add) else st.tuples(st.integers(max(0, name - 4), name - 1)))
        if op is None:
            steps.append((str(name), Input((1, 2, 3, 3)), ()))
        else:
            steps.append((str(name), op, tuple(map(str, feeding))))
    return wire(*steps)


def heaviest(items: Sequence[int], fits: Callable[[int, int], bool], weights: Sequence[int]) -> int:
    """The largest weight of a set whose members fit together, two by two, by trying all sets."""
    return max(
        sum(weights[i] for i in chosen)
        for count in range(len(items) + 1)
        for chosen in combinations(items, count)
        if all(fits(a, b) for a, b in combinations(chosen, 2))
    )


@given(graphs(), st.data())
def test_no_set_of_fragments_is_wider_or_deeper(graph: Graph, data: st.DataObject) -> None:
    everything = range(len(graph.nodes))
    part = data.draw(st.one_of(st.just(everything), st.sets(st.sampled_from(everything)).map(sorted)))
    (found,) = fragmentation_by_part(graph, [part])
    needs = needed(graph)
    fragments = [i for i in part if graph.nodes[i].op.kind in ("conv", "max_pool")]
    products = [node.cost.multiply_adds for node in graph.nodes]

    def dependent(first: int, second: int) -> bool:
        return first in needs[second]

    def independent(first: int, second: int) -> bool:
        return first not in needs[second]

    ones = [1] * len(graph.nodes)
    assert found.fragments == len(fragments)
    assert found.parallel_width == heaviest(fragments, independent, ones)
    assert found.serial_depth == heaviest(fragments, dependent, ones)
    assert found.multiply_adds == sum(products[i] for i in part)
    assert found.heaviest_chain == heaviest([i for i in part if products[i]], dependent, products)


def width_by_matching(graph: Graph) -> int:
    """Fragments minus a maximum matching, on dense matrices and by somebody else's matching."""
    count = len(graph.nodes)
    needs = numpy.zeros((count, count), dtype=bool)
    for position, node in enumerate(graph.nodes):
        for feeding in node.inputs:
            needs[position] |= needs[feeding]
            needs[position, feeding] = True
    chosen = [i for i, node in enumerate(graph.nodes) if node.op.kind in ("conv", "max_pool", "average_pool")]
    matched = maximum_bipartite_matching(csr_array(needs[numpy.ix_(chosen, chosen)].astype(numpy.int8)))
    return int((matched < 0).sum())


@pytest.mark.parametrize(
    "model",
    [
        "lenet5", "resnet18", "googlenet", "inception_v3", "inception_v4", "inception_resnet_v2",
        "densenet201", "shufflenet_v2", "dpn68", "nasnet_a_mobile", "nasnet_a_large", "resnet20",
    ],
)  # fmt: skip
def test_the_width_of_whole_networks(model: str) -> None:
    graph = archlens.load(model)
    assert fragmentation(graph).parallel_width == width_by_matching(graph)


def test_three_nodes_by_hand() -> None:
    """A convolution, a ReLU and a global pool, which is no fragment."""
    assert fragmentation(three_nodes()) == Fragmentation(
        fragments=1, parallel_width=1, serial_depth=1, multiply_adds=864, heaviest_chain=864, kernels=3
    )


@pytest.mark.parametrize(
    ("op", "fragments"),
    [
        (Conv(4, kernel=3), 1),
        (Conv(2, groups=2), 1),
        (TransposedConv(3), 1),
        (MaxPool(2), 1),
        (GlobalAveragePool(), 0),
        (AdaptiveAveragePool(2), 0),
        (Mean((2, 3)), 0),
        (Linear(5), 0),
        (ReLU(), 0),
    ],
)
def test_what_a_fragment_is(op: Op, fragments: int) -> None:
    assert fragmentation(wire(("x", Input((1, 2, 4, 4)), ()), ("y", op, ("x",)))).fragments == fragments


def test_a_bottleneck_with_a_projection() -> None:
    """1×1, 3×3, 1×1, and a 1×1 beside them, at 56×56; four batch norms, three ReLUs, one sum."""
    reduce, work, enlarge, project = 64 * 64, 9 * 64 * 64, 64 * 256, 64 * 256
    assert block("resnet50", "stage1.0") == Fragmentation(
        fragments=4,
        parallel_width=2,
        serial_depth=3,
        multiply_adds=56 * 56 * (reduce + work + enlarge + project),
        heaviest_chain=56 * 56 * (reduce + work + enlarge),
        kernels=4 + 4 + 3 + 1,
    )


def test_googlenet_3a() -> None:
    """Six convolutions and a pool on 28×28 in four branches, each two deep but the first; one concat."""
    branches = [192 * 64, 192 * 96 + 9 * 96 * 128, 192 * 16 + 9 * 16 * 32, 192 * 32]
    found = block("googlenet", "stage3.a")
    assert found == Fragmentation(
        fragments=7,
        parallel_width=4,
        serial_depth=2,
        multiply_adds=28 * 28 * sum(branches),
        heaviest_chain=28 * 28 * branches[1],
        kernels=6 * 3 + 1 + 1,
    )
    assert found.parallelism == pytest.approx(1.2024, abs=1e-4)
    assert found.multiply_adds_per_kernel == 28 * 28 * sum(branches) / 20


def test_a_cell_of_nasnet() -> None:
    """Two 1×1 in front, then five separable convolutions of four layers each and three pools.

    The eight that follow the 1×1 need nothing of each other. Kernels: 22 convolutions, 3 pools, 12 batch
    norms, 12 ReLUs, 5 sums, one concat.
    """
    left, right, pixels = 88 * 44, 264 * 44, 28 * 28
    small, large = 2 * (9 * 44 + 44 * 44), 2 * (25 * 44 + 44 * 44)
    found = block("nasnet_a_mobile", "stage1.1")
    assert found == Fragmentation(
        fragments=2 + 5 * 4 + 3,
        parallel_width=8,
        serial_depth=5,
        multiply_adds=pixels * (left + right + 3 * small + 2 * large),
        heaviest_chain=pixels * (right + large),
        kernels=22 + 3 + 12 + 12 + 5 + 1,
    )


@pytest.mark.parametrize(
    ("model", "unit", "fragments"), [("resnet18", "stage1.1", 2), ("resnet50", "stage1.1", 3)]
)
def test_a_unit_of_a_resnet_has_2_or_3_fragments(model: str, unit: str, fragments: int) -> None:
    """As the paper says (arXiv 1807.11164, §2, G3)."""
    found = block(model, unit)
    assert (found.fragments, found.parallel_width, found.serial_depth) == (fragments, 1, fragments)


def test_a_cell_of_nasnet_has_13_in_the_counting_of_the_paper() -> None:
    """13 (arXiv 1807.11164, §2, G3): separable convolutions count once there, the 1×1 in front not."""
    graph = archlens.load("nasnet_a_mobile")
    cell = [node for node in graph.nodes if node.name.startswith("stage1.1.")]
    depthwise = [node for node in cell if isinstance(node.op, Conv) and node.op.groups > 1]
    pools = [node for node in cell if node.op.work == "pooling"]
    assert len(depthwise) + len(pools) == 10 + 3
    assert block("nasnet_a_mobile", "stage1.1").fragments == 13 + 10 + 2


def test_a_layer_of_a_densenet_is_a_chain() -> None:
    """Its 1×1 needs all layers before it and its 3×3 needs the 1×1: nothing can run at the same time."""
    found = block("densenet121", "dense3.5")
    assert (found.fragments, found.parallel_width, found.serial_depth, found.parallelism) == (2, 1, 2, 1)


@pytest.mark.parametrize("model", ["vgg16", "mobilenet_v1", "mobilenet_v2", "densenet121"])
def test_chains_gain_nothing_from_running_side_by_side(model: str) -> None:
    found = fragmentation(archlens.load(model))
    assert found.parallel_width == 1
    assert found.serial_depth == found.fragments
    assert found.parallelism == 1


def test_who_stands_out() -> None:
    """All three by their fragments, NASNet-A and Inception by their width too, DenseNet by its depth."""
    plain = [
        fragmentation(archlens.load(name)) for name in ("vgg16", "resnet50", "mobilenet_v1", "mobilenet_v2")
    ]
    nasnet, inception, densenet = (
        fragmentation(archlens.load(name)) for name in ("nasnet_a_mobile", "inception_v3", "densenet121")
    )
    most = max(found.fragments for found in plain)
    assert min(found.fragments for found in (nasnet, densenet)) > 2 * most
    assert inception.fragments > 1.9 * most  # without its auxiliary head, which is off at inference
    assert (nasnet.parallel_width, inception.parallel_width, densenet.parallel_width) == (13, 6, 1)
    assert min(nasnet.serial_depth, densenet.serial_depth) > max(found.serial_depth for found in plain)


def test_vgg16_by_hand() -> None:
    """13 convolutions and 5 pools."""
    assert fragmentation(archlens.load("vgg16")).fragments == 13 + 5


def test_fragments_depend_on_each_other_through_nodes_outside_their_part() -> None:
    graph = wire(
        ("x", Input((1, 2, 4, 4)), ()),
        ("a.conv1", Conv(2), ("x",)),
        ("b.conv1", Conv(2), ("a.conv1",)),
        ("a.conv2", Conv(2), ("b.conv1",)),
        ("a.conv3", Conv(2), ("x",)),
    )
    inside, outside = fragmentation_by_part(graph, [row.positions for row in rows_by_stage(graph)])
    assert (inside.fragments, inside.parallel_width, inside.serial_depth) == (3, 2, 2)
    assert (inside.multiply_adds, inside.heaviest_chain) == (3 * 64, 2 * 64)
    assert (outside.fragments, outside.parallel_width, outside.serial_depth) == (1, 1, 1)


def test_nothing_to_measure() -> None:
    nothing = Fragmentation(
        fragments=0, parallel_width=0, serial_depth=0, multiply_adds=0, heaviest_chain=0, kernels=0
    )
    assert fragmentation_by_part(three_nodes(), [[], [0]]) == (nothing, nothing)
    assert fragmentation_by_part(three_nodes(), []) == ()
    assert nothing.parallelism is None
    assert nothing.multiply_adds_per_kernel is None


def test_an_unknown_operator_is_no_fragment() -> None:
    assert fragmentation(incomplete()).fragments == 1


def test_what_holds_for_every_network(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        parts = [row.positions for row in rows_by_stage(graph)]
        whole, *stages = fragmentation_by_part(graph, [range(len(graph.nodes)), *parts])
        assert whole == fragmentation(graph)
        assert whole.multiply_adds == totals(graph).multiply_adds
        for count in ("fragments", "kernels", "multiply_adds"):
            assert sum(getattr(stage, count) for stage in stages) == getattr(whole, count), graph.model
        for bound in ("parallel_width", "serial_depth", "heaviest_chain"):
            assert max(getattr(stage, bound) for stage in stages) <= getattr(whole, bound), graph.model
        assert whole.fragments <= whole.parallel_width * whole.serial_depth
        assert whole.parallelism is not None
        assert whole.parallelism >= 1
