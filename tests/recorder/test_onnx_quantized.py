"""Numbers in few bits in ONNX files, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import numpy
import pytest

from archlens import ops
from archlens.analyses import totals
from tests.recorder.onnx_files import EACH, Case, check_cost, imported, model, node, only

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    ("quantize", [node("QuantizeLinear", "x a b")], {}, {"a": 0.1, "b": numpy.uint8(3)}, EACH, (1, 2, 3, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


def test_weights_in_eight_bits_are_weights(tmp_path: Path) -> None:
    nodes = [
        node("QuantizeLinear", "x s z", "q"),
        node("QLinearConv", "q s z w s z s z b", "c"),
        node("DequantizeLinear", "c s z"),
    ]
    values = {
        "s": numpy.float32(0.1),
        "z": numpy.uint8(0),
        "w": numpy.zeros((4, 2, 1, 1), numpy.uint8),
        "b": numpy.zeros(4, numpy.int32),
    }
    cost = totals(imported(model(nodes, {"x": (1, 2, 3, 4)}, values=values), tmp_path))
    assert (cost.params, cost.multiply_adds, cost.elementwise) == (12, 96, 24 + 48)


def test_weights_that_are_stored_in_eight_bits(tmp_path: Path) -> None:
    nodes = [node("DequantizeLinear", "w s z", "f"), node("Conv", "x f")]
    values = {
        "s": numpy.float32(0.1),
        "z": numpy.int8(0),
        "w": numpy.zeros((4, 2, 1, 1), numpy.int8),
    }
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, values=values), tmp_path)
    assert only(graph).op == ops.Conv(4, padding=0)
    assert totals(graph).params == 8
