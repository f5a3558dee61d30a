"""What a model on the command line stands for, and what goes into it."""

import json
from pathlib import Path

import pytest

from archlens.cli.inputs import parse_inputs, parse_shapes
from archlens.cli.model import Kind, kind_of
from archlens.errors import UsageError
from archlens.ops import Shape
from archlens.recorder.sources import TensorType, Value
from tests.cli.conftest import Refused, Run

WORDS = """
from torch import nn

class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(100, 8)
        self.attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.head = nn.Linear(8, 100)

    def forward(self, tokens, mask=None):
        return self.head(self.attention(self.table(tokens), src_key_padding_mask=mask))
"""


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("resnet50", Kind.spec),
        ("my.yaml", Kind.spec),
        ("my.yaml:variant", Kind.spec),
        ("folder/my.yml:variant", Kind.spec),
        ("package.module:name", Kind.module),
        ("net.py:Net", Kind.module),
        ("timm:resnet50", Kind.module),
        ("net.pt2", Kind.program),
        ("a:b.pt2", Kind.program),
        ("net.onnx", Kind.onnx),
        ("a:b.onnx", Kind.onnx),
    ],
)
def test_kinds(model: str, kind: Kind) -> None:
    assert kind_of(model) is kind


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


@pytest.fixture
def words(tmp_path: Path) -> str:
    file = tmp_path / "words.py"
    file.write_text(WORDS, encoding="utf-8")
    return f"{file}:Words"


@pytest.mark.parametrize("input", ["5:int64", "tokens=5:int32", "5:int64,mask=5:bool"])
def test_numbers_of_words(run: Run, words: str, input: str) -> None:
    """A table that is looked up, products of attention and layers, all by hand."""
    outcome = run("profile", words, "--input", input, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    shown = json.loads(outcome.out)
    assert shown["complete"]
    assert shown["totals"]["multiply_adds"] == 5 * (4 * 8 * 8 + 2 * 8 * 16 + 8 * 100) + 2 * 5 * 5 * 8
    assert (
        shown["totals"]["params"]
        == 100 * 8 + 4 * (8 * 8 + 8) + 2 * 8 * 16 + 16 + 8 + 2 * 2 * 8 + 8 * 100 + 100
    )


def test_numbers_of_words_are_timed(run: Run, words: str) -> None:
    outcome = run("measure", words, "--input", "5:int64", "--min-time", "0.01", "--no-save", "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")


def test_words_are_no_real_numbers(refused: Refused, words: str) -> None:
    message = refused("profile", words, "--input", "5")
    assert message.endswith("; where it takes whole numbers, say so: --input 16:int64")
