"""Peak activations: by hand, against sets, and against what is alive in real runs."""

from math import prod

import pytest
import torch
from hypothesis import given

import archlens
from archlens.analyses import Peak, peak_activations
from archlens.analyses.peak_activations import storages
from archlens.builder.padding import PaddedInput
from archlens.graph import Graph
from archlens.ops import (
    Add,
    BatchNorm,
    Conv,
    GlobalAveragePool,
    Identity,
    Input,
    Linear,
    Op,
    ReLU,
    Scale,
    SiLU,
    Split,
    Tanh,
)
from tests.oracles.alive import alive, alive_in_place, drawn, read_by_backward
from tests.oracles.liveness import live_in_a_run, release_input, saved_in_a_run
from tests.wiring import wire

NETWORKS = (
    "alexnet", "vgg16", "resnet50", "densenet121", "googlenet", "mobilenet_v2", "mobilenet_v3_large",
    "shufflenet_v1", "shufflenet_v2", "squeezenet1_0", "inception_v3", "nasnet_a_mobile", "efficientnet_b0",
    "attention56",
)  # fmt: skip
"""Networks that are run for real."""


def small(model: str, batch: int = 1) -> Graph:
    """One of the networks at an input that takes little time; Inception's auxiliary head needs it large."""
    input = (3, 299, 299) if model == "inception_v3" else (3, 64, 64)
    return archlens.load(model, input=input, batch=batch)


def test_by_hand() -> None:
    """The example of the docstring."""
    graph = wire(
        ("input", Input((1, 1, 4, 4)), ()),
        ("conv", Conv(2, 3), ("input",)),
        ("norm", BatchNorm(), ("conv",)),
        ("relu", ReLU(), ("norm",)),
        ("pool", GlobalAveragePool(), ("relu",)),
    )
    found = peak_activations(graph)
    assert found.live == (16, 48, 64, 64, 34)
    assert found.inference == Peak(64, 2)
    assert found.inference_in_place == Peak(64, 2)
    assert found.training == Peak(112, 3)
    assert found.training_in_place == Peak(82, 4)
    assert found.kept == (0, 1, 3)


def test_in_place_by_hand() -> None:
    """What may be written over: not the input, not what is read later, not half of a storage, not an output.

    A ReLU reads its output in the backward pass and may run in place, a SiLU its input and may not.
    """

    def peaks(*steps: tuple[str, Op, tuple[str, ...]], outputs: tuple[str, ...] = ()) -> list[int]:
        found = peak_activations(wire(("input", Input((1, 8)), ()), *steps, outputs=outputs))
        four = (found.inference, found.inference_in_place, found.training, found.training_in_place)
        return [peak.elements for peak in four]

    linear, relu, silu = ("a", Linear(6, bias=False), ("input",)), ReLU(), SiLU()
    assert peaks(("a", relu, ("input",))) == [16, 16, 16, 16]
    assert peaks(linear, ("b", relu, ("a",))) == [14, 14, 20, 14]
    assert peaks(linear, ("b", silu, ("a",))) == [14, 14, 20, 20]
    assert peaks(linear, ("b", Split(2, 0), ("a",)), ("c", relu, ("b",))) == [14, 14, 17, 17]
    assert peaks(linear, ("b", relu, ("a",)), ("c", relu, ("b",))) == [14, 14, 20, 20]
    assert peaks(linear, ("b", relu, ("a",)), outputs=("a", "b")) == [14, 14, 20, 20]
    assert peaks(linear, ("b", relu, ("a",)), ("c", Add(), ("a", "b"))) == [18, 18, 26, 26]
    assert peaks(linear, ("b", Linear(20, bias=False), ("a",)), ("c", relu, ("b",))) == [
        40, 26, 54, 34,
    ]  # fmt: skip


def test_weights_come_first_to_be_sent_gradients() -> None:
    """A network that has learnt nothing before its SiLU keeps nothing for it."""
    steps = (("input", Input((1, 8)), ()), ("a", SiLU(), ("input",)))
    assert peak_activations(wire(*steps)).kept == ()
    assert peak_activations(wire(*steps, ("b", Linear(2), ("a",)), ("c", Tanh(), ("b",)))).kept == (1, 3)


def test_views_have_the_storage_of_their_input() -> None:
    graph = wire(
        ("input", Input((1, 8)), ()),
        ("half", Split(2, 1), ("input",)),
        ("same", Identity(), ("half",)),
        ("twice", Scale(2.0), ("same",)),
        ("again", Identity(), ("twice",)),
    )
    assert storages(graph) == [0, 0, 0, 3, 3]
    assert peak_activations(graph).live == (8, 8, 8, 12, 4)


@given(drawn())
def test_liveness_is_that_of_sets(graph: Graph) -> None:
    found = peak_activations(graph)
    order = range(len(graph.nodes))
    kept = read_by_backward(graph)
    assert set(found.kept) == kept
    assert list(found.live) == alive(graph, order)
    for peak, elements in (
        (found.inference, alive(graph, order)),
        (found.inference_in_place, alive_in_place(graph)),
        (found.training, alive(graph, order, kept)),
        (found.training_in_place, alive_in_place(graph, kept)),
    ):
        assert peak == Peak(max(elements), elements.index(max(elements)))


def test_what_must_hold_for_every_network(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        found = peak_activations(graph)
        assert len(found.live) == len(graph.nodes)
        assert found.inference.elements == max(found.live) == found.live[found.inference.node]
        assert found.inference_in_place.elements <= found.inference.elements, graph.model
        assert found.training_in_place.elements <= found.training.elements, graph.model
        assert found.inference.elements <= found.training.elements, graph.model
        assert sum(prod(graph.nodes[i].shape) for i in found.kept) <= found.training.elements
        for position, node in enumerate(graph.nodes):
            assert found.live[position] >= prod(node.shape)


@pytest.mark.parametrize("model", NETWORKS)
def test_as_much_is_alive_in_a_real_run_after_every_node(model: str) -> None:
    graph = small(model)
    found = peak_activations(graph)
    running = [live for live, node in zip(found.live, graph.nodes, strict=True) if node.inputs]
    assert live_in_a_run(graph, archlens.build(graph)) == running
    assert max(running) == found.inference.elements


@pytest.mark.parametrize("model", NETWORKS)
def test_autograd_saves_what_is_said_to_be_kept(model: str) -> None:
    """Where a module pads its input unevenly first, autograd saves the padded copy instead."""
    graph = small(model, batch=2)
    network = archlens.build(graph)
    saved, kept = saved_in_a_run(graph, network), set(peak_activations(graph).kept)
    storage = storages(graph)
    copied = {
        storage[node.inputs[0]]
        for node in graph.nodes
        if node.inputs and isinstance(network.get_submodule(node.name), PaddedInput)
    }
    assert saved <= kept
    assert kept - saved <= copied
    assert model == "nasnet_a_mobile" or kept == saved


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
@pytest.mark.parametrize("model", ["vgg16", "resnet50", "mobilenet_v2"])
def test_as_much_is_allocated_on_a_gpu(model: str) -> None:
    """After every node what was asked for is what is alive; the allocator's peak has workspaces, too."""

    def requested() -> int:
        return int(torch.cuda.memory_stats()["requested_bytes.all.current"])

    graph = archlens.load(model, batch=8)
    network = archlens.build(graph, device="cuda").eval()
    release_input(network)
    with torch.no_grad():
        network.forward(torch.rand(graph.input_shape, device="cuda"))  # libraries take what they keep
        before, allocated = requested(), torch.cuda.memory_allocated()
        found: list[int] = []
        for node in graph.nodes:
            if node.inputs:
                module = network.get_submodule(node.name)
                module.register_forward_hook(lambda *_: found.append(requested() - before))
        torch.cuda.reset_peak_memory_stats()
        network.forward(torch.rand(graph.input_shape, device="cuda"))
    peak = 4 * peak_activations(graph).inference.elements
    assert max(found) == peak
    assert torch.cuda.max_memory_allocated() - allocated >= peak
