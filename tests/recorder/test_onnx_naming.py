"""Names: what exporters leave in a file, as module paths."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import NodeProto, StringStringEntryProto

from archlens.ops import Shape
from archlens.recorder.onnx.naming import path_of, staged, unique
from tests.recorder.onnx_files import node


@pytest.mark.parametrize(
    ("name", "weight", "path"),
    [
        ("/layer1/layer1.0/conv1/Conv", "onnx::Conv_193", "layer1.0.conv1"),
        ("/layer1/layer1.0/downsample/downsample.0/Conv", "", "layer1.0.downsample.0"),
        ("/layer1/layer1.1/Conv_2", "", "layer1.1"),
        ("/Conv", "", "Conv"),
        ("Conv_0", "layer1.0.conv1.weight", "layer1.0.conv1"),
        ("resnet/block/Conv2D", "", "resnet.block.Conv2D"),
        ("", "", "Conv"),
        ("ä b\n/..", "", "__b_"),
    ],
)
def test_paths(name: str, weight: str, path: str) -> None:
    assert path_of(node("Conv", "x", name=name), weight) == path


def test_the_scopes_that_torch_writes() -> None:
    made: NodeProto = node("Relu", "x", name="node_relu_1")
    made.metadata_props.append(
        StringStringEntryProto(key="pkg.torch.onnx.name_scopes", value="['', 'stem', 'stem.relu1', 'relu']")
    )
    assert path_of(made, "") == "stem.relu1"


def test_several_nodes_of_one_module() -> None:
    wanted = [("a", "linear"), ("a", "add"), ("a", "add"), ("b", "relu"), ("b.c", "conv"), ("d", "relu")]
    assert unique(wanted) == ["a.linear", "a.add", "a.add_2", "b.relu", "b.c", "d"]


WORDS = st.lists(st.sampled_from(["a", "b", "a_2", "conv"]), min_size=1, max_size=4).map(".".join)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["a", "conv", "relu"])), max_size=20))
def test_no_name_stands_twice_or_above_another(wanted: list[tuple[str, str]]) -> None:
    names = unique(wanted)
    assert len(set(names)) == len(wanted)
    parents = {name[: dot.start()] for name in names for dot in re.finditer(r"\.", name)}
    assert parents.isdisjoint(names)


def test_names_without_structure_get_the_size_of_the_map() -> None:
    """Forty nodes that a converter numbered: three sizes and the head; a weight goes with its map."""
    names = [f"Conv_{i}" for i in range(40)]
    shapes: list[Shape] = [
        *[(1, 8, 32, 32)] * 20,
        (8, 1, 1),
        *[(1, 8, 16, 16)] * 9,
        *[(1, 8, 8, 8)] * 5,
        (1, 8, 1, 1),
        *[(1, 10)] * 4,
    ]
    found = staged(names, shapes)
    assert found[0] == "size_32x32.Conv_0"
    assert found[20] == "size_32x32.Conv_20"
    stages = list(dict.fromkeys(name.partition(".")[0] for name in found))
    assert stages == ["size_32x32", "size_16x16", "size_8x8", "head"]


def test_names_with_structure_stay() -> None:
    names = [f"stage{i % 4}.conv{i}" for i in range(40)]
    shapes: list[Shape] = [(1, 8, 32 >> i // 10, 32) for i in range(40)]
    assert staged(names, shapes) == names
    assert staged(names[:3], [(1, 2)] * 3) == names[:3]
