"""Convolutions of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from archlens import ops
from archlens.analyses import totals
from archlens.cost import Cost
from tests.recorder.onnx_files import Case, Same, check_class, check_cost, imported, model, node, only

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    # 8 outputs of 2·3·3 products each at 1×2 places: 5 = 3 + 2 - 2, stride 2 gives 2×2
    (
        "conv",
        [node("Conv", "x w b", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])],
        {"w": (8, 2, 3, 3), "b": (8,)},
        {},
        Cost(params=152, multiply_adds=8 * 4 * 18, reads=24 + 152, writes=32, activations=32),
        (1, 8, 2, 2),
    ),
    (
        "conv, depthwise, same",
        [node("Conv", "x w", auto_pad="SAME_UPPER", strides=[2, 2], group=2)],
        {"w": (2, 1, 3, 3)},
        {},
        Cost(params=18, multiply_adds=2 * 4 * 9, reads=42, writes=8, activations=8),
        (1, 2, 2, 2),
    ),
    (
        "conv, same with more before",
        [node("Conv", "x w", auto_pad="SAME_LOWER", strides=[2, 2])],
        {"w": (1, 2, 2, 2)},
        {},
        Cost(params=8, multiply_adds=4 * 8, reads=32, writes=4, activations=4),
        (1, 1, 2, 2),
    ),
    # every input element meets 5·2·2 weights; (3 - 1)·2 + 2 = 6 and (4 - 1)·2 + 2 = 8
    (
        "transposed conv",
        [node("ConvTranspose", "x w b", strides=[2, 2])],
        {"w": (2, 5, 2, 2), "b": (5,)},
        {},
        Cost(params=45, multiply_adds=24 * 20, reads=24 + 45, writes=240, activations=240),
        (1, 5, 6, 8),
    ),
    (
        "transposed conv to a size",
        [node("ConvTranspose", "x w", strides=[2, 2], output_shape=[5, 7])],
        {"w": (2, 1, 2, 2)},
        {},
        Cost(params=8, multiply_adds=12 * 2 * 4, reads=32, writes=35, activations=35),
        (1, 1, 5, 7),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)


SAME: list[Same] = [
    (
        node("Conv", "x w", pads=[1, 0, 1, 0], dilations=[1, 2], group=2),
        {"w": (2, 1, 3, 2)},
        {},
        ops.Conv(2, (3, 2), 1, (1, 0), (1, 2), 2),
    ),
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: str(same[-1])[:20])
def test_the_class_that_specs_use(same: Same, tmp_path: Path) -> None:
    check_class(same, tmp_path)


def test_a_kernel_that_the_network_computes(tmp_path: Path) -> None:
    nodes = [node("Mul", "w g", "scaled"), node("Conv", "x scaled b")]
    inputs = {"x": (1, 2, 3, 4), "g": (4, 1, 1, 1)}
    cost = totals(imported(model(nodes, inputs, {"w": (4, 2, 1, 1), "b": (4,)}), tmp_path))
    # 8 weights scaled, then a convolution of 12 places, 4 outputs of 2 products each
    assert cost == Cost(
        params=12,
        multiply_adds=96,
        elementwise=8,
        reads=8 + 4 + 24 + 8 + 4,
        writes=8 + 48,
        activations=48,
    )


@pytest.mark.parametrize(
    ("padding", "shape"), [({"auto_pad": "SAME_UPPER"}, (3, 4)), ({"pads": [0, 1, 2, 0]}, (3, 3))]
)
def test_a_computed_kernel_with_uneven_padding(
    tmp_path: Path, padding: dict[str, Any], shape: tuple[int, int]
) -> None:
    """On 3×4, windows of 3×3 with one more on each side, or of 3×3 with two below and one on the left."""
    nodes = [node("Mul", "w g", "scaled"), node("Conv", "x scaled", **padding)]
    inputs = {"x": (1, 2, 3, 4), "g": (4, 1, 1, 1)}
    graph = imported(model(nodes, inputs, {"w": (4, 2, 3, 3)}), tmp_path)
    assert graph.complete
    assert graph.nodes[graph.outputs[0]].shape == (1, 4, *shape)
    assert totals(graph).multiply_adds == shape[0] * shape[1] * 4 * 18
    conv = graph.nodes[-1]
    (height, _) = conv.op.windows(graph.shapes_into(conv))
    assert (height.before, height.after) == ((1, 1) if "auto_pad" in padding else (0, 2))


def test_a_bias_of_zeros_that_the_exporter_made_up(tmp_path: Path) -> None:
    nodes = [node("Expand", "zero shape", "b"), node("Conv", "x w b")]
    made = model(nodes, {"x": (1, 2, 3, 4)}, {"w": (4, 2, 1, 1)}, {"zero": 0.0, "shape": [4]})
    assert only(imported(made, tmp_path)).op == ops.Conv(4, padding=0)
