"""Files that are damaged, hostile or enormous: one line, and no more memory than the file is worth."""

import resource
import sys
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper

from archlens.analyses import totals
from archlens.errors import ArchlensError
from archlens.graph import verify
from archlens.recorder.onnx import import_onnx
from archlens.recorder.onnx.skeleton import SMALL, varint
from archlens.recorder.onnx.trouble import OnnxError
from tests.recorder.onnx_files import imported, model, node


def network() -> ModelProto:
    """A few layers, one weight large enough to be passed over."""
    nodes = [
        node("Conv", "x w b", "c", name="/stem/conv/Conv", pads=[1, 1, 1, 1]),
        node("Relu", "c", "r"),
        node("Shape", "r", "s"),
        node("Gather", "s zero", "n"),
        node("Concat", "n rest", "t", axis=0),
        node("Reshape", "r t", "f"),
        node("Gemm", "f v"),
    ]
    weights = {"w": (16, 3, 5, 5), "b": (16,), "v": (16 * 16, 3)}
    return model(nodes, {"x": ("N", 3, 6, 6)}, weights, {"zero": [0], "rest": [-1]})


def refusal(data: bytes, folder: Path) -> str:
    """The one line that a file ends in."""
    path = folder / "net.onnx"
    path.write_bytes(data)
    with pytest.raises(OnnxError) as caught:
        import_onnx(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    assert len(message) < len(str(path)) + 300
    return message.removeprefix(f"{path}: ")


def accepted_or_refused(data: bytes, folder: Path) -> None:
    """Whatever a file holds, it gives a graph that keeps its rules, or one line."""
    path = folder / "net.onnx"
    path.write_bytes(data)
    said = ""
    try:
        verify(import_onnx(path))
    except ArchlensError as error:
        said = str(error)
    assert "\n" not in said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the property tests write, over and over."""
    return tmp_path_factory.mktemp("files")


@given(st.binary(max_size=400))
def test_any_bytes(folder: Path, data: bytes) -> None:
    accepted_or_refused(data, folder)


@given(st.integers(0, 10**9))
def test_any_truncation(folder: Path, length: int) -> None:
    whole = network().SerializeToString()
    accepted_or_refused(whole[: length % len(whole)], folder)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_damage(folder: Path, changes: list[tuple[int, int]]) -> None:
    data = bytearray(network().SerializeToString())
    structure = [at for at in range(len(data)) if at < 700 or at > len(data) - 300]
    for place, value in changes:
        data[structure[place % len(structure)]] = value
    accepted_or_refused(bytes(data), folder)


KINDS = (
    "Conv", "Gemm", "Reshape", "Split", "Pad", "MaxPool", "Resize", "Slice", "LSTM", "Einsum", "Clip",
    "PRelu", "LayerNormalization", "GroupNormalization", "ConvTranspose", "Transpose", "Gather", "Attention",
    "Concat", "ReduceMean", "Squeeze", "Where", "Softmax", "QLinearConv", "BatchNormalization",
)  # fmt: skip
NAMES = (
    "axis", "axes", "pads", "group", "kernel_shape", "strides", "num_groups", "equation", "perm",
    "hidden_size", "direction", "split", "num_outputs", "mode", "q_num_heads", "kv_num_heads", "auto_pad",
)  # fmt: skip
VALUES = st.one_of(
    st.integers(-5, 5), st.lists(st.integers(-3, 5), min_size=1, max_size=4), st.just("ij,jk"), st.just(0.5)
)


@settings(max_examples=500)
@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(["x", "w", "v", "i", "-"]), min_size=1, max_size=9),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
)
def test_any_operator_on_anything(folder: Path, kind: str, inputs: list[str], attributes: object) -> None:
    assert isinstance(attributes, dict)
    made = model(
        [node(kind, " ".join(inputs), "y z", **attributes)],
        {"x": (1, 4, 6, 6)},
        {"w": (4, 4, 3, 3), "v": (4,)},
        {"i": [1, 2]},
    )
    accepted_or_refused(made.SerializeToString(), folder)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OnnxError, match=r"net.onnx: there is no such file$"):
        import_onnx(tmp_path / "net.onnx")
    with pytest.raises(OnnxError, match=r": is not a file$"):
        import_onnx(tmp_path)
    with pytest.raises(OnnxError, match=r": is not a file$"):
        import_onnx("/dev/zero")


def test_what_is_no_model(tmp_path: Path) -> None:
    assert refusal(b"", tmp_path) == "is no ONNX file: there is no graph in it"
    assert refusal(b"PK\x03\x04 something else altogether", tmp_path).startswith("is ")
    assert refusal(network().SerializeToString()[:5000], tmp_path).startswith("is cut short or no ONNX file")


def test_two_gibibytes_and_more(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    with path.open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(OnnxError, match=r"is 2.0 GiB, and no ONNX file is larger than 2 GiB$"):
        import_onnx(path)


def test_weights_are_not_read(tmp_path: Path) -> None:
    """A file with 1 GiB of weights, most of it a hole: it takes no memory."""
    made = model([node("Gemm", "x w")], {"x": (1, 2**14)}, {"w": (4, 4)})
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    del tensor.dims[:]
    tensor.dims.extend([2**14, 2**14])
    size = 4 * 2**28
    large = tensor.SerializeToString() + bytes([9 << 3 | 2]) + varint(size)
    del made.graph.initializer[:]
    graph = made.graph.SerializeToString() + bytes([5 << 3 | 2]) + varint(len(large) + size) + large
    made.ClearField("graph")
    path = tmp_path / "net.onnx"
    with path.open("wb") as file:
        file.write(made.SerializeToString() + bytes([7 << 3 | 2]) + varint(len(graph) + size) + graph)
        file.truncate(file.tell() + size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost = totals(import_onnx(path))
    assert (cost.params, cost.multiply_adds) == (2**28, 2**28)
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**17  # KiB


def test_external_data_are_not_looked_for(tmp_path: Path) -> None:
    made = model([node("Conv", "x w")], {"x": (1, 3, 8, 8)}, {"w": (4, 3, 3, 3)})
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../nowhere.bin"
    assert totals(imported(made, tmp_path)).params == 108


def test_a_weight_that_declares_more_than_it_holds(tmp_path: Path) -> None:
    made = model([node("Gemm", "x w")], {"x": (1, 4)}, {"w": (4, 4)})
    tensor = made.graph.initializer[0]
    for dims, said in [((4, 5), "4×5"), ((10**6, 10**6), "1000000×1000000")]:
        del tensor.dims[:]
        tensor.dims.extend(dims)
        expected = f"the tensor w declares {said} elements and does not hold as many"
        assert refusal(made.SerializeToString(), tmp_path) == expected
    del tensor.dims[:]
    tensor.dims.extend([2**40, 2**40])
    assert "more than 2^50 elements" in refusal(made.SerializeToString(), tmp_path)
    tensor.raw_data = bytes(SMALL + 4)
    del tensor.dims[:]
    tensor.dims.extend([SMALL])
    assert "does not hold as many" in refusal(made.SerializeToString(), tmp_path)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([node("Add", "x z")], "Add (Add) reads z, which nothing before it makes"),
        ([node("Add", "x y", "z"), node("Relu", "z")], "Add (Add) reads y, which nothing before it makes"),
        ([node("Relu", "x"), node("Tanh", "x")], "has two nodes that make y"),
        ([node("Relu", "x", "z")], "the output reads y, which nothing before it makes"),
        ([node("MatMul", "x x")], "MatMul (MatMul) does not fit its inputs: Incompatible dimensions"),
        ([node("Split", "x", axis=1, num_outputs=2**31 - 1)], "as many outputs as its num_outputs says"),
        ([node("Relu", "x", name="a\n\x1b[31mb")], ""),
        ([node("Expand", "x far")], "the output of Expand (Expand) is "),
    ],
)
def test_graphs_that_do_not_hang_together(tmp_path: Path, nodes: list[onnx.NodeProto], message: str) -> None:
    made = model(nodes, {"x": (1, 3)}, values={"far": [2**60, 3]})
    if message:
        assert message in refusal(made.SerializeToString(), tmp_path)
    else:
        imported(made, tmp_path)


@pytest.mark.parametrize("opset", [6, 9999])
def test_versions_that_are_not_known(tmp_path: Path, opset: int) -> None:
    made = model([node("Relu", "x")], {"x": (1, 3)}, opset=opset)
    assert f"is of opset {opset}, and " in refusal(made.SerializeToString(), tmp_path)


def test_a_file_without_inputs(tmp_path: Path) -> None:
    """A random start, and a product with stored weights: it has costs as any other."""
    nodes = [node("RandomNormal", "", "x", shape=[2, 3]), node("MatMul", "x w")]
    assert totals(imported(model(nodes, {}, {"w": (3, 5)}), tmp_path)).multiply_adds == 30


def test_no_output(tmp_path: Path) -> None:
    made = model([node("Relu", "x")], {"x": (3,)})
    del made.graph.output[:]
    assert refusal(made.SerializeToString(), tmp_path) == "has no output"


def function(name: str, called: str, times: int) -> onnx.FunctionProto:
    """A function that calls another several times."""
    body = [node(called, "a" if i == 0 else f"t{i}", f"t{i + 1}", domain="m") for i in range(times)]
    versions = [helper.make_opsetid("", 20), helper.make_opsetid("m", 1)]
    return helper.make_function("m", name, ["a"], [f"t{times}"], body, versions)


def test_functions_that_grow_without_bound(tmp_path: Path) -> None:
    """Ten functions that call the next one ten times: a laugh for ten thousand million nodes."""
    made = model([node("f0", "x", domain="m")], {"x": (3,)})
    made.functions.extend(function(f"f{i}", f"f{i + 1}", 10) for i in range(10))
    assert refusal(made.SerializeToString(), tmp_path) == "has 10000000000 operators, more than 100000"
    del made.functions[:]
    made.functions.extend([function("f0", "f1", 2), function("f1", "f0", 2)])
    assert "has a function that calls itself" in refusal(made.SerializeToString(), tmp_path)


def test_constants_that_grow_without_bound(tmp_path: Path) -> None:
    """A shape joined with itself forty times would have 2^40 numbers."""
    nodes = [node("Concat", f"s{i} s{i}", f"s{i + 1}", axis=0) for i in range(40)]
    nodes += [node("ConstantOfShape", "many", f"c{i}") for i in range(500)]
    made = model([*nodes, node("Relu", "x")], {"x": (3,)}, values={"s0": [1, 1], "many": [2**16]})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert totals(imported(made, tmp_path)).elementwise == 3
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**17  # KiB


def field(number: int, data: bytes) -> bytes:
    """A message or a word as a protocol buffer holds it."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def test_graphs_in_graphs(tmp_path: Path) -> None:
    """A few are read; more than the parser takes are refused, by it or before."""
    inner = helper.make_graph([node("Relu", "x")], "g", [], [helper.make_empty_tensor_value_info("y")])
    for _ in range(5):
        branch = node("If", "c", then_branch=inner)
        inner = helper.make_graph([branch], "g", [], [helper.make_empty_tensor_value_info("y")])
    made = model(inner.node, {"x": (3,)}, values={"c": numpy.array(True)})
    assert totals(imported(made, tmp_path)).elementwise == 3
    for size, message in [
        (0, "is no ONNX file, or is damaged"),
        (SMALL, "has graphs in graphs, more than 20 deep"),
    ]:
        graph = field(2, bytes(size))
        for _ in range(40):
            graph = field(1, field(5, field(6, graph)))
        assert refusal(field(7, graph), tmp_path) == message


def test_more_fields_than_any_network_has(tmp_path: Path) -> None:
    """Small files whose parts would each take a hundred times their size."""
    empty = bytes([1 << 3 | 2, 0]) * 4_000_000
    data = bytes([7 << 3 | 2]) + varint(len(empty)) + empty
    assert refusal(data, tmp_path) == "has more than 1000000 fields besides its weights"


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("LayerNormalization", {"axis": 2**40}),
        ("LayerNormalization", {"axis": -(2**40)}),
        ("Softmax", {"axis": 2**62}),
        ("GatherND", {"batch_dims": -100}),
        ("GatherND", {"batch_dims": 2**31 - 1}),
        ("MaxPool", {"kernel_shape": [2**62] * 2}),
        ("Squeeze", {"axes": [1] * 10**5}),
    ],
)
def test_attributes_that_onnx_does_not_survive(tmp_path: Path, kind: str, attributes: dict[str, Any]) -> None:
    """Its shape inference takes memory without end, or ends the process, for some of these."""
    made = model([node(kind, "x w", **attributes)], {"x": (1, 4, 6, 6)}, {"w": (6,)}, opset=17)
    accepted_or_refused(made.SerializeToString(), tmp_path)
