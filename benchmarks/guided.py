"""Guided search beside a uniform sample at equal evaluations, on two spaces.

    python -m benchmarks.guided > benchmarks/GUIDED.md

What is compared is the area that the front dominates within the budget (its hypervolume), as a share of that
of the best front that all runs of a space found together.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import archlens
from archlens.front import hypervolume

EVALUATIONS = (100, 300)
SEEDS = range(5)


@dataclass(frozen=True, slots=True)
class Task:
    """A space with two objectives, the second of which is wanted large, and a budget."""

    title: str
    model: str
    over: Mapping[str, Any]
    where: str
    least: str
    most: str
    require: tuple[str, ...] = ()
    device: str = "pixel1"


TASKS = (
    Task(
        "ShuffleNet V2: channels and blocks by stage, head, input; time on the Pixel 1 against parameters",
        "shufflenet_v2",
        {
            "widths": {"stages": ["24..200/8", "48..400/16", "96..800/32"]},
            "depths": {"stages": ["2..8", "4..12", "2..8"]},
            "head": [512, 1024, 2048],
            "input": "3x128x128..3x224x224/32",
        },
        "multiply_adds <= 150M",
        "latency",
        "params",
    ),
    Task(
        "RegNet: channels and blocks by stage, group width; memory access against multiply-adds",
        "regnet",
        {
            "widths": {"stages": ["16..96/16", "32..192/16", "64..384/16", "128..768/16"]},
            "depths": {"stages": ["1..3", "1..6", "1..12", "1..6"]},
            "group_width": [8, 16],
        },
        "multiply_adds <= 800M and params <= 8M",
        "memory_access",
        "multiply_adds",
    ),
)


def fronts(task: Task, count: int, seed: int, how: str) -> list[tuple[float, float]]:
    """The front of one run, both numbers so that less is better."""
    chosen: dict[str, Any] = {how: count}
    with archlens.sweep(
        task.model, task.over, where=task.where, minimise=task.least, maximise=task.most, device=task.device,
        require=task.require, seed=seed, **chosen,
    ) as found:  # fmt: skip
        return [(each.metrics[task.least], -each.metrics[task.most]) for each in found.front()]


def report(task: Task) -> str:
    """The table of one space."""
    runs = {
        (how, count): [fronts(task, count, seed, how) for seed in SEEDS]
        for count in EVALUATIONS
        for how in ("sample", "guided")
    }
    every = [point for found in runs.values() for front in found for point in front]
    reference = max(point[0] for point in every), max(point[1] for point in every)
    whole = hypervolume(every, reference)
    lines = [
        f"## {task.title}",
        "",
        f"`{task.model}`, {archlens_size(task)}, within `{task.where}`.",
        "",
        "| evaluations | uniform sample | guided | guided is ahead |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for count in EVALUATIONS:
        shares = {
            how: [hypervolume(front, reference) / whole for front in runs[how, count]]
            for how in ("sample", "guided")
        }
        ahead = sum(g > s for g, s in zip(shares["guided"], shares["sample"], strict=True))
        cells = [
            f"{median(shares[how]):.1%} ({min(shares[how]):.1%} to {max(shares[how]):.1%})" for how in shares
        ]
        lines.append(f"| {count} | {cells[0]} | {cells[1]} | {ahead} of {len(SEEDS)} seeds |")
    return "\n".join(lines)


def archlens_size(task: Task) -> str:
    """How large the space is."""
    from archlens.spaces.declared import space_of

    return f"{space_of(task.model, task.over, require=task.require).size:.2g} variants"


def main() -> None:
    """Print the report as Markdown."""
    print("# Guided search beside a uniform sample")
    print()
    print(
        "The share of the area that the best known front dominates within the budget, at equal evaluations:\n"
        f"the median of {len(SEEDS)} seeds, the smallest and the largest. The best known front is that of\n"
        "all runs below together. `python -m benchmarks.guided > benchmarks/GUIDED.md` writes this."
    )
    for task in TASKS:
        print()
        print(report(task))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
