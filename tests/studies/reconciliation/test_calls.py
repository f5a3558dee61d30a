"""Who runs a node, of modules in all positions."""

import torch
from torch import nn

import archlens
from archlens.studies.reconciliation.calls import calls, ways_to
from archlens.studies.reconciliation.terms import Call
from tests.spec.written import network
from tests.studies.reconciliation.networks import Functional, Plain, Shared

MAP = torch.ones(1, 4, 8, 8)


def owners(module: nn.Module, x: torch.Tensor) -> list[Call]:
    """Of the nodes but the first, which is the input."""
    graph = archlens.record(module.eval(), x)
    call = calls(graph, module)
    return [call(node) for node in graph.nodes if node.inputs]


def test_pytorch_s_own_modules() -> None:
    found = owners(Plain(), MAP)
    assert [call.owner for call in found if call.maker == "torch"] == [
        "Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "AdaptiveAvgPool2d", "Linear",
    ]  # fmt: skip
    layers = {call.owner for call in found if call.layer}
    assert layers == {"Conv2d", "BatchNorm2d", "Linear"}
    assert {call.ways for call in found} == {1}


def test_a_module_of_the_user() -> None:
    (call,) = owners(Functional(), MAP)
    assert call == Call("Functional", "", layer=False)  # its parameter is no `weight`


def test_a_module_with_three_parents() -> None:
    assert [call.ways for call in owners(Shared(), MAP)] == [3, 3, 3]


def test_ways_multiply_on_the_way_down() -> None:
    inner = nn.ReLU()
    middle = nn.Sequential(inner)
    top = nn.Sequential(nn.Sequential(middle), nn.Sequential(middle), nn.Sequential(inner, inner))
    ways = ways_to(top)
    assert (ways[middle], ways[inner]) == (2, 3)  # two children that are one count once


def test_built_modules_and_what_pads_for_them() -> None:
    graph = network("[{conv: {out: 4, kernel: 2, padding: [[0, 1], [0, 1]]}}, {add: [relu, identity]}]")
    module = archlens.build(graph)
    call = calls(graph, module)
    found = {node.op.kind: call(node) for node in graph.nodes if node.inputs}
    assert (found["conv"].owner, found["conv"].maker) == ("Conv2d", "torch")
    assert (found["add"].owner, found["add"].maker) == ("Add", "archlens")


def test_a_pool_behind_a_padding_runs_on_another_map() -> None:
    """8×8 with one more behind each axis is 9×9, and windows of 3, two apart, have 4×4 places there."""
    padding = "kernel: 3, stride: 2, padding: [[0, 1], [0, 1]]"
    largest = f"{{max_pool: {{{padding}}}}}"
    inside = f"{{average_pool: {{{padding}, count_include_pad: false}}}}"
    for item, owner, ones in ((largest, "MaxPool2d", False), (inside, "AvgPool2d", True)):
        graph = network(f"[{item}]")
        found = calls(graph, archlens.build(graph))(graph.nodes[-1])
        assert (found.owner, found.maker) == (owner, "torch")
        runs = [((1, 4, 9, 9), (1, 4, 4, 4)), ((1, 1, 9, 9), (1, 1, 4, 4))]
        assert found.runs == tuple(runs[: 1 + ones])


def test_attention_that_is_asked_for_its_weights() -> None:
    class Asking(nn.Module):
        def __init__(self, *, asks: bool) -> None:
            super().__init__()
            self.layer = nn.MultiheadAttention(8, 2, batch_first=True)
            self.asks = asks

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = self.layer(x, x, x, need_weights=self.asks)[0]
            return y

    tokens = torch.ones(1, 5, 8)
    assert "MultiheadAttention with weights" in {call.owner for call in owners(Asking(asks=True), tokens)}
    assert "MultiheadAttention" in {call.owner for call in owners(Asking(asks=False), tokens)}
