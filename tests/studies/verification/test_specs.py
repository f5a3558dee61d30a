"""Networks verified for real; and networks wrong on purpose, each of which must be caught."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from archlens import ops
from archlens.builder.rule import module_for
from archlens.cost import Cost
from archlens.spec.catalog import Reference, find
from archlens.studies.claims import Check
from archlens.studies.verification import verify_model

SMALL = """\
family: small
input: [3, 8, 8]
variants: {small: {}}
claims: [{variant: small, params: 118, multiply_adds: 6920, where: by hand}]
network:
  - {name: body, do: [{conv: {out: 4, kernel: 3}}, relu]}
  - {name: head, do: [global_average_pool, {linear: {out: 2}}]}
"""
"""4·3·3·3 = 108 weights used at 8·8 places, and 4·2 weights with 2 biases."""


@pytest.fixture
def small(tmp_path: Path) -> Reference:
    """A network whose figures are its claims."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return find(f"{path}:small")


@contextmanager
def built_as(op: type[ops.Op], rule: Callable[[ops.Op, ops.Shapes], nn.Module]) -> Iterator[None]:
    """Build an operator by another rule for a while."""
    before = module_for.dispatch(op)
    module_for.register(op, rule)
    try:
        yield
    finally:
        module_for.register(op, before)


def verdicts(checks: tuple[Check, ...]) -> dict[tuple[str, str], str]:
    return {(check.subject, check.source.split(".")[0]): check.verdict for check in checks}


ALL_EQUAL = {
    ("params", "PyTorch"): "equal",
    ("shapes", "PyTorch"): "equal",
    ("multiply_adds", "torch"): "equal",
    ("multiply_adds", "fvcore"): "equal",
    ("costs", "PyTorch, recorded"): "equal",
    ("params", "by hand"): "equal",
    ("multiply_adds", "by hand"): "equal",
}


def test_nothing_is_wrong_with_small_networks(verified: dict[str, tuple[Check, ...]]) -> None:
    for model, checks in verified.items():
        assert {check.model for check in checks} == {model}
        assert {check.verdict for check in checks} <= {"equal", "explained"}
        assert [check.source for check in checks][:5] == [
            "PyTorch",
            "PyTorch",
            "torch.utils.flop_counter / 2",
            "fvcore",
            "PyTorch, recorded",
        ]
        assert all(check.verdict == "equal" for check in checks[:5])
        assert all(check.why for check in checks if check.verdict == "explained")


def test_the_figures_are_those_of_the_others(verified: dict[str, tuple[Check, ...]]) -> None:
    params, shapes, torchs, fvcores, *_ = verified["squeezenet1_1"]
    assert (params.expected, params.found) == ("1235496", "1235496")
    assert shapes.expected == shapes.found
    assert torchs.expected == torchs.found == fvcores.expected == fvcores.found


def test_a_small_network_by_hand(small: Reference) -> None:
    checks = verify_model(small)
    assert verdicts(checks) == ALL_EQUAL
    assert [check.found for check in checks if check.subject == "multiply_adds"][:2] == ["6920", "6920"]
    assert [check.expected for check in checks if check.subject == "shapes"] == ["4 nodes"]


def test_a_module_with_other_weights_is_caught(small: Reference) -> None:
    with built_as(ops.Conv, lambda op, inputs: nn.Conv2d(3, 4, 3, padding=1, bias=True)):
        checks = verify_model(small)
    assert verdicts(checks) == {
        **ALL_EQUAL,
        ("params", "PyTorch"): "different",
        ("costs", "PyTorch, recorded"): "different",
    }
    wrong, recorded = [check for check in checks if check.verdict == "different"]
    assert (recorded.found, recorded.why) == ("1 differ", "body.conv1")
    assert (wrong.expected, wrong.found, wrong.difference) == ("122", "118", "-4")


def test_a_module_with_another_shape_is_caught(small: Reference) -> None:
    with built_as(ops.Conv, lambda op, inputs: nn.Conv2d(3, 4, 3, padding=0, bias=False)):
        checks = verify_model(small)
    wrong = [check for check in checks if check.subject.startswith("shape")]
    assert [check.subject for check in wrong] == ["shape of body.conv1", "shape of body.relu1"]
    assert (wrong[0].expected, wrong[0].found) == ("(1, 4, 6, 6)", "(1, 4, 8, 8)")
    assert {check.verdict for check in wrong} == {"different"}
    assert verdicts(checks)["multiply_adds", "torch"] == "different"
    assert verdicts(checks)["multiply_adds", "fvcore"] == "different"


def test_a_module_that_does_not_fit_is_caught(small: Reference) -> None:
    with built_as(ops.Conv, lambda op, inputs: nn.Conv2d(3, 5, 3, padding=1, bias=False)):
        checks = verify_model(small)
    (wrong,) = [check for check in checks if check.subject == "shapes"]
    assert wrong.verdict == "different"
    assert "\n" not in wrong.why
    assert "5" in wrong.why
    assert verdicts(checks)["params", "by hand"] == "equal"


def test_a_module_that_computes_more_is_caught(small: Reference) -> None:
    class Squared(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x @ x

    with built_as(ops.ReLU, lambda op, inputs: Squared()):
        checks = verify_model(small)
    assert verdicts(checks) == {
        **ALL_EQUAL,
        ("multiply_adds", "torch"): "different",
        ("multiply_adds", "fvcore"): "different",
        ("costs", "PyTorch, recorded"): "different",
    }
    # 4 channels of an 8×8 map by an 8×8 map
    wrong = {check.difference for check in checks if check.verdict == "different"}
    assert wrong == {f"{-4 * 8**3:+d}", ""}


def test_a_cost_rule_that_is_wrong_is_caught(small: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ops.Linear.cost

    def doubled(self: ops.Linear, inputs: ops.Shapes, output: ops.Shape) -> Cost:
        cost = right(self, inputs, output)
        return replace(cost, multiply_adds=2 * cost.multiply_adds)

    monkeypatch.setattr(ops.Linear, "cost", doubled)
    checks = verify_model(small)
    assert verdicts(checks) == {
        **ALL_EQUAL,
        ("multiply_adds", "torch"): "different",
        ("multiply_adds", "fvcore"): "different",
        ("multiply_adds", "by hand"): "different",
    }
    assert [check.difference for check in checks if check.verdict == "different"][:2] == ["+8", "+8"]


def test_a_shape_rule_that_is_wrong_is_caught(small: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops.ReLU, "output", lambda self, inputs: (*inputs[0][:-1], 9))
    checks = verify_model(small)
    (wrong,) = [check for check in checks if check.subject.startswith("shape")]
    assert (wrong.subject, wrong.expected, wrong.found) == (
        "shape of body.relu1",
        "(1, 4, 8, 8)",
        "(1, 4, 8, 9)",
    )


def test_a_claim_that_is_wrong_is_caught(small: Reference) -> None:
    claims = tuple(replace(claim, variant="small") for claim in find("squeezenet1_1", until=None).spec.claims)
    checks = verify_model(Reference(replace(small.spec, claims=claims), "small"))
    assert "different" in {check.verdict for check in checks[5:]}


def test_without_pytorch_the_way_out_is_one_line() -> None:
    code = (
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "from archlens.errors import MissingDependencyError\n"
        "try:\n"
        "    import archlens.studies.verification\n"
        "except MissingDependencyError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.stdout == (
        "verifying needs PyTorch and fvcore (torch is missing): pip install -e '.[verify]'\n"
    ), result.stderr
