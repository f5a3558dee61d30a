"""Whether a predicted gain is real: variants of a sweep timed in turns against another network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.quantity import duration, plural
from archlens.report.guideline_notes import interval
from archlens.report.latency import doubts, how, paired, slower_threads
from archlens.report.metric_name import LATENCY
from archlens.report.result import Page, Result
from archlens.report.table import Column, Table, count, ratio
from archlens.spaces.beside import evaluator_for
from archlens.spaces.figures import known
from archlens.spaces.sweep import Found, Sweep

__all__ = ["Gain", "Gains", "gain_result", "gains"]

COLUMNS = (
    Column("model", "network", right=False),
    Column("params", "params", count),
    Column("multiply_adds", "multiply-adds", count),
    Column("memory_access", "memory\naccess", count),
    Column("predicted_s", "predicted", duration),
    Column("predicted_ratio", "predicted\nratio", ratio),
    Column("measured_s", "measured", duration),
    Column("measured_ratio", "measured\nratio", ratio),
    Column("interval", "95 %\ninterval", interval),
    Column("gain", "gain", lambda value: value, right=False),
)


@dataclass(frozen=True, slots=True)
class Gain:
    """A variant beside the network that it is held against.

    predicted  what it takes over what the network takes, as predicted; `measured` as timed in turns
    """

    variant: Found
    seconds: float
    predicted: float
    measured: Ratio

    @property
    def verdict(self) -> str:
        """What became of the predicted difference."""
        told = self.measured.verdict
        if told == "no difference shown":
            return "not shown"
        return "real" if (told == "faster") == (self.predicted < 1) else "the other way round"


@dataclass(frozen=True, slots=True)
class Gains:
    """Variants beside one network.

    model  the network's reference
    costs  what it costs, by the keys of the sweep's metrics
    """

    model: str
    costs: dict[str, Any]
    variants: tuple[Gain, ...]


def gains(sweep: Sweep, model: str, variants: Sequence[Found], timed: LatencyComparison) -> Gains:
    """The gains of variants over a network, with which they were timed in turns: it came first.

    Raises a UsageError where no latency was predicted.
    """
    known(LATENCY, sweep.metrics, "--beside")
    own = evaluator_for(sweep, model)({})
    found = (
        Gain(variant, seconds, variant.metrics[LATENCY] / own[LATENCY], measured)
        for variant, seconds, measured in zip(variants, timed.times[1:], timed.ratios, strict=True)
    )
    return Gains(model, own, tuple(found))


def gain_result(sweep: Sweep, gained: Gains, timed: LatencyComparison, day: str) -> Result:
    """The gains as every format can write them.

    day  on which they were measured
    """
    model, own, found = gained.model, gained.costs, gained.variants
    asked, identity = sweep.store.kept("asked"), sweep.store.kept("identity")
    counts = ("params", "multiply_adds", "memory_access")
    rows: list[tuple[Any, ...]] = [
        (model, *(own[key] for key in counts), own[LATENCY], 1.0, timed.times[0], 1.0, None, ""),
        *(
            (
                each.variant.model, *(each.variant.metrics[key] for key in counts),
                each.variant.metrics[LATENCY], each.predicted, each.seconds, each.measured.ratio,
                each.measured.interval, each.verdict,
            )
            for each in found
        ),
    ]  # fmt: skip
    whole = sweep.store.counts()[1]
    budget = f" within {asked['where']}" if asked.get("where") else ""
    notes = (
        f"the first {plural(len(found), 'variant')} of the front of {whole:,}{budget}, "
        f"predicted for {identity['device'][0]}, batch {identity['batch']}; ratios against {model}",
        summary(found),
        *(each.measured.sentence for each in found),
        f"{how(timed.measurements)}: {paired(timed)}",
        *doubts(timed.measurements),
        *slower_threads(timed.measurements),
        f"{timed.measurements[0].machine}; {day}",
    )

    def table() -> Table:
        return Table(COLUMNS, tuple(rows))

    return Result(
        lambda: Page((table(),), notes=notes),
        lambda: {
            "baseline": model,
            "where": asked.get("where", ""),
            "predicted_for": identity["device"][0],
            "day": day,
            "networks": [
                dict(zip((column.key for column in COLUMNS), row, strict=True)) | {"verdict": verdict}
                for row, verdict in zip(rows, [None, *(each.measured.verdict for each in found)], strict=True)
            ],
            "latencies": [each.as_dict() for each in timed.measurements],
        },
        table,
    )


def summary(found: Sequence[Gain]) -> str:
    """How many of the predicted gains are real, in a sentence."""
    expected = [each for each in found if each.predicted < 1]
    real = [each for each in expected if each.verdict == "real"]
    within = [
        each for each in found if each.measured.interval[0] <= each.predicted <= each.measured.interval[1]
    ]
    are = "is" if len(real) == 1 else "are"
    return (
        f"{len(real)} of {plural(len(expected), 'predicted gain')} {are} real, with 99 % confidence; "
        f"{len(within)} of {plural(len(found), 'predicted ratio')} "
        f"{'lies' if len(within) == 1 else 'lie'} within the 95 % interval of what was measured"
    )
