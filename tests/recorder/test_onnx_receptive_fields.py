"""Receptive fields of ONNX files, beside what changes in onnxruntime when a row of the input does.

Each network is a 3×3 convolution, what is tried, and another 3×3 convolution, on 24×24 places of 4 channels.
Weights are positive. A row that is changed by much shows in every output that sees it.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from archlens.analyses import receptive_fields
from archlens.recorder.onnx import import_onnx

SIDE = 24
Tried = tuple[Sequence[NodeProto], dict[str, Any]]


def one(kind: str, inputs: str = "a", constants: dict[str, Any] | None = None, **attributes: Any) -> Tried:
    """A single node from a to b, and its constants."""
    given = ["" if each == "-" else each for each in inputs.split()]
    return [helper.make_node(kind, given, ["b"], **attributes)], constants or {}


def through(*steps: tuple[str, str, dict[str, Any]], **constants: Any) -> Tried:
    """Nodes one after the other, each with the names of its further inputs."""
    names = ["a", *(f"t{number}" for number in range(len(steps) - 1)), "b"]
    nodes = [
        helper.make_node(kind, [names[at], *more.split()], [names[at + 1]], **attributes)
        for at, (kind, more, attributes) in enumerate(steps)
    ]
    return nodes, constants


def weights(*shape: int) -> NDArray[Any]:
    return numpy.random.default_rng(0).uniform(0.1, 1, shape).astype(numpy.float32)


def scale(factor: float) -> NDArray[Any]:
    return numpy.array([1, 1, factor, factor], numpy.float32)


NHWC, NCHW = {"perm": [0, 2, 3, 1]}, {"perm": [0, 3, 1, 2]}
HALVES: dict[str, Any] = {"from": [0, 1], "to": [99, 99], "over": [2, 3], "by": [2, 2]}
UNSHUFFLED = {"shape": [1, 4, 12, 2, 12, 2], "back": [1, 16, 12, 12]}

TRIED: dict[str, Tried] = {
    "nothing": one("Identity"),
    "turned round": one("Slice", "a from to over by", {"from": [24], "to": [-25], "over": [2], "by": [-1]}),
    "every other place": one("Slice", "a from to over by", HALVES),
    "picked": one("Gather", "a rows", {"rows": list(range(0, SIDE, 2))}, axis=2),
    "channels turned round": one("Gather", "a rows", {"rows": [3, 2, 1, 0]}, axis=1),
    "channels picked": one("Gather", "a rows", {"rows": [3, 1, 0, 2]}, axis=1),
    "space to depth": one("SpaceToDepth", blocksize=2),
    "depth to space": one("DepthToSpace", blocksize=2),
    "cubic": one("Resize", "a - s", {"s": scale(2)}, mode="cubic"),
    "cubic down": one("Resize", "a - s", {"s": scale(0.5)}, mode="cubic"),
    "linear down, smoothed": one("Resize", "a - s", {"s": scale(0.5)}, mode="linear", antialias=1),
    "linear to three times": one("Resize", "a - s", {"s": scale(3)}, mode="linear"),
    "nearest to three quarters": one("Resize", "a - s", {"s": scale(0.75)}, mode="nearest"),
    "lp pool": one("LpPool", kernel_shape=[3, 3], strides=[2, 2]),
    "dilated max pool": one("MaxPool", kernel_shape=[3, 3], dilations=[2, 2]),
    "max pool with a ceiling": one("MaxPool", kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1),
    "uneven average pool": one("AveragePool", kernel_shape=[3, 3], pads=[0, 1, 2, 1], count_include_pad=1),
    "padded as needed": one("Conv", "a k", {"k": weights(4, 4, 4, 2)}, strides=[2, 1], auto_pad="SAME_LOWER"),
    "dilated": one("Conv", "a k", {"k": weights(4, 4, 3, 3)}, dilations=[2, 3], pads=[0, 1, 2, 3]),
    "depthwise": one("Conv", "a k", {"k": weights(4, 1, 3, 3)}, group=4),
    "transposed": one("ConvTranspose", "a k", {"k": weights(4, 4, 3, 3)}, strides=[2, 2]),
    "transposed with gaps": one(
        "ConvTranspose", "a k", {"k": weights(4, 4, 4, 4)}, strides=[2, 2], dilations=[3, 3]
    ),
    "reflected": one("Pad", "a p", {"p": [0, 0, 2, 2, 0, 0, 2, 2]}, mode="reflect"),
    "cut": one("Pad", "a p", {"p": [0, 0, -2, 1, 0, 0, 0, -3]}),
    "padded along one axis": one("Pad", "a p - over", {"p": [1, 2], "over": [-1]}),
    "channels last": through(("Transpose", "", NHWC), ("Softmax", "", {"axis": -1}), ("Transpose", "", NCHW)),
    "windows and back": through(
        ("Reshape", "shape", {}),
        ("Transpose", "", {"perm": [0, 1, 3, 2, 4]}),
        ("Relu", "", {}),
        ("Transpose", "", {"perm": [0, 1, 3, 2, 4]}),
        ("Reshape", "back", {}),
        shape=[1, 4, 4, 6, 24],
        back=[1, 4, 24, 24],
    ),
    "unshuffled by hand": through(
        ("Reshape", "shape", {}),
        ("Transpose", "", {"perm": [0, 1, 3, 5, 2, 4]}),
        ("Reshape", "back", {}),
        **UNSHUFFLED,
    ),
    "in half precision": through(("Cast", "", {"to": 10}), ("Cast", "", {"to": 1})),
    "response norm": one("LRN", size=3),
    "a sum over channels": one("ReduceSum", "a over", {"over": [1]}),
    "sees everything: mean": one("GlobalAveragePool"),
    "sees everything: rows": one("MatMul", "k a", {"k": weights(SIDE, SIDE)}),
    "sees everything: softmax": one("Softmax", axis=2),
    "unknown: running sum": one("CumSum", "a over", {"over": 2}),
    "unknown: shuffled": one("Gather", "a rows", {"rows": [*range(5, SIDE), 3, 0, 4, 1, 2]}, axis=2),
}


def file(tried: Tried, path: Any) -> None:
    """The network with what is tried in its middle, written to a file."""
    import onnxruntime

    nodes, constants = tried
    initializers = [
        numpy_helper.from_array(value if isinstance(value, numpy.ndarray) else numpy.array(value), name)
        for name, value in {**constants, "first": weights(4, 4, 3, 3)}.items()
    ]
    onnxruntime.set_default_logger_severity(4)
    before = [helper.make_node("Conv", ["x", "first"], ["a"], pads=[1] * 4), *nodes]
    model = made(before, initializers, "b")
    channels = run(model, numpy.ones((1, 4, SIDE, SIDE), numpy.float32)).shape[1]
    last = numpy_helper.from_array(weights(4, channels, 3, 3), "last")
    after = helper.make_node("Conv", ["b", "last"], ["y"], pads=[1] * 4)
    path.write_bytes(made([*before, after], [*initializers, last], "y").SerializeToString())


def made(nodes: Sequence[NodeProto], initializers: Sequence[TensorProto], output: str) -> ModelProto:
    """A model of one input and one output."""
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, SIDE, SIDE])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        initializers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def run(model: ModelProto | str, x: NDArray[Any]) -> NDArray[Any]:
    """What onnxruntime gives."""
    import onnxruntime

    given = model if isinstance(model, str) else model.SerializeToString()
    session = onnxruntime.InferenceSession(given, providers=["CPUExecutionProvider"])
    found: NDArray[Any] = session.run(None, {"x": x})[0]
    return found


def rows_seen(path: str) -> list[list[int]]:
    """For each row of the output, the rows of the input that change it."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    base = numpy.random.default_rng(1).uniform(0.5, 1, (1, 4, SIDE, SIDE)).astype(numpy.float32)
    plain = session.run(None, {"x": base})[0]
    seen: list[set[int]] = [set() for _ in range(plain.shape[2])]
    for row in range(SIDE):
        for amount in (50, -50):
            x = base.copy()
            x[:, :, row] += amount
            changed = numpy.abs(session.run(None, {"x": x})[0] - plain).max(axis=(0, 1, 3)) > 1e-4
            for place in numpy.nonzero(changed)[0]:
                seen[place].add(row)
    return [sorted(rows) for rows in seen]


@pytest.mark.parametrize("name", TRIED)
def test_as_changed_rows_show(tmp_path: Any, name: str) -> None:
    path = tmp_path / "tried.onnx"
    file(TRIED[name], path)
    graph = import_onnx(path)
    field = receptive_fields(graph).of(graph.outputs[0])
    if name.startswith("unknown"):
        assert field is None
        return
    assert field is not None
    seen = rows_seen(str(path))
    if name.startswith("sees everything"):
        assert field.everything
        assert max(map(len, seen)) == SIDE
        return
    inside = [place for place, rows in enumerate(seen) if rows and rows[0] > 0 and rows[-1] < SIDE - 1]
    assert not field.everything
    assert field.size[0] == max(seen[place][-1] - seen[place][0] + 1 for place in inside)
    if field.stride[0].denominator == 1:  # else places differ in what they see
        for place in inside:
            first = place * field.stride[0] - field.padding[0]
            assert first <= seen[place][0]
            assert seen[place][-1] <= first + field.size[0] - 1
