"""The shapes that a network from a file is given."""

from pathlib import Path

import pytest
from onnx import TensorProto, helper

from archlens.analyses import totals
from archlens.cli.model import load_graph
from archlens.errors import ArchlensError, UsageError
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
        ((1, 3, 8, 8), {"": (3, 9, 10)}, 1, (1, 3, 9, 10)),
        ((1, 3, 8, 8), {"": (4, 3, 8, 8)}, 1, (4, 3, 8, 8)),
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
        ((1, 3, 8, 8), {"": (8, 8)}, 1, "--input x=8x8: it is 1x3x8x8 in the file"),
        ((1, 3, 8, 8), {"y": (3, 8, 8)}, 1, "--input y=…: the file has the inputs x"),
        (("N", 3, "S", "S"), {"": (3, 8, 9)}, 1, "axis 3 of x cannot be 9: S is 8"),
        ((1, 3, 8, 8), {}, 4, "--batch 4: the file fixes x to 1x3x8x8; --input x=4x3x8x8 tries"),
    ],
)
def test_what_does_not_fit(
    tmp_path: Path, axes: Axes, given: dict[str, Shape], batch: int, message: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        imported(model([node("Relu", "x")], {"x": axes}), tmp_path, inputs=given, batch=batch)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("target", [[1, 192], [1, 3, 64], [1, 3, 64, -1]])
def test_a_size_that_the_graph_does_not_allow(tmp_path: Path, target: list[int]) -> None:
    """A shape that is written down fits one size; with -1 in it, it fits others, and 63 is not among them."""
    made = model([node("Reshape", "x t"), node("Relu", "y", "z")], {"x": (1, 3, 8, 8)}, values={"t": target})
    assert imported(made, tmp_path).complete
    with pytest.raises(
        UsageError, match="--input x=1x3x7x9: the file fixes 1x3x8x8, and the graph allows no"
    ):
        imported(made, tmp_path, inputs={"": (3, 7, 9)})


def test_sizes_in_the_middle_of_a_file_are_its_own(tmp_path: Path) -> None:
    """What exporters note down about tensors holds for the size that was exported."""
    made = model([node("Relu", "x", "a"), node("Sigmoid", "a")], {"x": (1, 3, 8, 8)})
    made.graph.value_info.append(helper.make_tensor_value_info("a", TensorProto.FLOAT, (1, 3, 8, 8)))
    graph = imported(made, tmp_path, inputs={"": (3, 6, 5)})
    assert [each.shape for each in graph.nodes] == [(1, 3, 6, 5)] * 3


def test_a_single_number_goes_in(tmp_path: Path) -> None:
    """Silero's sampling rate is an input without an axis; a comparison of it is one element of work."""
    made = model([node("Mul", "x rate", "a")], {"x": (1, 4), "rate": ()}, outputs="a")
    graph = imported(made, tmp_path)
    assert [graph.nodes[at].shape for at in graph.inputs] == [(1, 4), (1,)]
    assert graph.complete
    assert totals(graph).elementwise == 4


def test_an_input_of_which_not_even_the_axes_are_known(tmp_path: Path) -> None:
    made = model([node("Relu", "x")], {"x": (1, 3)})
    made.graph.input[0].type.tensor_type.ClearField("shape")
    with pytest.raises(ArchlensError, match="a tensor of unknown rank"):
        imported(made, tmp_path)
    assert imported(made, tmp_path, inputs={"x": (2, 5, 7)}).input_shape == (2, 5, 7)


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
