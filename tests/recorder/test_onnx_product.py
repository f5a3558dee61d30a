"""Matrix products of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import pytest

from archlens.analyses import totals
from archlens.cost import Cost
from tests.recorder.onnx_files import SUM, Case, check_cost, imported, model, node

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    # 6 rows of 4 features, 5 outputs each
    (
        "matrix product with stored weights",
        [node("MatMul", "x w")],
        {"w": (4, 5)},
        {},
        Cost(params=20, multiply_adds=120, reads=44, writes=30, activations=30),
        (1, 2, 3, 5),
    ),
    # 2 times 3×4 by 4×3
    (
        "matrix product of tensors",
        [node("Transpose", "x", "t", perm=[0, 1, 3, 2]), node("MatMul", "x t")],
        {},
        {},
        Cost(multiply_adds=72, reads=48, writes=18, activations=18),
        (1, 2, 3, 3),
    ),
    (
        "matrix times vector",
        [node("MatMul", "x w")],
        {"w": (4,)},
        {},
        Cost(params=4, multiply_adds=24, reads=28, writes=6, activations=6),
        (1, 2, 3),
    ),
    (
        "gemm",
        [node("Flatten", "x", "f"), node("Gemm", "f w b", transB=1)],
        {"w": (5, 24), "b": (5,)},
        {},
        Cost(params=125, multiply_adds=120, reads=149, writes=5, activations=5),
        (1, 5),
    ),
    (
        "einsum",
        [node("Einsum", "x x", equation="nchw,nkhw->nck")],
        {},
        {},
        Cost(multiply_adds=2 * 2 * 12, reads=48, writes=4, activations=4),
        (1, 2, 2),
    ),
    (
        "einsum without a sum",
        [node("Einsum", "x x", equation="...w,...w->...w")],
        {},
        {},
        SUM,
        (1, 2, 3, 4),
    ),
    (
        "einsum of one tensor",
        [node("Einsum", "x", equation="nchw->nc")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


def test_attention(tmp_path: Path) -> None:
    """4 heads of 8 tokens with 16 features: two products of 4·8·8·16."""
    made = model([node("Attention", "x x x")], {"x": (1, 4, 8, 16)}, opset=23)
    cost = totals(imported(made, tmp_path))
    assert cost.multiply_adds == 2 * 4 * 8 * 8 * 16
    made = model([node("Attention", "x x x", q_num_heads=4, kv_num_heads=4)], {"x": (1, 8, 64)}, opset=23)
    assert totals(imported(made, tmp_path)).multiply_adds == cost.multiply_adds
