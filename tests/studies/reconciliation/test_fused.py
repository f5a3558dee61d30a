"""Transformer layers that run as one operator: when they do, and whose the parts are."""

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.studies.reconciliation.calls import calls
from archlens.studies.reconciliation.fused import fuses_attention, fuses_layer, long_way

TOKENS = torch.ones(1, 5, 8)


def layer(**options: object) -> nn.TransformerEncoderLayer:
    made = nn.TransformerEncoderLayer(8, 2, 16, **{"batch_first": True, **options})  # type: ignore[arg-type]
    return made.eval()


@pytest.mark.parametrize("norm_first", [False, True])
def test_each_part_has_its_module(norm_first: bool) -> None:
    """In the order of Xiong et al., arXiv 2002.04745, Fig. 1, whichever comes first."""
    module = nn.Sequential(layer(norm_first=norm_first))
    graph = archlens.record(module, TOKENS)
    placed = long_way(graph, dict(module.named_modules()))
    parts = [placed.get(node.name, node.name) for node in graph.nodes if node.inputs and not node.op.alias]
    attention = ["0.self_attn"] * 3
    feed = ["0.linear1", "0", "0.linear2"]
    order = (
        ["0.norm1", *attention, "0", "0.norm2", *feed, "0"]
        if norm_first
        else [*attention, "0", "0.norm1", *feed, "0", "0.norm2"]
    )
    assert parts == order


def test_the_same_owners_whichever_way_it_was_recorded() -> None:
    owners = []
    for batch_first in (True, False):
        module = layer(batch_first=batch_first)
        graph = archlens.record(module, TOKENS)
        call = calls(graph, module)
        owners.append(
            [
                (node.op.kind, call(node).owner)
                for node in graph.nodes
                if node.op.work in ("linear", "normalization")
            ]
        )
        assert {call(node).fused for node in graph.nodes if node.op.work == "linear"} == {batch_first}
    assert owners[0] == owners[1]
    assert [owner for _, owner in owners[0]].count("Linear") == 2


def test_an_activation_that_is_a_module_has_a_hook() -> None:
    module = layer(activation=nn.ReLU())
    graph = archlens.record(module, TOKENS)
    call = calls(graph, module)
    (found,) = [call(node).owner for node in graph.nodes if node.op.kind == "relu"]
    assert found == "ReLU"


def test_a_layer_of_the_user_that_inherits_is_pytorch_s() -> None:
    class Mine(nn.TransformerEncoderLayer):
        pass

    module = Mine(8, 2, 16, batch_first=True).eval()
    graph = archlens.record(module, TOKENS)
    owners = {(call.owner, call.maker) for call in map(calls(graph, module), graph.nodes)}
    assert ("TransformerEncoderLayer", "torch") in owners


@pytest.mark.parametrize(
    "options", [{"batch_first": False}, {"bias": False}, {"activation": nn.functional.silu}, {"nhead": 1}]
)
def test_what_keeps_a_layer_from_fusing(options: dict[str, object]) -> None:
    heads = options.pop("nhead", 2)
    made = nn.TransformerEncoderLayer(8, heads, 16, **{"batch_first": True, **options})  # type: ignore[arg-type]
    assert not fuses_layer(made.eval())


def test_training_and_hooks_keep_a_layer_from_fusing() -> None:
    module = layer()
    assert fuses_layer(module)
    assert not fuses_layer(layer().train())
    module.norm1.register_forward_hook(lambda *_: None)
    assert not fuses_layer(module)


def test_attention_fuses_unless_it_takes_other_features() -> None:
    assert fuses_attention(nn.MultiheadAttention(8, 2, batch_first=True).eval())
    assert not fuses_attention(nn.MultiheadAttention(8, 2, kdim=6, batch_first=True).eval())
    assert not fuses_attention(nn.MultiheadAttention(8, 2, add_zero_attn=True, batch_first=True).eval())


def test_attention_across_is_not_fused() -> None:
    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.own = nn.MultiheadAttention(8, 2, batch_first=True)
            self.across = nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            y = self.own(x, x, x, need_weights=False)[0]
            z: Tensor = self.across(y, x, x, need_weights=False)[0]
            return z

    module = Both().eval()
    graph = archlens.record(module, TOKENS)
    call = calls(graph, module)
    fused = {node.name.partition(".")[0] for node in graph.nodes if call(node).fused}
    assert fused == {"own"}
