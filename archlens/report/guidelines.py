"""The guidelines of ShuffleNet V2 as tables: costs and speeds, and below them the verdict."""

from collections.abc import Iterable, Sequence
from typing import Any

from archlens.report.guideline_notes import interval, notes
from archlens.report.table import Column, Table, count, ratio, share, text
from archlens.studies.guidelines.printed import DEVICES
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.verdict import Trial, judge_printed

__all__ = [
    "difference",
    "figure",
    "guideline_table",
    "guidelines_as_dict",
    "guidelines_table",
    "speed_values",
    "speeds",
    "summary_table",
]

SHOWN: dict[str, tuple[str, ...]] = {
    "g1": ("memory_access_over_bound",),
    "g2": ("memory_access_over_bound",),
    "g3": ("fragments", "parallel_width", "kernels"),
    "g4": ("kernels", "access_without_products"),
}
"""What people see of each guideline beside what all have."""


def figure(value: Any) -> str:
    """A speed as the paper prints it, to four digits: 1480, 76.2."""
    return "" if value is None else f"{value:.0f}" if value >= 1000 else f"{value:.4g}"


def difference(value: Any) -> str:
    """How much more or less than one a ratio is: 0.949 → −5.1%."""
    if value is None:
        return ""
    percent = f"{100 * abs(value - 1):.1f}%"
    return percent if percent == "0.0%" else f"{'+' if value > 1 else '−'}{percent}"


def speeds(value: Any) -> str:
    """Two ends, as speeds: 71.2–72.9."""
    return "" if value is None else f"{figure(value[0])}–{figure(value[1])}"


def columns(shown: Iterable[str], *, measured: bool, batch: int, heading: str) -> tuple[Column, ...]:
    """The columns of one guideline, or of several for machines."""
    kept = set(shown)

    def of_some(key: str, header: str, show: Any = text) -> Column:
        return Column(key, header, show, priority=4, machine=key not in kept)

    costs = (
        Column("case", heading, right=False, derived=True),
        Column("guideline", "guideline", machine=True),
        Column("row", "row", machine=True),
        Column("scale", "scale", machine=True),
        Column("channels", "channels", lambda value: ":".join(map(str, value)), priority=3),
        Column("multiply_adds", "multiply-\nadds", count, priority=6),
        Column("multiply_adds_ratio", "multiply-\nadds ±", difference, priority=2, derived=True),
        Column("memory_access", "memory\naccess", count, priority=6),
        Column("memory_access_ratio", "memory\nratio", ratio, derived=True),
        Column("memory_access_bound", "bound", machine=True),
        of_some("memory_access_over_bound", "over\nbound", ratio),
        of_some("fragments", "frag\u00ad\nments"),
        of_some("parallel_width", "side by\nside"),
        of_some("kernels", "kernels"),
        of_some("access_without_products", "element-\nwise", share),
        Column("printed_gpu", "GPU", figure, priority=5),
        Column("printed_gpu_ratio", "GPU\nratio", ratio, derived=True),
        Column("printed_arm", "ARM", figure, priority=5),
        Column("printed_arm_ratio", "ARM\nratio", ratio, derived=True),
    )
    if not measured:
        return costs
    return (
        *costs,
        Column("batches_per_second", "here", figure),
        Column("images_per_second", "here,\nimages/s", figure, priority=1, machine=batch == 1),
        Column("batches_interval", "95 %\ninterval", speeds, priority=7, derived=True),
        Column("batches_low", "low", machine=True),
        Column("batches_high", "high", machine=True),
        Column("speed_ratio", "here\nratio", ratio),
        Column("speed_ratio_interval", "95 %\ninterval", interval, priority=6, derived=True),
        Column("speed_ratio_low", "low", machine=True),
        Column("speed_ratio_high", "high", machine=True),
        Column("work_ratio_interval", "at equal\nwork", interval, derived=True),
        Column("outcome", "guideline", right=False),
    )


def guideline_table(trial: Trial) -> Table:
    """A row a network and scale; below, what the paper's speeds say, and the verdict here."""
    guideline = trial.guideline
    batch = trial.experiments[0].cases[0].graph.input_shape[0]
    where = f"; {trial.races[0].where[0]}" if trial.races else ""
    headings = columns(
        SHOWN[guideline.key], measured=bool(trial.races), batch=batch, heading=guideline.heading
    )
    return Table(
        headings,
        rows(trial, headings),
        title=f"{guideline.key.upper()}, {guideline.table}: {guideline.says}{where}",
        footer=tuple(notes(trial)),
    )


def guidelines_table(trials: Sequence[Trial]) -> Table:
    """Several guidelines in one table, for machines: with the columns of all."""
    headings = columns((), measured=any(trial.races for trial in trials), batch=1, heading="")
    return Table(headings, tuple(row for trial in trials for row in rows(trial, headings)))


def rows(trial: Trial, headings: tuple[Column, ...]) -> tuple[tuple[Any, ...], ...]:
    """The cells of every case; those of what was not measured are empty."""
    return tuple(
        tuple(values.get(column.key) for column in headings)
        for place in range(len(trial.experiments))
        for values in values_of(trial, place)
    )


def values_of(trial: Trial, place: int) -> list[dict[str, Any]]:
    """Every number of the cases of one scale, by the key of its column."""
    experiment = trial.experiments[place]
    race = trial.races[place] if place < len(trial.races) else None
    judged = {(each.row, each.scale): each for each in trial.verdict.findings}
    found = []
    for i, case in enumerate(experiment.cases):
        measured = speed_values(race, i, case.graph.input_shape[0]) if race else {}
        if finding := judged.get((case.name, case.scale)):
            measured |= {"work_ratio_interval": finding.likely, "outcome": finding.outcome}
        found.append(
            {
                "case": f"{case.name} ×{case.scale}",
                "guideline": trial.guideline.key,
                "row": case.name,
                "scale": case.scale,
                "channels": case.channels,
                "multiply_adds": case.cost.multiply_adds,
                "multiply_adds_ratio": experiment.work(i),
                "memory_access": case.cost.memory_access,
                "memory_access_ratio": experiment.access(i),
                "memory_access_bound": case.access_bound,
                "memory_access_over_bound": case.over_bound,
                "fragments": case.fragmentation.fragments,
                "parallel_width": case.fragmentation.parallel_width,
                "kernels": case.fragmentation.kernels,
                "access_without_products": case.element_wise,
                **{f"printed_{device}": case.printed[device] for device in DEVICES},
                **{f"printed_{device}_ratio": experiment.printed(device, i) for device in DEVICES},
                **measured,
            }
        )
    return found


def speed_values(race: Race, place: int, batch: int) -> dict[str, Any]:
    """The cells of one case: its speed, the interval, the ratio to the first row."""
    speed = race.speeds[place]
    (low, high), (ratio_low, ratio_high) = speed.batches_interval, speed.likely
    return {
        "batches_per_second": speed.batches,
        "images_per_second": batch * speed.batches,
        "batches_interval": (low, high),
        "batches_low": low,
        "batches_high": high,
        "speed_ratio": speed.ratio,
        "speed_ratio_interval": speed.likely if place else None,
        "speed_ratio_low": ratio_low,
        "speed_ratio_high": ratio_high,
    }


def summary_table(trials: Sequence[Trial]) -> Table:
    """A row a guideline: whether it holds here, and in how many comparisons, beside the paper's."""
    columns = (
        Column("guideline", "guideline", right=False),
        Column("says", "", right=False, priority=1),
        Column("verdict", "here", right=False),
        Column("shown", "shown\nby"),
        Column("printed_gpu", "paper,\nGPU"),
        Column("printed_arm", "paper,\nARM"),
    )
    rows = tuple(
        (
            trial.guideline.key.upper(),
            trial.guideline.says,
            trial.verdict.word,
            f"{trial.verdict.counts['holds']} of {len(trial.verdict.findings)}" if trial.races else None,
            *("{} of {}".format(*judge_printed(trial.experiments, device)) for device in DEVICES),
        )
        for trial in trials
    )
    return Table(columns, rows, title="which of them hold", footer=("shown by so many of the comparisons",))


def guidelines_as_dict(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """The guidelines as `--format json` prints them."""
    return [
        {
            "guideline": trial.guideline.key,
            "says": trial.guideline.says,
            "source": f"arXiv 1807.11164, {trial.guideline.table}",
            "assumed": trial.guideline.assumed or None,
            "channels": trial.experiments[0].channels,
            "rows": [values for i in range(len(trial.experiments)) for values in values_of(trial, i)],
            "printed": {
                device: dict(zip(("holds", "of"), judge_printed(trial.experiments, device), strict=True))
                for device in DEVICES
            },
            "verdict": trial.verdict.word,
            "findings": [
                {
                    "row": each.row,
                    "scale": each.scale,
                    "ratio_by_multiply_adds": each.ratio,
                    "interval": list(each.likely),
                    "outcome": each.outcome,
                }
                for each in trial.verdict.findings
            ],
            "measured": list(dict.fromkeys(line for race in trial.races for line in race.where)),
        }
        for trial in trials
    ]
