"""Lists of tensors: what is put into them and taken out again costs what it costs without them."""

from contextlib import suppress
from pathlib import Path

import numpy
import pytest
from onnx import NodeProto, TensorProto

from archlens.analyses import totals
from archlens.cost import Cost
from archlens.errors import ArchlensError
from archlens.recorder.onnx import import_onnx
from tests.recorder.onnx_files import imported, model, node

LISTS = {
    "made at once": [node("SequenceConstruct", "x r", "s")],
    "one after the other": [
        node("SequenceEmpty", "", "e"),
        node("SequenceInsert", "e r", "f"),
        node("SequenceInsert", "f x first", "s"),
    ],
    "with one too many": [node("SequenceConstruct", "x r r", "t"), node("SequenceErase", "t", "s")],
    "through an optional": [node("SequenceConstruct", "x r", "t"), node("Optional", "t", "o"),
                            node("OptionalGetElement", "o", "s")],
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_joined_again(tmp_path: Path, name: str) -> None:
    """A ReLU of 24 numbers, then x and it side by side: 48 are moved."""
    nodes = [node("Relu", "x", "r"), *LISTS[name], node("ConcatFromSequence", "s", axis=1)]
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, values={"first": numpy.array(0)}), tmp_path)
    assert graph.complete
    assert totals(graph) == Cost(elementwise=24, reads=24 + 48, writes=24 + 48)
    assert graph.nodes[graph.outputs[0]].shape == (1, 4, 3, 4)


def test_stacked_along_a_new_axis(tmp_path: Path) -> None:
    nodes = [node("SequenceConstruct", "x x x", "s"), node("ConcatFromSequence", "s", axis=-1, new_axis=1)]
    graph = imported(model(nodes, {"x": (2, 4)}), tmp_path)
    assert graph.nodes[graph.outputs[0]].shape == (2, 4, 3)


@pytest.mark.parametrize(
    ("split", "shapes"),
    [(None, (2, 1)), ([2, 4], (2, 4)), (numpy.array(4), (2, 2))],
    ids=["places", "lengths", "one length"],
)
def test_taken_apart(tmp_path: Path, split: object, shapes: tuple[int, ...]) -> None:
    """The last part, read where it lies: the shapes are those that the standard states."""
    values = {"last": numpy.array(-1)} | ({} if split is None else {"split": split})
    nodes = [
        node("SplitToSequence", "x" if split is None else "x split", "s", axis=1),
        node("SequenceAt", "s last"),
    ]
    graph = imported(model(nodes, {"x": (2, 6)}, values=values), tmp_path)
    assert totals(graph) == Cost()
    assert graph.nodes[graph.outputs[0]].shape == shapes


def test_how_long_a_list_is(tmp_path: Path) -> None:
    """Its length is known while reading: a loop over it has as many passes."""
    nodes = [
        node("SplitToSequence", "x", "s", axis=0),
        node("SequenceLength", "s", "n"),
        node("Unsqueeze", "n zero", "shape"),
        node("ConstantOfShape", "shape"),
    ]
    graph = imported(model(nodes, {"x": (5, 6)}, values={"zero": [0]}), tmp_path)
    assert graph.nodes[graph.outputs[0]].shape == (5,)


@pytest.mark.parametrize(
    "nodes",
    [
        [node("SequenceConstruct", "x x", "y z")],
        [node("Optional", "x", "y z")],
        [node("SequenceConstruct", "x x", "s"), node("ConcatFromSequence", "s")],
        [node("SequenceConstruct", "x x", "s"), node("ConcatFromSequence", "s", axis=2**40)],
        [node("SplitToSequence", "x", "y", axis="first")],
        [node("Scan", "x x", num_scan_inputs=2**62)],
    ],
    ids=lambda nodes: str(nodes[-1].op_type),
)
def test_nodes_that_fit_no_standard_are_named_or_refused(tmp_path: Path, nodes: list[NodeProto]) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, {"x": (2, 3)}).SerializeToString())
    with suppress(ArchlensError):
        assert import_onnx(path).uncosted


def test_a_place_that_only_a_run_tells_is_named(tmp_path: Path) -> None:
    nodes = [node("SequenceConstruct", "x x", "s"), node("SequenceAt", "s at")]
    made = model(nodes, {"x": (2, 3), "at": ()})
    made.graph.input[1].type.tensor_type.elem_type = TensorProto.INT64
    graph = imported(made, tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["SequenceAt"]  # type: ignore[attr-defined]
