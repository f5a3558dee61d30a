"""Modules verified for real, their counts by hand; and one that is counted wrong, which must be caught."""

from pathlib import Path
from typing import Any

import pytest
import torch

from archlens.builder.export import export
from archlens.errors import RecordError, UsageError
from archlens.recorder.sources import TensorType
from archlens.spec.loading import load
from archlens.studies.claims import Check
from archlens.studies.verification.modules import verify_module
from tests.studies.verification import networks

CONV = 27 * 8 * 36
EQUAL = ("equal", "equal", "equal", "equal")


def verified(name: str, *shape: int, **settings: Any) -> tuple[Check, ...]:
    """The checks of one of the networks."""
    inputs = {"": TensorType(shape)} if shape else {}
    return verify_module(f"tests.studies.verification.networks:{name}", settings, inputs)


def verdicts(checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Of parameters, shapes, PyTorch's counter and fvcore."""
    assert [check.source.partition(".")[0] for check in checks] == ["PyTorch", "PyTorch", "torch", "fvcore"]
    return tuple(check.verdict for check in checks)


def test_by_hand() -> None:
    checks = verified("plain", 3, 8, 8)
    params, shapes, torchs, fvcores = checks
    assert verdicts(checks) == EQUAL
    assert params.expected == params.found == str(216 + 8 + 16 + 8 * 36 * 10 + 10)
    assert shapes.found == "5 modules and the output"
    assert torchs.expected == fvcores.expected == torchs.found == str(CONV + 2880)


def test_settings() -> None:
    params, *_ = verified("plain", 3, 8, 8, width=4)
    assert params.expected == params.found == str(108 + 4 + 8 + 4 * 36 * 10 + 10)


def test_a_module_used_twice_works_twice_and_has_its_weights_once() -> None:
    checks = verified("Twice", 3, 8, 8)
    assert verdicts(checks) == EQUAL
    assert checks[0].expected == str(81 + 3)
    assert checks[2].expected == checks[3].expected == str(2 * 81 * 64)


def test_an_lstm_is_seen_by_pytorch_alone() -> None:
    """6 steps of 4 gates, each from 8 inputs and 16 states, and the linear layer that fvcore sees."""
    checks = verified("Recurrent", 6, 8)
    assert verdicts(checks) == ("equal", "equal", "equal", "explained")
    assert checks[2].expected == str(6 * 4 * 16 * (8 + 16) + 6 * 16 * 4)
    assert checks[3].expected == str(6 * 16 * 4)
    assert checks[3].why == "it passes over aten::lstm: 9.216k, and the rest is equal"


def test_a_counter_that_rounds() -> None:
    """2 · 9009 is printed as 1.802e+04."""
    checks = verified("Relative", 7, 9, 13)
    assert verdicts(checks) == ("equal", "equal", "equal", "explained")
    assert (checks[2].expected, checks[3].expected) == (str(7 * 9 * 13 * 11), "9010")
    assert checks[3].why == "it rounds einsum to four digits: to within 5 here"


def test_attention_either_way() -> None:
    """Three projections and one, and 2 heads with 6×6 scores of 4 numbers, twice; then 1 of 8."""
    products = 2 * 2 * 6 * 6 * 4
    checks = verified("Attentive", 6, 8)
    assert verdicts(checks) == EQUAL
    assert checks[2].expected == str(4 * 6 * 8 * 8 + products)
    checks = verified("Scaled", 6, 8)
    assert verdicts(checks) == ("equal", "equal", "equal", "explained")
    assert checks[2].expected == str(3 * 6 * 8 * 8 + products)
    assert checks[3].difference == f"+{products}"


def test_weights_that_no_operator_reads_are_named() -> None:
    checks = verified("Unread", 3, 8, 8)
    assert verdicts(checks) == ("explained", "equal", "equal", "equal")
    assert (checks[0].expected, checks[0].found) == ("168", "112")
    assert checks[0].why == "no operator of this pass reads 56 of them: rest.weight, rest.bias"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_module_that_looks_at_values_is_recorded_on_those_it_is_run_on(seed: int) -> None:
    torch.manual_seed(seed)
    checks = verified("Asking", 8)
    assert verdicts(checks) == ("explained", "equal", "equal", "equal")
    assert checks[2].expected in ("64", "32")


def test_several_inputs_by_name() -> None:
    checks = verify_module(
        "tests.studies.verification.networks:Named",
        {},
        {"image": TensorType((8,)), "scale": TensorType((8,))},
    )
    assert checks[0].expected == "72"
    assert checks[2].expected == checks[2].found == "128"
    assert {check.verdict for check in checks[:3]} == {"equal"}


def test_what_no_counter_knows_is_not_compared() -> None:
    checks = verify_module("tests.studies.verification.networks:Vector", {}, {"": TensorType((8,))})
    assert verdicts(checks) == ("equal", "equal", "incomparable", "incomparable")
    assert [check.why for check in checks[2:]] == ["it passes over mv", "it passes over aten::mv"]


def test_a_rule_of_the_user_s_is_checked_by_what_its_operator_does() -> None:
    """1×8 by 8×5, and 5×3."""
    checks = verified("ruled", 8)
    assert verdicts(checks) == ("equal", "equal", "equal", "incomparable")
    assert checks[2].expected == "55"
    assert checks[3].why == "it passes over verified::right"


def test_a_rule_that_is_wrong_is_caught() -> None:
    checks = verified("misruled", 8)
    assert verdicts(checks) == ("equal", "equal", "different", "incomparable")
    assert (checks[2].expected, checks[2].found, checks[2].difference) == ("55", "95", "+40")


def test_without_a_rule_ours_is_a_lower_bound() -> None:
    checks = verified("ruleless", 8)
    assert checks[2].verdict == "incomparable"
    assert checks[2].why == "ours is a lower bound, without a rule for verified::none"


def test_as_many_as_a_counter_proves_nothing_without_a_rule() -> None:
    checks = verified("Rootless", 4, 4)
    assert verdicts(checks) == ("equal", "equal", "incomparable", "incomparable")
    assert checks[2].expected == checks[2].found == str(4 * 4 * 4)
    assert checks[2].why == "ours is a lower bound, without a rule for aten::linalg_inv_ex"


@pytest.mark.filterwarnings("ignore")  # PyTorch is about to move them elsewhere
def test_weights_of_quantised_layers() -> None:
    """An LSTM of 4 gates from 8 features and 16 states, and a linear layer from 16 to 4."""
    checks = verified("quantised", 5, 8)
    assert verdicts(checks) == ("explained", "equal", "incomparable", "incomparable")
    assert (checks[0].expected, checks[0].found) == ("0", str(64 * (8 + 16 + 2) + 4 * 17))
    assert checks[0].why == "1.732k more are in quantised layers, whose weights PyTorch calls no parameters"
    assert checks[2].why == "it passes over quantized::linear_dynamic, quantized_lstm"


@pytest.mark.filterwarnings("ignore:.torch.jit")  # it is deprecated
def test_a_scripted_part() -> None:
    checks = verified("scripted", 8)
    assert verdicts(checks) == ("equal", "equal", "equal", "incomparable")
    assert checks[2].expected == "40"


def test_an_operator_into_which_nobody_sees() -> None:
    checks = verified("unseen", 8)
    assert verdicts(checks) == ("equal", "equal", "incomparable", "incomparable")
    assert checks[2].why == "it passes over verified::hidden"


def test_a_rule_of_ours_that_is_wrong_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from archlens import ops

    right = ops.Linear.cost

    def doubled(self: ops.Linear, inputs: ops.Shapes, output: ops.Shape) -> Any:
        cost = right(self, inputs, output)
        return replace(cost, multiply_adds=2 * cost.multiply_adds)

    monkeypatch.setattr(ops.Linear, "cost", doubled)
    assert verdicts(verified("plain", 3, 8, 8))[2:] == ("different", "different")
    assert verdicts(verified("Recurrent", 6, 8))[2:] == ("different", "incomparable")


def test_an_exported_program(tmp_path: Path) -> None:
    path = tmp_path / "twice.pt2"
    torch.export.save(torch.export.export(networks.Twice().eval(), (torch.zeros(1, 3, 8, 8),)), path)
    checks = verify_module(str(path), {}, {})
    assert verdicts(checks) == EQUAL
    assert checks[2].expected == str(2 * 81 * 64)
    assert {check.model for check in checks} == {"twice"}
    written = export(load("lenet5"), tmp_path / "lenet5.pt2")
    assert verdicts(verify_module(str(written), {}, {})) == EQUAL


def test_refusals() -> None:
    with pytest.raises(RecordError, match="has no Twcie; did you mean Twice"):
        verified("Twcie", 3, 8, 8)
    with pytest.raises(UsageError, match="give --input"):
        verified("Twice")
    with pytest.raises(RecordError, match="channels"):
        verified("Twice", 4, 8, 8)
