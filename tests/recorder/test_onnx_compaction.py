"""Operators that keep as much as a run tells: costs by hand, and what onnxruntime keeps at most."""

from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import TensorProto

from archlens.analyses import totals
from archlens.cost import Cost
from archlens.recorder.onnx.tensor_names import tensor_shapes
from tests.recorder.onnx_files import imported, model, node

CASES: list[tuple[str, Any, dict[str, Any], Cost, tuple[int, ...]]] = [
    ("non-zero", node("NonZero", "x"), {}, Cost(reads=24, writes=4 * 24), (4, 24)),
    ("different", node("Unique", "x"), {}, Cost(elementwise=24, reads=24, writes=24), (24,)),
    (
        "rows that differ",
        node("Unique", "x", axis=2),
        {},
        Cost(elementwise=24, reads=24, writes=24),
        (1, 2, 3, 4),
    ),
]
KNOWN: list[tuple[str, Any, dict[str, Any], Cost, tuple[int, ...]]] = [
    (
        "two of three rows",
        node("Compress", "x which", axis=2),
        {"which": numpy.array([True, False, True])},
        Cost(reads=16 + 3, writes=16),
        (1, 2, 2, 4),
    ),
    (
        "three of all elements",
        node("Compress", "x which"),
        {"which": numpy.array([True, False, True, True])},
        Cost(reads=3 + 4, writes=3),
        (3,),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_the_most_is_counted_and_said(case: Any, tmp_path: Path) -> None:
    _, made, values, cost, shape = case
    with pytest.warns(UserWarning, match="keeps as much as a run tells: the most is counted, "):
        graph = imported(model([made], {"x": (1, 2, 3, 4)}, values=values), tmp_path)
    assert graph.complete
    assert totals(graph) == cost
    assert graph.nodes[graph.outputs[0]].shape == shape


@pytest.mark.parametrize("case", KNOWN, ids=itemgetter(0))
def test_conditions_that_the_file_holds(case: Any, tmp_path: Path) -> None:
    _, made, values, cost, shape = case
    graph = imported(model([made], {"x": (1, 2, 3, 4)}, values=values), tmp_path)
    assert totals(graph) == cost
    assert graph.nodes[graph.outputs[0]].shape == shape


def test_conditions_of_a_run(tmp_path: Path) -> None:
    made = model([node("Compress", "x which", axis=1)], {"x": (4, 6), "which": (5,)})
    made.graph.input[1].type.tensor_type.elem_type = TensorProto.BOOL
    with pytest.warns(UserWarning, match="the most is counted, 4×5$"):
        graph = imported(made, tmp_path)
    assert totals(graph) == Cost(reads=20 + 5, writes=20)


def test_boxes_that_overlap(tmp_path: Path) -> None:
    """Two images, three classes, ten boxes; four stay of each at most, which are compared with all ten."""
    nodes = [
        node("NonMaxSuppression", "boxes scores most", "kept"),
        node("Cast", "kept", to=TensorProto.FLOAT),
    ]
    made = model(nodes, {"boxes": (2, 10, 4), "scores": (2, 3, 10)}, values={"most": [4]})
    with pytest.warns(UserWarning, match="the most is counted, 24×3$"):
        graph = imported(made, tmp_path)
    assert "y" not in tensor_shapes(tmp_path / "net.onnx", {})
    kept = 2 * 3 * 4 * 3
    assert totals(graph) == Cost(
        elementwise=60 + 4 * 60, reads=80 + 60 + kept, writes=kept + kept
    )  # the cast, too
    assert graph.nodes[graph.outputs[0]].shape == (24, 3)


def test_no_box_stays_unless_the_file_says_how_many(tmp_path: Path) -> None:
    made = model([node("NonMaxSuppression", "boxes scores")], {"boxes": (1, 10, 4), "scores": (1, 1, 10)})
    with pytest.warns(UserWarning, match="the most is counted, 0×3$"):
        graph = imported(made, tmp_path)
    assert totals(graph).writes == 0


def test_what_onnxruntime_keeps_is_no_more(tmp_path: Path) -> None:
    """Boxes that do not overlap all stay, up to the number that the file allows."""
    onnxruntime = pytest.importorskip("onnxruntime")
    made = model(
        [node("NonMaxSuppression", "boxes scores most half", "y")],
        {"boxes": (2, 10, 4), "scores": (2, 3, 10)},
        values={"most": [4], "half": [0.5]},
    )
    made.graph.output[0].type.tensor_type.elem_type = TensorProto.INT64
    with pytest.warns(UserWarning, match="the most is counted"):
        graph = imported(made, tmp_path)
    starts = numpy.arange(10, dtype=numpy.float32)[None, :, None].repeat(2, axis=0)
    boxes = numpy.concatenate([starts, starts, starts + 0.5, starts + 0.5], axis=2)
    scores = numpy.ones((2, 3, 10), numpy.float32)
    session = onnxruntime.InferenceSession(tmp_path / "net.onnx", providers=["CPUExecutionProvider"])
    (kept,) = session.run(None, {"boxes": boxes, "scores": scores})
    assert kept.shape == graph.nodes[graph.outputs[0]].shape
