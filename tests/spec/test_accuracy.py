"""Accuracies in specs: printed by somebody, with where, and by no network that has other settings."""

from typing import Any

import pytest

import archlens
from archlens.spec.accuracy import accuracy_of
from archlens.spec.catalog import specs
from archlens.spec.items import Accuracy
from archlens.studies.guidelines.table8 import PRINTED
from tests.spec.written import mistakes, parsed

INPUT = (1, 3, 224, 224)


def accuracy(model: str) -> Accuracy | None:
    """What is printed of a network as the catalogue has it."""
    graph = archlens.load(model)
    params = sum(node.cost.params for node in graph.nodes)
    return accuracy_of(graph.model, family=graph.family, input=graph.input_shape, params=params)


SPEC = """
family: small
input: [3, 8, 8]
variants: {small: {}}
accuracy:
  - %s
network: [relu]
"""


def test_of_a_spec() -> None:
    found = parsed(SPEC % "{variant: small, top1: 69.4, where: Table 8}").accuracy
    assert {name: (each.top1, each.where) for name, each in found.items()} == {"small": (69.4, "Table 8")}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{variant: smal, top1: 69.4, where: Table 8}", "accuracy: no variant is called smal"),
        ("{variant: small, top1: 0.694e3, where: Table 8}", "expected top1 in percent, such as 69.4"),
        ("{variant: small, top1: 69.4}", "expected top1 in percent, such as 69.4, and where"),
        ("{variant: small, top5: 69.4, where: Table 8}", "top5"),
    ],
)
def test_mistakes(written: str, said: str) -> None:
    assert any(said in each for each in mistakes(SPEC % written))


def test_of_the_catalogue() -> None:
    printed = accuracy("resnet50")
    assert printed is not None
    assert (printed.top1, "torchvision" in printed.where) == (76.15, True)
    assert accuracy("resnet50[groups=32]") is None
    assert accuracy("lenet5") is None
    assert accuracy_of("no such network", family="resnet", input=INPUT, params=25_557_032) is None


@pytest.mark.parametrize(
    "other",
    [
        {"family": ""},  # an ONNX file, or a module
        {"input": (1, 3, 64, 64)},
        {"params": 23_528_522},  # a spec of one's own, of ten classes
    ],
)
def test_what_only_bears_the_name_has_no_printed_accuracy(other: dict[str, Any]) -> None:
    own: dict[str, Any] = {
        "family": "resnet",
        "input": INPUT,
        "params": 25_557_032,
    }  # as torchvision counts them
    assert accuracy_of("resnet50", **own) is not None
    assert accuracy_of("resnet50", **{**own, "input": (8, *INPUT[1:])}) is not None
    assert accuracy_of("resnet50", **{**own, **other}) is None


def test_every_one_says_where() -> None:
    found = [each for spec in specs(until="claims") for each in spec.accuracy.values()]
    assert len(found) > 50
    assert all(each.where for each in found)
    assert all(50 < each.top1 < 90 for each in found)


ERRORS = {
    "shufflenet_v2_x0_5": 39.7, "shufflenet_v2_x1_0": 30.6, "shufflenet_v2_x1_5": 27.4,
    "shufflenet_v2_x2_0": 25.1,
    "shufflenet_v1_g3": 32.6, "mobilenet_v1": 29.4, "igcv3_x1_0": 27.8, "shufflenet_v2_x2_0_se": 24.6,
}  # fmt: skip
"""Top-1 errors that Table 8 of arXiv 1807.11164 prints."""


@pytest.mark.parametrize("model", ERRORS)
def test_accuracy_is_what_the_printed_error_leaves(model: str) -> None:
    assert model in {each.model for each in PRINTED}
    printed = accuracy(model)
    assert printed is not None
    assert printed.top1 == pytest.approx(100 - ERRORS[model])
