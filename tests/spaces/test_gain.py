"""What is said of predicted gains, for ratios that were never taken."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")

from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.spaces.beside import evaluator_for
from archlens.spaces.gain import gain_result, gains
from tests.report.measured import measured
from tests.spaces.conftest import Swept


def ratio(value: float, spread: float) -> Ratio:
    """A ratio with an interval so far to both sides."""
    low, high = value - spread, value + spread
    return Ratio(model="v", baseline="n", ratio=value, interval=(low, high), strict=(low, high))


def test_which_gains_are_real(swept: Swept) -> None:
    sweep = swept(minimise=("latency",), maximise=("params",), device="i7-12700h", where="params < 1M")
    network = "lenet5[input=1x40x40,classes=9]"
    variants = sweep.front()[:3]
    own = evaluator_for(sweep, network)({})["latency"]
    predicted = [each.metrics["latency"] / own for each in variants]
    assert max(predicted) < 1
    timed = LatencyComparison(
        measurements=(measured(network, 10), *(measured(each.model, 9) for each in variants)),
        ratios=(ratio(predicted[0], 0.001), ratio(0.99, 0.05), ratio(1.5, 0.1)),
        baseline=0,
    )
    found = gains(sweep, network, variants, timed)
    assert [each.verdict for each in found.variants] == ["real", "not shown", "the other way round"]
    assert [each.predicted for each in found.variants] == predicted
    page = gain_result(sweep, found, timed, "2026-01-31").page()
    assert page.notes[0] == (
        "the first 3 variants of the front of 28 within params < 1M, predicted for i7-12700h, batch 1; "
        f"ratios against {network}"
    )
    assert page.notes[1].startswith("1 of 3 predicted gains is real, with 99 % confidence; ")
    assert page.notes[-1].endswith("; 2026-01-31")
