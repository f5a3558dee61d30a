"""The operator tests of the onnx package: the shapes that archlens gives beside those of its reference runs.

Operators that ONNX defines by others cost what their definition costs where it is written out.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Any
from warnings import catch_warnings

import pytest
from onnx import TensorProto
from onnx.backend.test.case.node import collect_testcases

from archlens.analyses import totals
from archlens.cost import Cost
from archlens.graph import Graph
from archlens.recorder.onnx import import_onnx
from tests.recorder.onnx_files import imported, model, node

KINDS = (
    "Attention", "BatchNormalization", "BitCast", "CausalConvWithState", "Compress", "CumProd", "CumSum",
    "DeformConv", "Det", "EyeLike", "FlexAttention", "GRU", "GridSample", "If", "LSTM", "LinearAttention",
    "MaxPool", "MaxUnpool", "MelWeightMatrix", "NonMaxSuppression", "NonZero", "OneHot", "Pad", "RNN",
    "ReduceMax", "RoiAlign", "RotaryEmbedding", "Slice", "SwiGLU", "TopK", "Trilu",
)  # fmt: skip
OPEN = {
    "test_if_seq": "a list that comes out of a branch",
    "test_if_opt": "a value that may be missing comes out of a branch",
}
"""What is named as without a rule."""


@cache
def cases() -> Mapping[str, Any]:
    """All of them by name."""
    with catch_warnings(action="ignore"):
        return {case.name: case for case in collect_testcases(None)}


def read(case: Any, folder: Path) -> Graph:
    """The graph of a test, its inputs as long as those that it comes with."""
    inputs = case.data_sets[0][0]
    given = {
        entry.name: tuple(array.shape)
        for entry, array in zip(case.model.graph.input, inputs, strict=False)
        if getattr(array, "shape", ())
    }
    path = folder / "net.onnx"
    path.write_bytes(case.model.SerializeToString())
    with catch_warnings(action="ignore"):
        return import_onnx(path, given)


def shapes_of(case: Any) -> list[tuple[int, ...]]:
    """Those of the outputs that the reference gives."""
    return [tuple(array.shape) for array in case.data_sets[0][1]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_operator_test_of_a_kind(kind: str, tmp_path: Path) -> None:
    found = [case for case in cases().values() if case.model.graph.node[0].op_type == kind]
    found = [case for case in found if len(case.model.graph.node) == 1 and case.name not in OPEN]
    assert found
    wrong = []
    for case in found:
        graph = read(case, tmp_path)
        shapes = [graph.nodes[at].shape for at in graph.outputs]
        if not graph.complete or shapes != shapes_of(case):
            wrong.append((case.name, [each.name for each in graph.uncosted], shapes, shapes_of(case)))
    assert not wrong


@pytest.mark.parametrize(
    "name",
    [
        "test_rotary_embedding_3d_input", "test_linear_attention_gated_delta", "test_swiglu",
        "test_causal_conv_with_state_with_bias",
    ],
)  # fmt: skip
def test_a_definition_costs_what_it_costs_written_out(name: str, tmp_path: Path) -> None:
    """The package has both: the operator, and a file in which its body stands in its place."""
    whole, parts = (read(cases()[each], tmp_path) for each in (name, f"{name}_expanded"))
    assert whole.complete
    assert totals(whole) == totals(parts) != Cost()


def test_two_products_of_flexible_attention(tmp_path: Path) -> None:
    """Scores, and values weighed by them: nothing else in its definition is a product."""
    case = cases()["test_flexattention"]
    q, k, v = (array.shape for array in case.data_sets[0][0])
    scores = prod(q[:3]) * k[2]
    assert totals(read(case, tmp_path)).multiply_adds == scores * (q[3] + v[3])


def test_keys_of_earlier_tokens(tmp_path: Path) -> None:
    """One token looks at itself and five before: scores of 3 heads, 8 numbers each, and as many values."""
    nodes = [node("Attention", "q k v - pk pv", "y nk nv")]
    inputs: dict[str, Sequence[int]] = {"q": (2, 3, 1, 8), "k": (2, 3, 1, 8), "v": (2, 3, 1, 8)}
    made = model(nodes, {**inputs, "pk": (2, 3, 5, 8), "pv": (2, 3, 5, 8)}, outputs="y nk nv", opset=23)
    graph = imported(made, tmp_path)
    assert graph.complete
    assert totals(graph).multiply_adds == 2 * 3 * 6 * (8 + 8)
    assert [graph.nodes[at].shape for at in graph.outputs] == [(2, 3, 1, 8), (2, 3, 6, 8), (2, 3, 6, 8)]


def test_no_earlier_tokens_at_all(tmp_path: Path) -> None:
    """The first call of a decoder: keys of no token, which a file may be given."""
    nodes = [node("Concat", "past x", "all", axis=1), node("MatMul", "all w")]
    made = model(nodes, {"past": (2, "old", 8), "x": (2, 3, 8)}, {"w": (8, 4)}, dtype=TensorProto.FLOAT)
    graph = imported(made, tmp_path, inputs={"past": (2, 0, 8)})
    assert totals(graph).multiply_adds == 2 * 3 * 8 * 4
