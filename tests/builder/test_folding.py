"""Folded modules against unfolded ones: the same numbers from the same weights and statistics."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import archlens
from archlens import ops
from archlens.builder import build, folded
from archlens.graph import Graph
from archlens.passes import fold
from tests.wiring import wire

TOLERANCE = 1e-9


def randomise(module: nn.Module) -> nn.Module:
    """Weights through which a signal passes, and statistics, scales, shifts and slopes like trained ones."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
                assert part.running_mean is not None
                assert part.running_var is not None
                part.running_mean.normal_(std=0.2)
                part.running_var.uniform_(0.5, 1.5)
                if part.affine:
                    part.weight.uniform_(0.5, 1.5)
                    part.bias.normal_(std=0.2)
            elif isinstance(part, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                nn.init.kaiming_normal_(part.weight)
            elif isinstance(part, nn.PReLU):
                part.weight.uniform_(0.1, 0.9)
    return module.double().eval()


def outputs(module: nn.Module, inputs: list[Tensor]) -> tuple[Tensor, ...]:
    """What a module computes, as a tuple also where it is one tensor."""
    with torch.no_grad():
        result = module(*inputs)
    return result if isinstance(result, tuple) else (result,)


def agrees(graph: Graph, *, deaf: bool = False) -> tuple[nn.Module, nn.Module]:
    """Hold that both modules of a graph compute the same; the two of them.

    deaf  whether the graph may ignore its input: a test by numbers must see that they depend on it
    """
    torch.manual_seed(0)
    module = randomise(build(graph))
    result = folded(module, graph)
    inputs = [torch.randn(graph.nodes[i].shape, dtype=torch.float64) for i in graph.inputs]
    expected, found = outputs(module, inputs), outputs(result, inputs)
    silent = outputs(module, [torch.zeros_like(x) for x in inputs])
    for one, other, without in zip(expected, found, silent, strict=True):
        scale = one.abs().max()
        assert (one - other).abs().max() <= TOLERANCE * scale
        assert deaf or (one - without).abs().max() > 0.01 * scale
    return module, result


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("resnet18", 64),
        ("mobilenet_v2", 64),
        ("mobilenet_v3_small", 64),
        ("shufflenet_v1_g3", 64),
        ("shufflenet_v2_x0_5", 64),
        ("densenet121", 64),
        ("googlenet", 224),
        ("nasnet_a_mobile", 224),
        ("squeezenet1_1", 64),
        ("mnasnet0_5", 64),
        ("seresnet18", 64),
        ("xception", 96),
        ("regnet_y_400mf", 64),
        ("efficientnet_b0", 64),
    ],
)
def test_networks_compute_the_same(model: str, size: int) -> None:
    graph = archlens.load(model, input=[3, size, size])
    module, result = agrees(graph)
    norms = [
        sum(isinstance(part, nn.BatchNorm2d) for part in network.modules()) for network in (module, result)
    ]
    assert norms[1] == 0 or norms[1] < norms[0]
    parameters = sum(parameter.numel() for parameter in result.parameters())
    assert parameters == sum(node.cost.params for node in fold(graph).nodes)


MAP = (2, 4, 7, 6)


@pytest.mark.parametrize(
    ("op", "x"),
    [
        (ops.Conv(6, 3), MAP),
        (ops.Conv(6, 3, bias=True), MAP),
        (ops.Conv(8, 3, 2, groups=2), MAP),
        (ops.Conv(8, 3, groups=4), MAP),
        (ops.Conv(6, 4), MAP),  # more padding after than before: the convolution stands behind a pad
        (ops.Conv(6, 3, 2, padding="tensorflow_same", bias=True), MAP),
        (ops.Conv(6, 3), (2, 4, 9)),
        (ops.Conv(6, 3), (2, 4, 5, 4, 3)),
        (ops.TransposedConv(6, 3, 2, 1, 1), MAP),
        (ops.TransposedConv(6, bias=True), MAP),
        (ops.TransposedConv(6, 3, groups=2), MAP),
        (ops.TransposedConv(4, (2, 3), groups=4), MAP),
        (ops.TransposedConv(6, groups=2), (2, 4, 9)),
        (ops.Linear(6), (3, 5)),
        (ops.Linear(6, bias=False), (3, 5)),
    ],
)
@pytest.mark.parametrize("affine", [True, False])
def test_layers_take_over_a_norm(op: ops.Op, x: ops.Shape, affine: bool) -> None:
    graph = wire(
        ("input", ops.Input(x), ()),
        ("layer", op, ("input",)),
        ("norm1", ops.BatchNorm(affine=affine, epsilon=0.1), ("layer",)),
        ("norm2", ops.BatchNorm(), ("norm1",)),
        ("slope", ops.PReLU(), ("norm2",)),
        ("gain", ops.Gain(per_channel=True, initial=0.3), ("slope",)),
    )
    _, result = agrees(graph)
    assert [name for name, _ in result.named_children()] == ["layer"]


def test_what_cannot_take_one_over_keeps_it() -> None:
    graph = wire(
        ("input", ops.Input(MAP), ()),
        ("layer", ops.WeightStandardizedConv(6, 3), ("input",)),
        ("norm", ops.BatchNorm(), ("layer",)),
        ("relu", ops.ReLU(), ("norm",)),
    )
    _, result = agrees(graph)
    assert [name for name, _ in result.named_children()] == ["layer", "norm"]


def test_a_folded_graph_folds_to_itself() -> None:
    graph = fold(archlens.load("lenet5"))
    _, result = agrees(graph)
    assert isinstance(result.get_submodule("C1.conv1.0"), nn.Conv2d)


@pytest.mark.parametrize("op", [ops.MaxPool(2), ops.BatchNorm(affine=False)])
def test_a_network_without_parameters(op: ops.Op) -> None:
    graph = wire(("input", ops.Input(MAP), ()), ("first", op, ("input",)), ("relu", ops.ReLU(), ("first",)))
    agrees(graph)


def test_the_original_stays_as_it_was() -> None:
    graph = wire(
        ("input", ops.Input(MAP), ()), ("conv", ops.Conv(6), ("input",)), ("norm", ops.BatchNorm(), ("conv",))
    )
    module = build(graph).train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    result = folded(module, graph)
    assert module.training
    assert not result.training
    with torch.no_grad():
        for parameter in result.parameters():
            parameter.fill_(7)
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_the_result_is_of_the_same_dtype() -> None:
    graph = archlens.load("resnet20")
    result = folded(build(graph).to(torch.bfloat16), graph)
    assert {value.dtype for value in result.state_dict().values()} == {torch.bfloat16}


ANY = st.sampled_from(
    [
        ops.Conv(4),
        ops.Conv(4, 2, bias=True, groups=2),
        ops.TransposedConv(4, 3, 1, 1, groups=2),
        ops.BatchNorm(),
        ops.BatchNorm(affine=False),
        ops.ReLU(),
        ops.PReLU(),
        ops.Scale(0.5),
        ops.Dropout(),
        ops.Add(),
        ops.MaxPool(1),
    ]
)


@given(st.lists(st.tuples(ANY, st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=12), st.booleans())
def test_any_graph_computes_the_same(choices: list[tuple[ops.Op, int, int]], seen: bool) -> None:
    """Operators that keep the shape, each fed by one of the few before it; a sum by one more."""
    steps: list[tuple[str, ops.Op, tuple[str, ...]]] = [("n0", ops.Input((1, 4, 5, 5)), ())]
    for number, (op, back, other) in enumerate(choices):
        feeding = tuple(
            f"n{max(0, number - far)}" for far in ((back, other) if op.arity is None else (back,))
        )
        steps.append((f"n{number + 1}", op, feeding))
    outputs = (f"n{len(choices)}", f"n{len(choices) // 2}") if seen else ()
    agrees(wire(*steps, outputs=outputs), deaf=True)
