"""spec → Graph → PyTorch → ONNX → Graph: the parameters and multiply-adds that the spec has."""

from pathlib import Path
from typing import Any

import pytest
import torch

import archlens
from archlens.analyses import totals
from archlens.builder import build
from archlens.builder.export import captured, export, silence
from archlens.graph import Graph, verify
from archlens.recorder.onnx import import_onnx

NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {
    "resnet": ("resnet18", {"depths": [1, 1, 1, 1]}),
    "shufflenet v1": ("shufflenet_v1_g8_x0_25", {"depths": [1, 1, 1]}),
    "shufflenet v2": ("shufflenet_v2_x0_5", {"depths": [1, 1, 1]}),
    "squeezenet": ("squeezenet1_1", {}),
    "densenet": ("densenet_c_40_12", {"input": [3, 16, 16]}),
    "lenet": ("lenet5", {}),
    "mobilenet v1": ("mobilenet_v1_plain", {}),
    "highway": ("highway_a", {}),
    "googlenet": ("inception_v1", {}),
    "resnest": ("resnest14d", {}),
    "swish": ("efficientnet_b0", {"input": [3, 64, 64]}),
    "asymmetric pads": ("mobilenet_v1_x0_25", {"input": [3, 65, 65]}),
    "elu": ("dpn48b", {"input": [3, 64, 64]}),
    "shifted windows": ("swin_t", {"depths": [2, 2, 1, 1]}),
    "position bias": ("efficientvit_m0", {}),
    "shift and quotient": ("efficientvit_b0", {"input": [3, 64, 64]}),
    "group norm": ("mobilevit_v2_x0_5", {"input": [3, 64, 64]}),
    "nfnet": ("nfnet_f0", {"depths": [1] * 4, "widths": [256] * 4, "head": 256, "input": [3, 64, 64]}),
}


def load(name: str) -> Graph:
    model, settings = NETWORKS[name]
    return archlens.load(model, **settings)


@pytest.mark.parametrize("name", NETWORKS)
def test_as_it_was_written(tmp_path: Path, name: str) -> None:
    graph = load(name)
    path = tmp_path / "net.onnx"
    with silence():
        program = torch.onnx.export(captured(graph, None), dynamo=True, optimize=False, verbose=False)
        assert program is not None
        program.save(path)
    back = import_onnx(path)
    verify(back)
    assert back.complete
    cost, expected = totals(back), totals(graph)
    assert (cost.params, cost.multiply_adds) == (expected.params, expected.multiply_adds)
    assert cost.activations == expected.activations
    shapes = [back.nodes[at].shape for at in back.outputs]
    assert shapes == [graph.nodes[at].shape for at in graph.outputs]


@pytest.mark.parametrize("name", NETWORKS)
def test_as_archlens_exports_it(tmp_path: Path, name: str) -> None:
    """Every parameter, scales and zero biases among them, the same memory access; and it can be built again.

    `python -m benchmarks round-trip` tries the whole catalogue.
    """
    graph = load(name)
    back = import_onnx(export(graph, tmp_path / "net.onnx"))
    verify(back)
    cost, expected = totals(back), totals(graph)
    assert (cost.params, cost.multiply_adds) == (expected.params, expected.multiply_adds)
    assert (cost.elementwise, cost.memory_access) == (expected.elementwise, expected.memory_access)
    assert [back.nodes[at].shape for at in back.outputs] == [graph.nodes[at].shape for at in graph.outputs]
    built = build(back, device="meta").eval()
    assert sum(weight.numel() for weight in built.parameters()) == totals(graph).params
    made = built(torch.empty(back.input_shape, device="meta"))
    assert tuple(made.shape) == graph.nodes[graph.outputs[0]].shape


def test_names_are_kept(tmp_path: Path) -> None:
    back = import_onnx(export(load("resnet"), tmp_path / "net.onnx"))
    assert "stage1.0.conv1" in {node.name for node in back.nodes}


def test_a_free_batch(tmp_path: Path) -> None:
    graph = load("lenet")
    path = export(graph, tmp_path / "net.onnx", batch="free")
    for batch in (1, 7):
        cost = totals(import_onnx(path, batch=batch))
        assert cost.multiply_adds == batch * totals(graph).multiply_adds
        assert cost.params == totals(graph).params


def test_weights_that_an_older_exporter_writes(tmp_path: Path) -> None:
    """What `torch.onnx.export(dynamo=False)` writes: paths in the names of nodes."""
    graph = archlens.load("resnet18", depths=[1, 1, 1, 1], input=[3, 64, 64])
    path = tmp_path / "net.onnx"
    with silence():
        torch.onnx.export(
            build(graph).eval(), (torch.zeros(1, 3, 64, 64),), str(path),
            dynamo=False, do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE,
        )  # fmt: skip
    back = import_onnx(path)
    verify(back)
    assert back.complete
    assert totals(back).multiply_adds == totals(graph).multiply_adds
    assert {"stem.conv1", "stage2.0.conv2", "head.linear1"} <= {node.name for node in back.nodes}
