"""Folding: graphs by hand, kernels of networks counted by hand, and what must hold for every network."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.cost import Cost, total
from archlens.graph import Graph, verify
from archlens.ops import (
    Add,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Fused,
    GlobalAveragePool,
    Input,
    Linear,
    MaxPool,
    Op,
    PReLU,
    ReLU,
    Scale,
    Sigmoid,
    Split,
    TransposedConv,
    Unknown,
    WeightStandardizedConv,
)
from archlens.passes import absorbed, fold, fused_kernels
from tests.wiring import incomplete, three_nodes, wire

X = (1, 4, 6, 6)


def chain(*ops: Op, x: tuple[int, ...] = X) -> Graph:
    """Operators one after the other, called a, b, c, …"""
    names = ["input", *"abcdefgh"[: len(ops)]]
    steps = [(after, op, (before,)) for (before, after), op in zip(pairwise(names), ops, strict=True)]
    return wire(("input", Input(x), ()), *steps)


def named(value: object) -> str:
    """What a parameter is called: operators by their kinds."""
    return "-".join(op.kind for op in value if isinstance(op, Op)) if isinstance(value, tuple) else ""


def operators(graph: Graph) -> dict[str, Op]:
    """The operator of each node but the inputs, by name."""
    return {node.name: node.op for node in graph.nodes if node.inputs}


def folded(graph: Graph) -> dict[str, Op]:
    """The operators that remain; the folded graph keeps the rules."""
    result = fold(graph)
    verify(result)
    return operators(result)


def cost(graph: Graph) -> Cost:
    return total(node.cost for node in graph.nodes)


def test_an_activation_becomes_a_part_of_its_producer() -> None:
    graph = three_nodes()
    assert absorbed(graph) == (None, None, 1, None)
    assert folded(graph) == {"stem.conv1": Fused(Conv(3, 3), (ReLU(),)), "pool": GlobalAveragePool()}
    # less by hand: the ReLU read 48 elements and wrote as many
    before, after = cost(graph), cost(fold(graph))
    assert after == dataclasses.replace(before, reads=before.reads - 48, writes=before.writes - 48)
    assert fused_kernels(graph) == 2


def test_a_batch_norm_becomes_a_bias() -> None:
    graph = chain(Conv(8, 3), BatchNorm())
    assert folded(graph) == {"a": Conv(8, 3, bias=True)}
    # 4·8·9 weights and 8 biases, 144 elements read and 288 written: the norm's 16 parameters are gone
    assert cost(fold(graph)) == Cost(
        params=296, multiply_adds=288 * 36, reads=144 + 296, writes=288, activations=288
    )


@pytest.mark.parametrize(
    ("ops", "x", "result"),
    [
        ((Conv(8, bias=True), BatchNorm(affine=False)), X, {"a": Conv(8, bias=True)}),
        ((TransposedConv(8), BatchNorm()), X, {"a": TransposedConv(8, bias=True)}),
        ((Linear(8, bias=False), BatchNorm()), (2, 5), {"a": Linear(8)}),
        (
            (Conv(8), BatchNorm(), BatchNorm(), ReLU(), Scale(0.1), PReLU()),
            X,
            {"a": Fused(Conv(8, bias=True), (ReLU(), Scale(0.1), PReLU()))},
        ),
        ((BatchNorm(), ReLU(), Conv(8)), X, {"a": Fused(BatchNorm(), (ReLU(),)), "c": Conv(8)}),
        (
            (WeightStandardizedConv(8), BatchNorm(), ReLU()),
            X,
            {"a": WeightStandardizedConv(8), "b": Fused(BatchNorm(), (ReLU(),))},
        ),
        ((MaxPool(2), ReLU()), X, {"a": Fused(MaxPool(2), (ReLU(),))}),
        ((Sigmoid(), Scale(2.0)), X, {"a": Fused(Sigmoid(), (Scale(2.0),))}),
        ((Fused(Conv(8), (ReLU(),)), Scale(2.0)), X, {"a": Fused(Conv(8), (ReLU(), Scale(2.0)))}),
        ((Conv(8), Fused(ReLU(), (Scale(2.0),))), X, {"a": Fused(Conv(8), (ReLU(), Scale(2.0)))}),
    ],
    ids=named,
)
def test_what_folds(ops: tuple[Op, ...], x: tuple[int, ...], result: dict[str, Op]) -> None:
    assert folded(chain(*ops, x=x)) == result


@pytest.mark.parametrize(
    ("ops", "x", "result"),
    [
        # the weights are behind the activation
        ((Conv(8), ReLU(), BatchNorm()), X, {"a": Fused(Conv(8), (ReLU(),)), "c": BatchNorm()}),
        # the norm scales tokens, not features
        ((Linear(8), BatchNorm()), (2, 7, 5), {"a": Linear(8), "b": BatchNorm()}),
        # a view has no kernel that could compute
        ((Conv(8), Dropout(), ReLU()), X, {"a": Conv(8), "b": Dropout(), "c": ReLU()}),
        ((Conv(8), Flatten(), BatchNorm()), X, {"a": Conv(8), "b": Flatten(), "c": BatchNorm()}),
        ((ReLU(),), X, {"a": ReLU()}),
        ((BatchNorm(),), X, {"a": BatchNorm()}),
        # nobody knows what it is
        ((Unknown("odd", X), ReLU()), X, {"a": Unknown("odd", X), "b": ReLU()}),
    ],
    ids=named,
)
def test_what_does_not(ops: tuple[Op, ...], x: tuple[int, ...], result: dict[str, Op]) -> None:
    assert folded(chain(*ops, x=x)) == result


def test_a_producer_that_others_see_stays_as_it_is() -> None:
    graph = wire(
        ("input", Input(X), ()),
        ("conv", Conv(4), ("input",)),
        ("norm", BatchNorm(), ("conv",)),
        ("relu", ReLU(), ("norm",)),
        ("sum", Add(), ("relu", "norm")),
        ("end", ReLU(), ("sum",)),
    )
    assert absorbed(graph) == (None, None, 1, None, None, 4)
    assert folded(graph) == {
        "conv": Conv(4, bias=True),
        "relu": ReLU(),
        "sum": Fused(Add(), (ReLU(),)),
    }
    assert [node.inputs for node in fold(graph).nodes] == [(), (0,), (1,), (2, 1)]


def test_an_output_stays_as_it_is() -> None:
    steps = (
        ("input", Input(X), ()),
        ("conv", Conv(4), ("input",)),
        ("norm", BatchNorm(), ("conv",)),
        ("relu", ReLU(), ("norm",)),
    )
    seen = wire(*steps, outputs=("relu", "conv"))
    assert folded(seen) == {"conv": Conv(4), "norm": Fused(BatchNorm(), (ReLU(),))}
    assert fold(seen).outputs == (2, 1)
    unseen = wire(*steps)
    assert folded(unseen) == {"conv": Fused(Conv(4, bias=True), (ReLU(),))}
    assert fold(unseen).outputs == (1,)


def test_a_tensor_read_twice_by_one_node_has_two_readers() -> None:
    graph = wire(
        ("input", Input(X), ()),
        ("conv", Conv(4), ("input",)),
        ("relu", ReLU(), ("conv",)),
        ("twice", Concat(), ("relu", "relu")),
        ("half", Split(2, 0), ("twice",)),
    )
    assert absorbed(graph) == (None, None, 1, None, None)


def test_weights_that_an_earlier_node_has_counted() -> None:
    """The same convolution and slopes twice, with the same norm or with one of its own."""

    def twice(norm_is_shared: bool) -> Graph:
        graph = wire(
            ("input", Input(X), ()),
            ("conv1", Conv(4), ("input",)),
            ("norm1", BatchNorm(), ("conv1",)),
            ("slope1", PReLU(), ("norm1",)),
            ("conv2", Conv(4), ("slope1",)),
            ("norm2", BatchNorm(), ("conv2",)),
            ("slope2", PReLU(), ("norm2",)),
        )
        again = {"conv2": 16, "norm2": 8 * norm_is_shared, "slope2": 4}
        nodes = [
            dataclasses.replace(
                node, shared=shared, cost=dataclasses.replace(node.cost, params=node.cost.params - shared)
            )
            for node in graph.nodes
            for shared in [again.get(node.name, 0)]
        ]
        return dataclasses.replace(graph, nodes=tuple(nodes))

    # 16 weights, 4 biases and 4 slopes; the weights that another norm scaled are others
    for norm_is_shared, shared in ((True, 24), (False, 4)):
        graph = twice(norm_is_shared)
        result = fold(graph)
        verify(graph)
        verify(result)
        assert [node.shared for node in result.nodes] == [0, 0, shared]
        assert [node.cost.params for node in result.nodes] == [0, 24, 24 - shared]
        assert fold(result) == result


def test_a_graph_with_nothing_to_fold() -> None:
    assert fold(incomplete()) == incomplete()
    assert fold(wire(("input", Input(X), ()))) == wire(("input", Input(X), ()))


@pytest.mark.parametrize(
    ("model", "kernels"),
    [
        ("vgg16", 13 + 6 + 3),  # convolutions, pools, linear layers
        ("vgg16_bn", 13 + 6 + 3),
        ("resnet50", 53 + 16 + 2 + 1),  # convolutions, sums, pools, linear layer
        ("mobilenet_v2", 52 + 10 + 1 + 1),  # convolutions, sums, pool, linear layer
        # 58 layers of two convolutions, a norm before the first and a concat behind; the stem and its pool;
        # three transitions of a norm, a convolution and a pool; a norm, a pool and a linear layer at the end
        ("densenet121", 58 * 4 + 2 + 3 * 3 + 3),
        ("squeezenet1_1", 26 + 3 + 8 + 1),  # convolutions, pools, concats, global pool
    ],
)
def test_kernels_by_hand(model: str, kernels: int) -> None:
    assert fused_kernels(archlens.load(model)) == kernels


def keeps_what_it_must(graph: Graph) -> None:
    """Hold what is true of every graph and its folded form."""
    result = fold(graph)
    verify(result)
    assert fold(result) == result
    assert [result.nodes[end].shape for end in result.outputs] == [
        graph.nodes[end].shape for end in graph.outputs
    ]
    before, after = cost(graph), cost(result)
    assert (after.multiply_adds, after.activations) == (before.multiply_adds, before.activations)
    assert after.memory_access <= before.memory_access
    assert after.elementwise <= before.elementwise
    old, new = ({node.name: node for node in each.nodes} for each in (graph, result))
    assert [name for name in old if name in new] == list(new)
    assert all(old[name].shape == node.shape for name, node in new.items())
    gone = [node for name, node in old.items() if name not in new and isinstance(node.op, BatchNorm)]
    biases = sum(
        node.shape[1]
        for name, node in new.items()
        if isinstance(op := getattr(node.op, "operator", node.op), Conv | TransposedConv | Linear)
        and op.bias > getattr(old[name].op, "bias", op.bias)
    )
    assert after.params == before.params - sum(node.cost.params for node in gone) + biases
    assert fused_kernels(graph) == sum(
        node.op.kernels(tuple(result.nodes[feeding].shape for feeding in node.inputs))
        for node in result.nodes
    )


def test_what_holds_for_a_network_of_every_family(catalogue: dict[str, Graph]) -> None:
    families = {graph.family: graph for graph in catalogue.values()}
    assert len(families) > 40
    for graph in families.values():
        keeps_what_it_must(graph)


ANY = st.sampled_from(
    [
        Conv(4),
        Conv(4, 3, bias=True),
        BatchNorm(),
        BatchNorm(affine=False),
        ReLU(),
        PReLU(),
        Dropout(),
        Add(),
        MaxPool(1),
    ]
)


@given(st.lists(st.tuples(ANY, st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=20), st.booleans())
def test_what_holds_for_every_graph(choices: list[tuple[Op, int, int]], seen: bool) -> None:
    """Operators that keep the shape, each fed by one of the few before it; a sum by one more."""
    steps: list[tuple[str, Op, tuple[str, ...]]] = [("n0", Input(X), ())]
    for number, (op, back, other) in enumerate(choices):
        feeding = tuple(
            f"n{max(0, number - far)}" for far in ((back, other) if op.arity is None else (back,))
        )
        steps.append((f"n{number + 1}", op, feeding))
    outputs = (f"n{len(choices)}", f"n{len(choices) // 2}") if seen else ()
    keeps_what_it_must(wire(*steps, outputs=outputs))
