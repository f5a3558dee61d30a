"""The words that say which network is meant."""

import pytest

from archlens.errors import UsageError
from archlens.spec.read import Value
from archlens.spec.reference import as_shape, is_pattern, parse_setting, spelling, split_model


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
