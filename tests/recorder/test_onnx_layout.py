"""Views, copies and joins of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import numpy
import pytest

from archlens import ops
from archlens.cost import Cost
from tests.recorder.onnx_files import MOVED, NONE, Case, Same, check_class, check_cost, imported, model, node

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    ("concat", [node("Concat", "x x", axis=1)], {}, {}, Cost(reads=48, writes=48), (1, 4, 3, 4)),
    ("reshape", [node("Reshape", "x a")], {}, {"a": [0, -1, 2]}, NONE, (1, 12, 2)),
    ("flatten", [node("Flatten", "x")], {}, {}, NONE, (1, 24)),
    ("flatten from the batch on", [node("Flatten", "x", axis=0)], {}, {}, NONE, (1, 24)),
    ("squeeze", [node("Squeeze", "x a")], {}, {"a": [0]}, NONE, (2, 3, 4)),
    ("unsqueeze", [node("Unsqueeze", "x a")], {}, {"a": [0, 5]}, NONE, (1, 1, 2, 3, 4, 1)),
    ("transpose", [node("Transpose", "x", perm=[0, 2, 3, 1])], {}, {}, NONE, (1, 3, 4, 2)),
    ("identity", [node("Identity", "x")], {}, {}, NONE, (1, 2, 3, 4)),
    ("dropout", [node("Dropout", "x")], {}, {}, NONE, (1, 2, 3, 4)),
    ("slice", [node("Slice", "x a b c")], {}, {"a": [1], "b": [99], "c": [-1]}, NONE, (1, 2, 3, 3)),
    (
        "slice with steps",
        [node("Slice", "x a b c d")],
        {},
        {"a": [-1, 0], "b": [-99, 3], "c": [3, 2], "d": [-2, 2]},
        NONE,
        (1, 2, 2, 2),
    ),
    ("expand", [node("Expand", "x a")], {}, {"a": [5, 2, 3, 4]}, NONE, (5, 2, 3, 4)),
    (
        "pad",
        [node("Pad", "x a")],
        {},
        {"a": [0, 0, 1, 1, 0, 0, 1, 1]},
        Cost(reads=24, writes=60),
        (1, 2, 5, 6),
    ),
    (
        "pad of the batch",
        [node("Pad", "x a")],
        {},
        {"a": [1, 0, 0, 0, 0, 0, 0, 0]},
        Cost(reads=48, writes=48),
        (2, 2, 3, 4),
    ),
    ("tile", [node("Tile", "x a")], {}, {"a": [1, 2, 1, 1]}, Cost(reads=48, writes=48), (1, 4, 3, 4)),
    (
        "one place of an axis",
        [node("Gather", "x a", axis=1)],
        {},
        {"a": numpy.array(0)},
        NONE,
        (1, 3, 4),
    ),
    (
        "places of an axis",
        [node("Gather", "x a", axis=3)],
        {},
        {"a": [0, 2]},
        Cost(reads=12, writes=12),
        (1, 2, 3, 2),
    ),
    (
        "nearest resize",
        [node("Resize", "x - a", mode="nearest")],
        {},
        {"a": [1.0, 1.0, 2.0, 2.0]},
        Cost(reads=24, writes=96),
        (1, 2, 6, 8),
    ),
    (
        "linear resize",
        [node("Resize", "x - - a", mode="linear")],
        {},
        {"a": [1, 2, 5, 5]},
        Cost(elementwise=50, reads=24, writes=50),
        (1, 2, 5, 5),
    ),
    (
        "cubic resize",
        [node("Resize", "x - - a", mode="cubic")],
        {},
        {"a": [1, 2, 5, 5]},
        Cost(elementwise=50, reads=24, writes=50),
        (1, 2, 5, 5),
    ),
    ("space to depth", [node("SpaceToDepth", "x", blocksize=1)], {}, {}, MOVED, (1, 2, 3, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


SAME: list[Same] = [
    (node("Pad", "x a"), {}, {"a": [0, 0, 0, 1, 0, 0, 2, 3]}, ops.Pad(((0, 2), (1, 3)))),
    (node("Slice", "x a b c"), {}, {"a": [-3], "b": [-1], "c": [3]}, ops.Slice(1, 3, 3)),
    (node("Dropout", "x a"), {}, {"a": 0.25}, ops.Dropout(0.25)),
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: str(same[-1])[:20])
def test_the_class_that_specs_use(same: Same, tmp_path: Path) -> None:
    check_class(same, tmp_path)


def test_parts_of_an_axis(tmp_path: Path) -> None:
    nodes = [node("Split", "x a", "p q", axis=3), node("Split", "x", "r s", axis=1, num_outputs=2)]
    made = model(nodes, {"x": (1, 2, 3, 4)}, values={"a": [1, 3]}, outputs="p q r s")
    graph = imported(made, tmp_path)
    assert [graph.nodes[at].op for at in graph.outputs] == [
        ops.Slice(0, 1, 3),
        ops.Slice(1, 4, 3),
        ops.Split(2, 0),
        ops.Split(2, 1),
    ]
