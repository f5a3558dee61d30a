"""The words that say which network is meant."""

from pathlib import Path

import pytest

from archlens.errors import UsageError
from archlens.spec.read import Value
from archlens.spec.reference import (
    Kind,
    anchored,
    as_shape,
    is_pattern,
    kind_of,
    parse_setting,
    spelling,
    split_file,
    split_model,
    split_revision,
)


@pytest.mark.parametrize(
    ("model", "name", "given"),
    [
        ("resnet50", "resnet50", {}),
        ("resnet50[]", "resnet50", {}),
        ("resnet50[groups=32,base=4]", "resnet50", {"groups": 32, "base": 4}),
        ("resnet50[ groups = 32 , base = 4 ]", "resnet50", {"groups": 32, "base": 4}),
        ("a[depths=[3,4,[6]],on=true]", "a", {"depths": (3, 4, (6,)), "on": True}),
        ("my.yaml:b[w=0.5]", "my.yaml:b", {"w": 0.5}),
        ("vgg*[input=3x96x96]", "vgg*", {"input": "3x96x96"}),
        ("resnet[15]0", "resnet[15]0", {}),
    ],
)
def test_a_name_and_its_settings(model: str, name: str, given: dict[str, Value]) -> None:
    assert split_model(model) == (name, given)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("a[b=]", r"a\[b=\]: expected key=value"),
        ("a[=1]", r"a\[=1\]: expected key=value"),
        ("a[b=1,b=2]", "b is given twice"),
        ("a[b={c: 1}]", "expected key=value"),
        ("a[x,b=1]", "expected key=value"),
    ],
)
def test_what_is_no_setting(model: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        split_model(model)


def test_a_setting_by_itself() -> None:
    assert parse_setting("stride_in=1x1", "") == ("stride_in", "1x1")
    assert as_shape("3x160×160") == (3, 160, 160)
    assert as_shape("3x") == "3x"
    assert as_shape((3, 8, 8)) == (3, 8, 8)


def test_patterns_and_spelling() -> None:
    assert is_pattern("vgg*")
    assert is_pattern("vgg1?")
    assert not is_pattern("vgg[16]")
    assert spelling("ResNet-50") == spelling("resnet_50") == "resnet50"


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("resnet50", Kind.spec),
        ("resnet50[groups=32]", Kind.spec),
        ("my.yaml", Kind.spec),
        ("my.yaml:", Kind.spec),
        ("my.yaml:variant", Kind.spec),
        ("folder/my.yml:variant", Kind.spec),
        ("package.module:name", Kind.module),
        ("net.py:Net", Kind.module),
        ("folder/net.py:Net", Kind.module),
        ("timm:resnet50", Kind.module),
        ("torchvision:resnet18", Kind.module),
        ("net.pt2", Kind.program),
        ("a:b.pt2", Kind.program),
        ("net.onnx", Kind.onnx),
        ("a:b.onnx", Kind.onnx),
    ],
)
def test_kinds(model: str, kind: Kind) -> None:
    assert kind_of(model) is kind


@pytest.mark.parametrize(
    ("model", "found", "in_folder"),
    [
        ("resnet50", None, "resnet50"),
        ("timm:resnet50", None, "timm:resnet50"),
        ("net.yaml", ("net.yaml", ""), "sub/net.yaml"),
        ("a/net.yaml:wide", ("a/net.yaml", "wide"), "sub/a/net.yaml:wide"),
        ("net.yaml:wide[groups=2]", ("net.yaml", "wide"), "sub/net.yaml:wide[groups=2]"),
        ("net.yaml[input=3x8x8]", ("net.yaml", ""), "sub/net.yaml[input=3x8x8]"),
        ("net.py:Net", ("net.py", "Net"), "sub/net.py:Net"),
        ("net.onnx", ("net.onnx", ""), "sub/net.onnx"),
        ("net.pt2", ("net.pt2", ""), "sub/net.pt2"),
    ],
)
def test_the_file_in_a_reference(model: str, found: tuple[str, str] | None, in_folder: str) -> None:
    assert split_file(model) == found
    assert anchored(model, Path("sub")) == in_folder
    assert anchored(model, Path()) == model


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("HEAD~1:net.yaml", ("HEAD~1", "net.yaml", "")),
        ("v1.0:nets/net.yaml:wide", ("v1.0", "nets/net.yaml", ":wide")),
        ("main:net.py:Net", ("main", "net.py", ":Net")),
        ("net.yaml:wide", None),
        ("resnet50", None),
        ("net.py:Net", None),
    ],
)
def test_the_revision_in_a_reference(model: str, found: tuple[str, str, str] | None) -> None:
    assert split_revision(model) == found
