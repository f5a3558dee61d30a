"""An input that makes another network is told."""

import pytest

import archlens
from archlens.spec.catalog import find
from archlens.spec.read import Value
from archlens.spec.resized import resized


def told(model: str, **overrides: Value) -> str:
    reference = find(model)
    return resized(reference, overrides, reference.lower(overrides))


@pytest.mark.parametrize(
    ("model", "shape", "layer"),
    [
        ("overfeat", (3, 281, 317), "fc7.linear1"),
        ("zfnet", (3, 256, 256), "fc6.linear1"),
        ("lenet5", (1, 64, 64), "F6.linear1"),
        ("vit_b_16", (3, 384, 384), "positions.position_embedding1"),
    ],
)
def test_weights_that_come_from_the_input(model: str, shape: tuple[int, ...], layer: str) -> None:
    found = told(model, input=shape)
    assert layer in found
    assert "x".join(map(str, shape)) in found


def test_what_is_told_of_overfeat() -> None:
    """The last map is 6 by 7 and not 5 by 5: (42 - 25) · 1024 · 4096 weights more."""
    more = (42 - 25) * 1024 * 4096
    assert 104.9e6 + more == pytest.approx(176.2e6, rel=1e-3)
    assert told("overfeat", input=(3, 281, 317)) == (
        "overfeat_accurate with an input of 3x281x317 is another network than with 3x221x221: "
        "fc7.linear1 has 176.2M weights, not 104.9M, and all of it 216.0M, not 144.7M; "
        "dense=true slides its fully connected layers over the map"
    )


@pytest.mark.parametrize(
    ("model", "overrides"),
    [
        ("resnet50", {"input": (3, 320, 320)}),
        ("resnet50", {"input": (1, 320, 320)}),
        ("resnet50", {"classes": 10}),
        ("vgg16", {"input": (3, 384, 384)}),
        ("alexnet_paper", {"input": (3, 227, 227)}),
        ("overfeat", {"input": (3, 281, 317), "dense": True}),
        ("zfnet[input=3x224x224]", {}),
    ],
)
def test_nothing_is_told_of_the_same_network(model: str, overrides: dict[str, Value]) -> None:
    assert told(model, **overrides) == ""


def test_the_settings_of_a_reference_count_too() -> None:
    assert "3x256x256" in told("zfnet[input=3x256x256]")
    assert told("zfnet[input=3x256x256,dense=true]") == ""


def test_python_is_warned() -> None:
    with pytest.warns(UserWarning, match="zfnet with an input of 3x256x256 is another network"):
        archlens.load("zfnet", input=(3, 256, 256))
