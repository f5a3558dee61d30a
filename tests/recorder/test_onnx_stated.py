"""Operators that ONNX has none of: a file says which ones its nodes are, and is believed where that is so."""

import json
from pathlib import Path

import onnx
import pytest

from archlens import ops
from archlens.analyses import totals
from archlens.builder.export import export
from archlens.graph import Graph, verify
from archlens.recorder.onnx import import_onnx
from archlens.recorder.onnx.stated import KEY
from tests.wiring import wire

CASES: dict[str, tuple[tuple[int, ...], ops.Op]] = {
    "weight_standardized_conv": (
        (1, 6, 9, 9),
        ops.WeightStandardizedConv(4, 3, 2, "tensorflow_same", groups=2),
    ),
    "weight_standardized_conv without a bias": ((1, 6, 9), ops.WeightStandardizedConv(4, 3, bias=False)),
    "relative_position_bias": ((1, 2, 6, 6), ops.RelativePositionBias((2, 3))),
    "relative_position_bias of mirrored ways": ((1, 2, 6, 6), ops.RelativePositionBias((2, 3), True)),
    "window_mask": ((1, 6, 2, 4, 4), ops.WindowMask((4, 6), (2, 2), (1, 1))),
    "roll": ((1, 4, 6, 2), ops.Roll((-1, -2), (1, 2))),
    "roll in the batch's layout": ((1, 2, 4, 6), ops.Roll((3,), (3,))),
}


@pytest.fixture(params=CASES, ids=list(CASES))
def graph(request: pytest.FixtureRequest) -> Graph:
    """The operator between two others, so that its borders are seen."""
    shape, op = CASES[request.param]
    return wire(
        ("input", ops.Input(shape), ()),
        ("stem.relu1", ops.ReLU(), ("input",)),
        ("stage1.odd1", op, ("stem.relu1",)),
        ("stage1.sigmoid1", ops.Sigmoid(), ("stage1.odd1",)),
        outputs=("stage1.sigmoid1",),
    )


def said(graph: Graph) -> list[tuple[str, ops.Op]]:
    """The nodes that run something, by name."""
    return [(node.name, node.op) for node in graph.nodes if not isinstance(node.op, ops.Identity)]


def test_what_was_written_is_read(graph: Graph, tmp_path: Path) -> None:
    back = import_onnx(export(graph, tmp_path / "net.onnx"))
    verify(back)
    assert said(back) == said(graph)
    assert totals(back) == totals(graph)


def test_without_a_word_the_nodes_are_counted(graph: Graph, tmp_path: Path) -> None:
    """The same file as another program writes it: more nodes, as many parameters and multiply-adds."""
    path = export(graph, tmp_path / "net.onnx")
    model = onnx.load(path)
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if entry.key != KEY]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    onnx.save(model, path)
    back = import_onnx(path)
    assert len(back.nodes) > len(graph.nodes)
    assert totals(back).params == totals(graph).params
    assert totals(back).multiply_adds == totals(graph).multiply_adds


LIES = (
    "",
    "{",
    "[" * 3000,
    "7",
    '{"name": "a"}',
    '{"name": "a", "roll": {}}',
    '{"name": "a", "roll": {"shifts": "b"}}',
    '{"name": "a", "roll": {"shifts": [1, 2, 3]}}',
    '{"name": 3, "roll": {"shifts": [1], "axes": [1]}}',
    '{"name": "a", "relu": {}}',
    '{"name": "a", "conv": {"out": 3}}',
    '{"name": "a", "weight_standardized_conv": {"out": 1000}}',
    '{"name": "a", "relative_position_bias": {"window": [7, 7]}}',
    '{"name": "a", "window_mask": {"size": [4, 4], "window": [2, 2], "shift": [0, 0]}}',
)


@pytest.mark.parametrize("text", LIES)
def test_what_does_not_fit_is_not_believed(text: str, tmp_path: Path) -> None:
    graph = wire(
        ("input", ops.Input((1, 4, 6, 2)), ()),
        ("conv1", ops.Conv(5, 3), ("input",)),
        ("relu1", ops.ReLU(), ("conv1",)),
        outputs=("relu1",),
    )
    path = export(graph, tmp_path / "net.onnx")
    model = onnx.load(path)
    for node in model.graph.node:
        node.metadata_props.add(key=KEY, value=text)
    onnx.save(model, path)
    assert totals(import_onnx(path)) == totals(graph)


def test_what_others_read_stays(tmp_path: Path) -> None:
    """A tensor in the middle of a roll is an output of the file, too: it cannot go."""
    graph = wire(
        ("input", ops.Input((1, 4, 6, 2)), ()),
        ("roll1", ops.Roll((-1, -2), (1, 2)), ("input",)),
        outputs=("roll1",),
    )
    path = export(graph, tmp_path / "net.onnx")
    model = onnx.load(path)
    joined = next(node for node in model.graph.node if node.op_type == "Concat")
    model.graph.output.add().CopyFrom(
        onnx.helper.make_tensor_value_info(joined.output[0], onnx.TensorProto.FLOAT, (1, 4, 6, 2))
    )
    onnx.save(model, path)
    back = import_onnx(path)
    assert [node.op.kind for node in back.nodes].count("concat") == 2
    assert len(back.outputs) == 2


def test_the_word_is_short(tmp_path: Path) -> None:
    """Each node says its own name and the attributes that are not the usual ones."""
    graph = wire(
        ("input", ops.Input((1, 2, 4, 6)), ()), ("roll1", ops.Roll((1, 1)), ("input",)), outputs=("roll1",)
    )
    model = onnx.load(export(graph, tmp_path / "net.onnx"))
    texts = {entry.value for node in model.graph.node for entry in node.metadata_props if entry.key == KEY}
    assert [json.loads(text) for text in texts] == [{"name": "roll1", "roll": {"shifts": [1, 1]}}]
