"""Whole networks from graphs: names, order, devices, and what people do with modules."""

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from torch import nn

from archlens import ops
from archlens.builder import build
from archlens.errors import BuildError
from archlens.graph import Graph
from archlens.spec.loading import load

Wire = Callable[..., Graph]


@pytest.fixture(scope="module")
def residual(wire: Wire) -> Graph:
    """A stem, two residual blocks, and a classifier with an auxiliary head after the first block."""
    steps = [
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("stem.conv1", ops.Conv(4, 3, bias=True), ("input",)),
        ("stem.max_pool1", ops.MaxPool(2), ("stem.conv1",)),
    ]
    incoming = "stem.max_pool1"
    for i in range(2):
        steps += [
            (f"stage1.{i}.conv1", ops.Conv(4, 3), (incoming,)),
            (f"stage1.{i}.batch_norm1", ops.BatchNorm(), (f"stage1.{i}.conv1",)),
            (f"stage1.{i}.relu1", ops.ReLU(), (f"stage1.{i}.batch_norm1",)),
            (f"stage1.{i}.add1", ops.Add(), (f"stage1.{i}.relu1", incoming)),
        ]
        incoming = f"stage1.{i}.add1"
    steps += [
        ("auxiliary.global_average_pool1", ops.GlobalAveragePool(), ("stage1.0.add1",)),
        ("auxiliary.linear1", ops.Linear(5), ("auxiliary.global_average_pool1",)),
        ("head.global_average_pool1", ops.GlobalAveragePool(), ("stage1.1.add1",)),
        ("head.linear1", ops.Linear(10), ("head.global_average_pool1",)),
    ]
    return wire(*steps, outputs=("head.linear1", "auxiliary.linear1"))


@pytest.fixture(scope="module")
def plain(wire: Wire) -> Graph:
    """A convolution and a classifier."""
    return wire(
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("conv1", ops.Conv(4, 3), ("input",)),
        ("batch_norm1", ops.BatchNorm(), ("conv1",)),
        ("dropout1", ops.Dropout(), ("batch_norm1",)),
        ("flatten1", ops.Flatten(), ("dropout1",)),
        ("linear1", ops.Linear(5), ("flatten1",)),
    )


def test_modules_are_named_as_the_nodes_in_their_order(residual: Graph) -> None:
    network = build(residual)
    leaves = [name for name, module in network.named_modules() if not list(module.children())]
    assert leaves == [node.name for node in residual.nodes if node.name != "input"]
    assert [name for name, _ in network.named_children()] == ["stem", "stage1", "auxiliary", "head"]
    assert list(dict(network.named_parameters()))[:3] == [
        "stem.conv1.weight",
        "stem.conv1.bias",
        "stage1.0.conv1.weight",
    ]


def test_parameters_are_what_the_graph_costs(residual: Graph) -> None:
    parameters = sum(parameter.numel() for parameter in build(residual).parameters())
    assert parameters == sum(node.cost.params for node in residual.nodes)
    # by hand: stem, two blocks, auxiliary head, head
    assert parameters == (3 * 9 * 4 + 4) + 2 * (4 * 9 * 4 + 2 * 4) + (4 * 5 + 5) + (4 * 10 + 10)


def test_several_outputs_are_a_tuple_the_main_one_first(residual: Graph) -> None:
    outputs = build(residual)(torch.randn(2, 3, 8, 8))
    assert isinstance(outputs, tuple)
    assert [tuple(output.shape) for output in outputs] == [(2, 10), (2, 5)]


def test_one_output_is_a_tensor(plain: Graph) -> None:
    output = build(plain)(torch.randn(3, 3, 8, 8))
    assert isinstance(output, torch.Tensor)
    assert output.shape == (3, 5)


def test_values_flow_as_the_graph_says(wire: Wire) -> None:
    graph = wire(
        ("left", ops.Input((1, 2)), ()),
        ("right", ops.Input((1, 2)), ()),
        ("twice", ops.Scale(2.0), ("right",)),
        ("sum", ops.Add(), ("left", "twice")),
        ("gate", ops.Multiply(), ("sum", "left")),
        outputs=("gate", "sum", "left"),
    )
    left, right = torch.tensor([[1.0, 2.0]]), torch.tensor([[10.0, 20.0]])
    gate, total, again = build(graph)(left, right)
    assert total.tolist() == [[21, 42]]
    assert gate.tolist() == [[21, 84]]
    assert again is left
    assert torch.equal(build(graph)(right=right, left=left)[0], gate)


def test_values_are_freed_after_their_last_use(residual: Graph) -> None:
    network = build(residual)
    assert isinstance(network, torch.fx.GraphModule)
    assert "stem_conv1 = None" in network.code
    assert 'getattr(self.stage1, "0").conv1(stem_max_pool1)' in network.code


def test_the_model_names_the_class(plain: Graph) -> None:
    assert str(build(plain)).startswith("wired(\n  (conv1): Conv2d(3, 4")


@pytest.mark.parametrize("name", ["self", "class", "0", "stem.image", "forward", "torch", "input"])
def test_inputs_may_have_any_name(wire: Wire, name: str) -> None:
    graph = wire((name, ops.Input((1, 2)), ()), ("scale1", ops.Scale(3.0), (name,)))
    assert build(graph)(torch.ones(1, 2)).tolist() == [[3, 3]]


def test_inputs_whose_names_become_one(wire: Wire) -> None:
    graph = wire(
        ("a.b", ops.Input((1,)), ()), ("a_b", ops.Input((1,)), ()), ("add1", ops.Add(), ("a.b", "a_b"))
    )
    assert build(graph)(torch.ones(1), torch.ones(1)).tolist() == [2]


@pytest.mark.parametrize(
    ("name", "culprit", "owner"),
    [
        ("train.conv1", "train", "PyTorch"),
        ("stem.forward", "forward", "PyTorch"),
        ("stem.type.conv1", "type", "PyTorch"),
        ("training", "training", "PyTorch"),
        ("graph.conv1", "graph", "PyTorch"),
        ("code", "code", "PyTorch"),
        ("stem.if.conv1", "if", "Python"),
        ("None", "None", "Python"),
        ("self", "self", "Python"),
    ],
)
def test_names_that_cannot_be_modules(wire: Wire, name: str, culprit: str, owner: str) -> None:
    graph = wire(("input", ops.Input((1, 3, 8, 8)), ()), (name, ops.Conv(4), ("input",)))
    with pytest.raises(BuildError) as caught:
        build(graph)
    problem = f"{owner} keeps the name '{culprit}' for itself: choose another name in the spec"
    assert str(caught.value) == f"wired: {name} (conv): {problem}"


def test_names_that_only_the_whole_network_keeps(wire: Wire) -> None:
    graph = wire(("input", ops.Input((1, 3, 8, 8)), ()), ("stem.graph", ops.Conv(4), ("input",)))
    assert build(graph)(torch.randn(1, 3, 8, 8)).shape == (1, 4, 8, 8)


def test_an_unknown_operator_is_named(wire: Wire) -> None:
    graph = wire(
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("stem.resize1", ops.Unknown("aten.grid_sampler", (1, 3, 4, 4)), ("input",)),
    )
    with pytest.raises(BuildError, match=r"wired: stem\.resize1 \(aten\.grid_sampler\): no rule builds"):
        build(graph)


def test_default_is_the_cpu_and_float32(plain: Graph) -> None:
    tensors = list(build(plain).parameters())
    assert {(tensor.device.type, tensor.dtype) for tensor in tensors} == {("cpu", torch.float32)}


def test_meta_allocates_nothing(plain: Graph) -> None:
    with torch.device("meta"):
        around = build(plain)
    for network in (build(plain, device="meta"), build(plain, device=torch.device("meta")), around):
        assert all(tensor.is_meta for tensor in [*network.parameters(), *network.buffers()])
        output = network(torch.empty(2, 3, 8, 8, device="meta"))
        assert output.is_meta
        assert output.shape == (2, 5)


def test_a_device_given_beats_the_one_around(plain: Graph) -> None:
    with torch.device("meta"):
        network = build(plain, device="cpu")
    assert not any(parameter.is_meta for parameter in network.parameters())


def test_a_network_too_large_for_any_memory_builds_on_meta(wire: Wire) -> None:
    wide = 10**7
    graph = wire(("input", ops.Input((1, wide)), ()), ("linear1", ops.Linear(wide), ("input",)))
    network = build(graph, device="meta")
    assert sum(parameter.numel() for parameter in network.parameters()) == wide * wide + wide


def test_networks_train(residual: Graph) -> None:
    torch.manual_seed(0)
    network = build(residual)
    assert network.training
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    x, labels = torch.randn(8, 3, 8, 8), torch.arange(8)
    losses = []
    for _ in range(10):
        main, auxiliary = network(x)
        loss = nn.functional.cross_entropy(main, labels) + auxiliary.square().mean()
        optimizer.zero_grad()
        loss.backward()
        assert all(parameter.grad is not None for parameter in network.parameters())
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_evaluation_mode_reaches_every_module(plain: Graph) -> None:
    network = build(plain).eval()
    assert not any(module.training for module in network.modules())
    x = torch.randn(2, 3, 8, 8)
    assert torch.equal(network(x), network(x))


def test_copies_are_independent(residual: Graph) -> None:
    network = build(residual).eval()
    twin = copy.deepcopy(network)
    x = torch.randn(1, 3, 8, 8)
    before = network(x)[0]
    assert torch.equal(twin(x)[0], before)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert torch.equal(network(x)[0], before)


def test_state_loads_into_another_network(residual: Graph) -> None:
    first, second = build(residual).eval(), build(residual).eval()
    x = torch.randn(1, 3, 8, 8)
    assert not torch.equal(first(x)[0], second(x)[0])
    second.load_state_dict(first.state_dict())
    assert torch.equal(first(x)[0], second(x)[0])


def test_networks_pickle(residual: Graph) -> None:
    network = build(residual).eval()
    x = torch.randn(1, 3, 8, 8)
    again = pickle.loads(pickle.dumps(network))
    assert torch.equal(again(x)[0], network(x)[0])


def test_networks_compile(residual: Graph) -> None:
    network = build(residual).eval()
    x = torch.randn(1, 3, 8, 8)
    compiled = torch.compile(network, backend="eager", fullgraph=True)
    assert torch.equal(compiled(x)[0], network(x)[0])


def test_seeds_decide_the_weights(plain: Graph) -> None:
    states = []
    for _ in range(2):
        torch.manual_seed(7)
        states.append(build(plain).state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


@pytest.mark.parametrize(
    "model",
    [
        "alexnet",
        "densenet121",
        "googlenet",
        "mobilenet_v2",
        "resnext50_32x4d",
        "shufflenet_v1",
        "shufflenet_v2",
    ],
)
def test_published_networks_build(model: str) -> None:
    graph = load(model)
    network = build(graph, device="meta").eval()
    assert sum(p.numel() for p in network.parameters()) == sum(node.cost.params for node in graph.nodes)
    outputs = network(*(torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs))
    shapes = [tuple(x.shape) for x in (outputs if isinstance(outputs, tuple) else [outputs])]
    assert shapes == [graph.nodes[i].shape for i in graph.outputs]


def test_without_torch_the_way_out_is_one_line() -> None:
    code = """
import sys
sys.modules["torch"] = None
from archlens.errors import MissingDependencyError
try:
    import archlens.builder
except MissingDependencyError as error:
    print(error)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout == "building a network needs PyTorch: pip install -e '.[torch]'\n"
    assert done.stderr == ""
