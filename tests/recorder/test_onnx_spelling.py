"""Operators that exporters spell with several nodes: one where nobody else reads what is between."""

from pathlib import Path

import pytest
from onnx import NodeProto

from archlens import ops
from archlens.analyses import totals
from archlens.cost import Cost
from tests.recorder.onnx_files import imported, model, node, only

GROUPED = [0, 2, 3, 4, 4]  # 6 channels as 2 groups of 3


def shuffle(perm: list[int], *, copied: bool = False) -> list[NodeProto]:
    """A split, a transposition, maybe a copy, and the whole again."""
    return [
        node("Reshape", "x parts", "p"),
        node("Transpose", "p", "t", perm=perm),
        *([node("Identity", "t", "c")] if copied else []),
        node("Reshape", "c whole" if copied else "t whole", "y"),
    ]


@pytest.mark.parametrize("order", ["x s", "s x"])
def test_swish(tmp_path: Path, order: str) -> None:
    graph = imported(model([node("Sigmoid", "x", "s"), node("Mul", order)], {"x": (1, 2, 3, 4)}), tmp_path)
    assert only(graph).op == ops.SiLU()
    assert totals(graph) == Cost(elementwise=24, reads=24, writes=24)


def test_a_gate_that_others_read_stays(tmp_path: Path) -> None:
    nodes = [node("Sigmoid", "x", "s"), node("Mul", "x s"), node("Relu", "s", "z")]
    graph = imported(model(nodes, {"x": (1, 2)}, outputs="y z"), tmp_path)
    assert [each.op for each in graph.nodes[1:]] == [ops.Sigmoid(), ops.Multiply(), ops.ReLU()]


def test_a_gate_of_something_else_stays(tmp_path: Path) -> None:
    nodes = [node("Relu", "x", "r"), node("Sigmoid", "r", "s"), node("Mul", "x s")]
    graph = imported(model(nodes, {"x": (1, 2)}), tmp_path)
    assert [each.op for each in graph.nodes[1:]] == [ops.ReLU(), ops.Sigmoid(), ops.Multiply()]


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("whole", [[0, 6, 4, 4], [1, -1, 4, 4]])
def test_channels_shuffled(tmp_path: Path, copied: bool, whole: list[int]) -> None:
    """Ninety-six elements are read and written; without the copy they would be read in place."""
    values = {"parts": GROUPED, "whole": whole}
    made = model(shuffle([0, 2, 1, 3, 4], copied=copied), {"x": (1, 6, 4, 4)}, values=values)
    graph = imported(made, tmp_path)
    assert only(graph).op == ops.ChannelShuffle(2)
    assert totals(graph) == Cost(reads=96, writes=96)


@pytest.mark.parametrize(
    ("perm", "whole"),
    [([0, 1, 2, 4, 3], [0, 6, 4, 4]), ([0, 2, 1, 3, 4], [0, 3, 8, 4])],
    ids=["axes", "shape"],
)
def test_what_moves_otherwise_is_no_shuffle(tmp_path: Path, perm: list[int], whole: list[int]) -> None:
    made = model(shuffle(perm), {"x": (1, 6, 4, 4)}, values={"parts": GROUPED, "whole": whole})
    assert [each.op.kind for each in imported(made, tmp_path).nodes[1:]] == [
        "reshape",
        "transpose",
        "reshape",
    ]


def test_a_transposition_that_others_read_stays(tmp_path: Path) -> None:
    nodes = [*shuffle([0, 2, 1, 3, 4]), node("Relu", "t", "z")]
    values = {"parts": GROUPED, "whole": [0, 6, 4, 4]}
    made = model(nodes, {"x": (1, 6, 4, 4)}, values=values, outputs="y z")
    kinds = [each.op.kind for each in imported(made, tmp_path).nodes[1:]]
    assert kinds == ["reshape", "transpose", "reshape", "relu"]


def test_one_shuffle_after_the_other(tmp_path: Path) -> None:
    again = [
        node("Reshape", "y parts", "p2"),
        node("Transpose", "p2", "t2", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "t2 whole", "z"),
    ]
    values = {"parts": GROUPED, "whole": [0, 6, 4, 4]}
    made = model([*shuffle([0, 2, 1, 3, 4]), *again], {"x": (1, 6, 4, 4)}, values=values, outputs="z")
    assert [each.op for each in imported(made, tmp_path).nodes[1:]] == [ops.ChannelShuffle(2)] * 2
