"""The lines below the table of a guideline: whose figures, what is assumed, and the verdict."""

from collections.abc import Iterable, Sequence
from typing import Any

from archlens.studies.guidelines.experiment import Experiment
from archlens.studies.guidelines.printed import DEVICES, PrintedDevice
from archlens.studies.guidelines.verdict import NEGLIGIBLE, Finding, Outcome, Trial, Verdict, judge_printed

__all__ = ["interval", "notes", "unreliable", "verdict_lines"]

OUTCOMES: dict[Outcome, str] = {
    "holds": "as it says",
    "reversed": "finding, the contrary",
    "no difference": f"finding, no difference of {100 * NEGLIGIBLE:.0f} % or more",
    "cannot tell": "cannot tell",
}


BOUND = "over bound: memory access over the least that as many multiply-adds need in as many groups"
BOUNDED = ("g1", "g2")


def interval(value: Any) -> str:
    """Two ends, as ratios: 0.48–0.52."""
    return "" if value is None else f"{value[0]:.2f}–{value[1]:.2f}"


def notes(trial: Trial) -> list[str]:
    """The lines below a table."""
    guideline, experiments = trial.guideline, trial.experiments
    first = experiments[0].cases[0].name
    channels = experiments[0].channels
    here = "; here: batches/s; at equal work: ratio of multiply-adds a second, 95 %" if trial.races else ""
    printed = f"as printed: GPU: {DEVICES['gpu']}, batches/s; ARM: {DEVICES['arm']}, images/s{here}"
    other: PrintedDevice = "arm" if channels == "gpu" else "gpu"
    differ = any(row.channels(channels, 1) != row.channels(other, 1) for row in guideline.rows)
    beside = f"; channels are those for {channels.upper()}, {other.upper()} had others" if differ else ""
    lines = [f"{printed}{beside}; ratios against {first} at the same scale"]
    lines += [BOUND] if guideline.key in BOUNDED else []
    lines += [f"assumed: {guideline.assumed}"] if guideline.assumed else []
    way = "slower" if guideline.slower else "faster"
    said = (
        "{} of {} {}".format(*judge_printed(experiments, device), f"on {device.upper()}")
        for device in DEVICES
    )
    lines.append(f"in the paper, {way} than {first}: {', '.join(said)}")
    if trial.races:
        lines += ["", *verdict_lines(trial.verdict, experiments)]
        lines += unreliable(
            (f"{case.name} ×{case.scale}", speed.doubts)
            for experiment, race in zip(experiments, trial.races, strict=False)
            for case, speed in zip(experiment.cases, race.speeds, strict=True)
        )
        lines += dict.fromkeys(race.where[1] for race in trial.races)
    return lines


def verdict_lines(verdict: Verdict, experiments: Sequence[Experiment]) -> list[str]:
    """The verdict, then the comparisons by what they show, those against the guideline as findings."""
    guideline, counts = verdict.guideline, verdict.counts
    total = len(verdict.findings)
    lines = [
        f"{guideline.key.upper()} {sentence(verdict)} here: {counts['holds']} of {total} comparisons show it "
        "with 99 % confidence each, at equal work"
    ]
    for outcome, words in OUTCOMES.items():
        shown = [each for each in verdict.findings if each.outcome == outcome]
        if shown:
            lines.append(f"{words}: {', '.join(f'{each.row} ×{each.scale} {span(each)}' for each in shown)}")
    if largest := verdict.largest:
        printed = printed_ratios(experiments, largest)
        lines.append(
            f"most here: {largest.row} ×{largest.scale}, {largest.ratio:.2f}×; in the paper {printed}"
        )
    return lines


def sentence(verdict: Verdict) -> str:
    """The verdict in the form that stands in the middle of a sentence."""
    return {"cannot tell": "cannot be told to hold or not", "not measured": "is not measured"}.get(
        verdict.word, verdict.word
    )


def span(finding: Finding) -> str:
    """The interval in which a ratio lies with 95 % confidence, in words."""
    return f"{interval(finding.likely)}×"


def printed_ratios(experiments: Sequence[Experiment], finding: Finding) -> str:
    """The ratios of the speeds in the paper for the same row."""
    experiment = next(each for each in experiments if each.scale == finding.scale)
    place = [case.name for case in experiment.cases].index(finding.row)
    return ", ".join(f"{experiment.printed(device, place):.2f}× on {device.upper()}" for device in DEVICES)


def unreliable(measured: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """A line about what speaks against speeds by themselves: each kind of trouble, and what has it."""
    names: dict[str, list[str]] = {}
    total = 0
    for name, doubts in measured:
        total += 1
        for doubt in doubts:
            names.setdefault(doubt.partition(":")[0], []).append(name)
    listed = "; ".join(
        f"{kind}: {'all' if len(named) == total else ', '.join(named)}" for kind, named in names.items()
    )
    return [f"speeds to doubt, though ratios are of runs in turns: {listed}"] if listed else []
