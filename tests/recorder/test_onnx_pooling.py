"""Pools and reductions of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import pytest

from archlens import ops
from archlens.cost import Cost
from tests.recorder.onnx_files import EACH, Case, Same, check_class, check_cost, node

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    (
        "max pool",
        [node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)],
        {},
        {},
        Cost(elementwise=8, reads=24, writes=8),
        (1, 2, 2, 2),
    ),
    (
        "average pool",
        [node("AveragePool", "x", kernel_shape=[3, 3], pads=[1, 1, 1, 1])],
        {},
        {},
        EACH,
        (1, 2, 3, 4),
    ),
    (
        "average pool with dilation",
        [node("AveragePool", "x", kernel_shape=[2, 2], dilations=[2, 2])],
        {},
        {},
        Cost(elementwise=4, reads=24, writes=4),
        (1, 2, 1, 2),
    ),
    (
        "global average pool",
        [node("GlobalAveragePool", "x")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2, 1, 1),
    ),
    (
        "global max pool",
        [node("GlobalMaxPool", "x")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2, 1, 1),
    ),
    (
        "mean",
        [node("ReduceMean", "x a", keepdims=0)],
        {},
        {"a": [2, 3]},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2),
    ),
    (
        "largest of all",
        [node("ReduceMax", "x", keepdims=0)],
        {},
        {},
        Cost(elementwise=1, reads=24, writes=1),
        (),
    ),
    (
        "length",
        [node("ReduceL2", "x a")],
        {},
        {"a": [1]},
        Cost(elementwise=12, reads=24, writes=12),
        (1, 1, 3, 4),
    ),
    (
        "where the largest is",
        [node("ArgMax", "x", axis=1)],
        {},
        {},
        Cost(elementwise=12, reads=24, writes=12),
        (1, 1, 3, 4),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


SAME: list[Same] = [
    (node("ReduceMean", "x a", keepdims=0), {}, {"a": [2, 3]}, ops.Mean((2, 3))),
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: str(same[-1])[:20])
def test_the_class_that_specs_use(same: Same, tmp_path: Path) -> None:
    check_class(same, tmp_path)
