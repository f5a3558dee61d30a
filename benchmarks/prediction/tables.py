"""Tables of times that other people measured → rows that a profile can be fitted to."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from archlens.devices.fit import Timed
from archlens.spec.catalog import find
from benchmarks.prediction.counted import Counted, Key

__all__ = ["TIMM", "About", "Measured", "catalogue_rows", "measured", "timm_rows", "wanted"]

TIMM_SOURCE = "Ross Wightman, pytorch-image-models, results/benchmark-*.csv"


class About(NamedTuple):
    """A table of timm's: its file, the profile that comes from it, and what goes in.

    kind  eager GPU, compiled GPU, CPU or training
    """

    file: str
    name: str
    title: str
    kind: str


TIMM = tuple(
    About(f"timm_{file}", *rest)
    for file, *rest in (
        ("infer-amp-nchw-pt291-cu128-4090", "rtx4090", "RTX 4090, eager", "eager GPU"),
        ("infer-amp-nchw-pt240-cu124-rtx4090", "rtx4090-torch2.4", "RTX 4090, eager", "eager GPU"),
        ("infer-amp-nchw-pt240-cu124-rtx3090", "rtx3090", "RTX 3090, eager", "eager GPU"),
        ("infer-amp-nhwc-pt240-cu124-rtx3090", "rtx3090-nhwc", "RTX 3090, eager, NHWC", "eager GPU"),
        ("infer-amp-nchw-pt291-cu130-5090", "rtx5090", "RTX 5090, eager", "eager GPU"),
        ("infer-amp-nchw-pt291-cu128-4090-dynamo", "rtx4090-compiled", "RTX 4090, compiled", "compiled GPU"),
        ("infer-amp-nchw-pt240-cu124-rtx4090-dynamo", "rtx4090-compiled-torch2.4", "RTX 4090, compiled",
         "compiled GPU"),
        ("infer-amp-nchw-pt291-cu130-5090-dynamo", "rtx5090-compiled", "RTX 5090, compiled", "compiled GPU"),
        ("infer-fp32-nchw-pt240-cpu-i7_12700h-dynamo", "i7-12700h", "Core i7-12700H, compiled", "CPU"),
        ("infer-fp32-nchw-pt240-cpu-i9_10940x-dynamo", "i9-10940x", "Core i9-10940X, compiled", "CPU"),
        ("train-amp-nchw-pt112-cu113-rtx3090", "rtx3090-training", "RTX 3090, training", "training"),
    )
)  # fmt: skip
"""The tables of timm's networks, and the names of the profiles fitted to them."""


class Measured(NamedTuple):
    """A row of a table, as its file has it."""

    model: str
    side: int
    batch: int
    seconds: float
    cells: Mapping[str, str]


def measured(folder: Path, file: str) -> list[Measured]:
    """The rows of a file of the folder of tables."""
    with (folder / f"{file}.csv").open(encoding="utf-8") as lines:
        return [
            Measured(row["model"], int(row["input"] or 0), int(row["batch"]), float(row["seconds"]), row)
            for row in csv.DictReader(lines)
        ]


def wanted(folder: Path) -> dict[Key, list[int]]:
    """Every network of timm that a table has, with its batches."""
    found: dict[Key, list[int]] = {}
    for about in TIMM:
        for row in measured(folder, about.file):
            batches = found.setdefault((row.model, row.side), [])
            if row.batch not in batches:
                batches.append(row.batch)
    return found


def timm_rows(
    folder: Path, about: About, counts: Mapping[Key, Counted], families: Mapping[str, str]
) -> list[tuple[Key, Timed]]:
    """The rows of a table whose networks were recorded; a family is a model file of timm."""
    rows = []
    for row in measured(folder, about.file):
        key = (row.model, row.side)
        if key in counts:
            terms = {view: by_batch[row.batch] for view, by_batch in counts[key].amounts.items()}
            rows.append((key, Timed(row.model, families[row.model], row.batch, row.seconds, terms)))
    return rows


def catalogue_rows(folder: Path, rows: list[tuple[Key, Timed]]) -> list[tuple[Key, Timed]]:
    """Those of networks that the catalogue has; a family is a spec."""
    with (folder / "names_timm.csv").open(encoding="utf-8") as lines:
        ours = {(row["timm"], int(row["input"])): row["archlens"] for row in csv.DictReader(lines)}
    return [
        (key, Timed(row.model, find(ours[key]).spec.family, row.batch, row.seconds, row.amounts))
        for key, row in rows
        if key in ours
    ]
