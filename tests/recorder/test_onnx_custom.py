"""Rules of the user's for operators of ONNX."""

from pathlib import Path

import pytest
from onnx import TensorProto, helper

import archlens
from archlens.analyses import totals
from archlens.cost import Cost
from archlens.errors import RecordError
from tests.recorder.onnx_files import imported, model, node

pytestmark = pytest.mark.usefixtures("no_rules_left")


def test_an_operator_of_somebody_elses(tmp_path: Path) -> None:
    @archlens.rule("mine::Fancy")
    def cost(inputs, outputs, arguments):  # type: ignore[no-untyped-def]
        assert (inputs, outputs, dict(arguments)) == (((3, 8), (8, 4)), ((3, 4),), {"times": 2})
        return Cost(params=32, multiply_adds=arguments["times"] * 96)

    made = model(
        [node("Fancy", "x w", "a", domain="mine", times=2), node("Relu", "a")], {"x": (3, 8)}, {"w": (8, 4)}
    )
    made.graph.value_info.append(helper.make_tensor_value_info("a", TensorProto.FLOAT, (3, 4)))
    graph = imported(made, tmp_path)
    assert graph.complete
    found = totals(graph)
    assert (found.params, found.multiply_adds, found.elementwise) == (32, 192, 12)


def test_an_operator_of_the_standards_own(tmp_path: Path) -> None:
    """A rule of the user's goes before ours."""

    @archlens.rule("ai.onnx::Det")
    def cost(inputs, outputs, arguments):  # type: ignore[no-untyped-def]
        return Cost(elementwise=27)

    graph = imported(model([node("Det", "x")], {"x": (3, 3)}), tmp_path)
    assert graph.complete
    assert totals(graph).elementwise == 27


def test_a_rule_that_fails(tmp_path: Path) -> None:
    @archlens.rule("ai.onnx::Det")
    def cost(inputs, outputs, arguments):  # type: ignore[no-untyped-def]
        return inputs[7]

    with pytest.raises(RecordError, match=r"the rule of ai\.onnx::Det fails on Det: IndexError"):
        imported(model([node("Det", "x")], {"x": (3, 3)}), tmp_path)
