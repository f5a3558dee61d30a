"""Activations and arithmetic of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import pytest
from onnx import TensorProto

from archlens import ops
from archlens.cost import Cost
from tests.recorder.onnx_files import EACH, MOVED, SUM, Case, Same, check_class, check_cost, node

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    ("relu", [node("Relu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("gelu", [node("Gelu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("hard swish", [node("HardSwish", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("leaky relu", [node("LeakyRelu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("mish", [node("Mish", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("softmax", [node("Softmax", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("log softmax", [node("LogSoftmax", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("relu6", [node("Clip", "x a b")], {}, {"a": 0.0, "b": 6.0}, EACH, (1, 2, 3, 4)),
    ("clip", [node("Clip", "x - b")], {}, {"b": 6.0}, EACH, (1, 2, 3, 4)),
    (
        "prelu",
        [node("PRelu", "x w")],
        {"w": (2, 1, 1)},
        {},
        Cost(params=2, elementwise=24, reads=26, writes=24),
        (1, 2, 3, 4),
    ),
    ("sum of a tensor and itself", [node("Add", "x x")], {}, {}, SUM, (1, 2, 3, 4)),
    ("difference", [node("Sub", "x x")], {}, {}, SUM, (1, 2, 3, 4)),
    ("quotient", [node("Div", "x x")], {}, {}, SUM, (1, 2, 3, 4)),
    ("a constant summand", [node("Add", "a x")], {}, {"a": 0.5}, EACH, (1, 2, 3, 4)),
    ("a constant factor", [node("Mul", "x a")], {}, {"a": 0.5}, EACH, (1, 2, 3, 4)),
    ("a constant divisor", [node("Div", "x a")], {}, {"a": 2.0}, EACH, (1, 2, 3, 4)),
    ("a power", [node("Pow", "x a")], {}, {"a": 2.0}, EACH, (1, 2, 3, 4)),
    (
        "a choice",
        [node("Greater", "x a", "c"), node("Where", "c x x")],
        {},
        {"a": 0.0},
        EACH + Cost(elementwise=24, reads=72, writes=24),
        (1, 2, 3, 4),
    ),
    ("cast", [node("Cast", "x", to=TensorProto.FLOAT16)], {}, {}, MOVED, (1, 2, 3, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


SAME: list[Same] = [
    (node("Clip", "x a b"), {}, {"a": 0.0, "b": 6.0}, ops.ReLU6()),
    (node("Clip", "x a"), {}, {"a": 0.0}, ops.ReLU()),
    (node("Mul", "a x"), {}, {"a": 0.25}, ops.Scale(0.25)),
    (node("Add", "x a"), {}, {"a": 0.25}, ops.Shift(0.25)),
    (node("Div", "x x"), {}, {}, ops.Divide()),
    (node("Softmax", "x", axis=1), {}, {}, ops.Softmax(1)),
    (node("Mul", "w x"), {"w": (2, 1, 1)}, {}, ops.Gain(True)),
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: str(same[-1])[:20])
def test_the_class_that_specs_use(same: Same, tmp_path: Path) -> None:
    check_class(same, tmp_path)
