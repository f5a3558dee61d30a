"""The shapes that a network from a file is given."""

from pathlib import Path

import pytest

from archlens.cli.model import load_graph
from archlens.errors import UsageError
from archlens.ops import Shape
from tests.recorder.onnx_files import Axes, imported, model, node


@pytest.mark.parametrize(
    ("axes", "given", "batch", "shape"),
    [
        ((1, 3, 8, 8), {}, 1, (1, 3, 8, 8)),
        ((4, 3, 8, 8), {}, 1, (4, 3, 8, 8)),
        (("N", 3, 8, 8), {}, 1, (1, 3, 8, 8)),
        ((None, 3, 8, 8), {}, 5, (5, 3, 8, 8)),
        ((0, 3, 8, 8), {}, 5, (5, 3, 8, 8)),
        (("N", 3, "H", "W"), {"": (3, 8, 9)}, 2, (2, 3, 8, 9)),
        (("N", 3, "H", "W"), {"x": (4, 3, 8, 9)}, 1, (4, 3, 8, 9)),
        (("N", 3, "S", "S"), {"": (3, 8, 8)}, 1, (1, 3, 8, 8)),
    ],
)
def test_open_axes(tmp_path: Path, axes: Axes, given: dict[str, Shape], batch: int, shape: Shape) -> None:
    graph = imported(model([node("Relu", "x")], {"x": axes}), tmp_path, inputs=given, batch=batch)
    assert graph.input_shape == shape


def test_a_named_axis_is_the_same_everywhere(tmp_path: Path) -> None:
    made = model([node("Add", "a b")], {"a": ("N", "T"), "b": ("N", "T")})
    graph = imported(made, tmp_path, inputs={"b": (4, 9)})
    assert [graph.nodes[at].shape for at in graph.inputs] == [(4, 9), (4, 9)]


@pytest.mark.parametrize(
    ("axes", "given", "batch", "message"),
    [
        (("N", 3, "H", "W"), {}, 1, "with axes that the file leaves open: give them, --input x=1x3xHxW"),
        ((1, 3, 8, 8), {"": (3, 9, 9)}, 1, "axis 2 of x cannot be 9: the file fixes 1x3x8x8"),
        ((1, 3, 8, 8), {"": (8, 8)}, 1, "--input x=8x8: it is 1x3x8x8 in the file"),
        ((1, 3, 8, 8), {"y": (3, 8, 8)}, 1, "--input y=…: the file has the inputs x"),
        (("N", 3, "S", "S"), {"": (3, 8, 9)}, 1, "axis 3 of x cannot be 9: S is 8"),
        ((1, 3, 8, 8), {}, 4, "--batch 4: the file fixes x to 1x3x8x8"),
    ],
)
def test_what_does_not_fit(
    tmp_path: Path, axes: Axes, given: dict[str, Shape], batch: int, message: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        imported(model([node("Relu", "x")], {"x": axes}), tmp_path, inputs=given, batch=batch)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_shape_alone_is_for_a_single_input(tmp_path: Path) -> None:
    made = model([node("Add", "a b")], {"a": (1, 2), "b": (1, 2)})
    with pytest.raises(UsageError, match=r"the file has the inputs a, b: say which, --input a=1x2$"):
        imported(made, tmp_path, inputs={"": (1, 2)})


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(model([node("Relu", "x")], {"x": ("N", 3, "H", "W")}).SerializeToString())
    graph = load_graph(str(path), None, "x=3x8x9", 2)
    assert (graph.model, graph.input_shape) == ("net", (2, 3, 8, 9))
    with pytest.raises(UsageError, match=r"^-s a=1: an ONNX file has no settings$"):
        load_graph(str(path), ["a=1"], None, 1)
