"""What `--input` says."""

import pytest

from archlens.errors import UsageError
from archlens.models.inputs import parse_inputs, parse_shapes
from archlens.ops import Shape
from archlens.recorder.sources import TensorType, Value


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (None, {}),
        ("3x224x224", {"": (3, 224, 224)}),
        ("3,224,224", {"": (3, 224, 224)}),
        ("x=1x3x8x8", {"x": (1, 3, 8, 8)}),
        ("x=1x3,y=2,4", {"x": (1, 3), "y": (2, 4)}),
        ("a=b=1x3", {"a=b": (1, 3)}),
    ],
)
def test_inputs_as_they_are_written(text: str | None, shapes: dict[str, Shape]) -> None:
    assert parse_shapes(text) == shapes
    assert parse_inputs(text) == {name: TensorType(shape) for name, shape in shapes.items()}


def test_inputs_with_types() -> None:
    assert parse_inputs("16:int64") == {"": TensorType((16,), "int64")}
    assert parse_inputs("16,mask=16x16:bool,scale=2") == {
        "": TensorType((16,)),
        "mask": TensorType((16, 16), "bool"),
        "scale": TensorType((2,)),
    }


def test_inputs_without_a_batch_with_elements_and_no_tensors() -> None:
    text = "x=8,edges=2x40:int64@nobatch,t=:int64,lengths=[3,5]:int64,mode:=sum,sizes:=[2, 3],flag:=null"
    assert parse_inputs(text) == {
        "x": TensorType((8,)),
        "edges": TensorType((2, 40), "int64", batched=False),
        "t": TensorType((), "int64", batched=False),
        "lengths": TensorType((2,), "int64", batched=False, elements=[3, 5]),
        "mode": Value("sum"),
        "sizes": Value([2, 3]),
        "flag": Value(None),
    }
    with pytest.raises(UsageError, match="a module of one's own can, whose forward takes a tensor"):
        parse_inputs("x=8,mode=sum")
    with pytest.raises(UsageError, match="of an ONNX file, only shapes can be told"):
        parse_shapes("n:=3")


@pytest.mark.parametrize(
    "text",
    [
        "x=",
        "=",
        "x=3xx",
        "x=1x3,y",
        "x=1,x=2",
        "3x0",
        "3:",
        "3:int64:int64",
        "3@batch",
        "[1,[2]]",
        "[a]",
        "x:=[",
    ],
)
def test_inputs_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--input [^\n]+$"):
        parse_inputs(text)


def test_types_that_are_none() -> None:
    with pytest.raises(UsageError, match=r"^--input 16:int46: no tensor holds int46; did you mean int64\?$"):
        parse_inputs("16:int46")
    with pytest.raises(UsageError, match=r"^--input 16:int64: an ONNX file says itself what its inputs hold"):
        parse_shapes("16:int64")
