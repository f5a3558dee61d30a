"""Tables of networks that the catalogue has: TFLite on phones, older GPUs, ShuffleNet V2's Table 8."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from archlens.devices.fit import Timed, timed
from archlens.graph import Graph
from archlens.spec import load
from archlens.studies.guidelines.table8 import PRINTED
from benchmarks.prediction.tables import Measured, measured

__all__ = ["Group", "network", "pixel1", "pixel3", "table8", "torchvision"]

MISSING = frozenset({"inception_v2", "resnet_v2_101"})
"""Of the Pixel 3's table: another network of that name, and one that the catalogue lacks."""


class Group(NamedTuple):
    """The rows of one device, and how its profile is called.

    about  fields of the profile
    rows   that it is fitted to
    """

    about: Mapping[str, object]
    rows: list[Timed]


@cache
def network(name: str, side: int) -> Graph:
    """A network of the catalogue at an input."""
    return load(name, input=(3, side, side)) if side else load(name)


def rows_of(listed: Iterable[Measured], family: str = "") -> list[Timed]:
    """Rows by the catalogue's names."""
    found = []
    for row in listed:
        graph = network(row.model, row.side)
        found.append(timed(graph, row.seconds, batch=row.batch, family=family or graph.family))
    return found


def pixel3(folder: Path) -> list[Group]:
    """A profile for each engine and type: float and int8 on four threads, GPU, NNAPI."""
    groups = defaultdict(list)
    for row in measured(folder, "pixel3_tflite"):
        if row.model not in MISSING:
            groups[row.cells["engine"], row.cells["precision"]].append(row)
    found = []
    for (engine, dtype), rows in sorted(groups.items()):
        unit = engine.split()[1].lower()
        name = "pixel3" + ("" if unit == "cpu" else f"-{unit}") + ("-int8" if dtype == "int8" else "")
        about = {
            "name": name, "title": f"Pixel 3, {engine}, {dtype}", "device": "Pixel 3", "engine": "tflite",
            "dtype": dtype, "threads": 4 if unit == "cpu" else None,
        }  # fmt: skip
        found.append(Group(about, rows_of(rows)))
    return found


def pixel1(folder: Path) -> Group:
    """MobileNet V2 alone: what counts as a family is a width."""
    rows = []
    for row in measured(folder, "pixel1_mobilenet_v2"):
        width = row.model.rpartition("_")[2]
        name = "mobilenet_v2" if width == "1.0" else f"mobilenet_v2_x{width.replace('.', '_')}"
        rows += rows_of([row._replace(model=name)], f"mobilenet_v2 {width}")
    about = {
        "name": "pixel1", "title": "Pixel 1, TFLite, float32", "device": "Pixel 1", "engine": "tflite",
        "dtype": "float32", "threads": 1,
    }  # fmt: skip
    return Group(about, rows)


def torchvision(folder: Path) -> list[Group]:
    """A profile for each GPU, type and phase; not those of two GPUs, which share a batch."""
    groups = defaultdict(list)
    for row in measured(folder, "torchvision_gpus"):
        if row.cells["device"].endswith("_1_gpus"):
            cells = row.cells
            groups[cells["device"], cells["precision"], cells["phase"]].append(row)
    found = []
    first: dict[str, str] = {}
    for (device, precision, phase), rows in sorted(groups.items()):
        place, _, card = device.partition(":")
        short = card.removesuffix("_1_gpus").removeprefix("GeForce_").replace("_", " ")
        other = place if first.setdefault(card, place) != place else ""
        words = [
            short.lower().replace(" ", ""), "half" * (precision == "half"),
            "training" * (phase == "train"), other,
        ]  # fmt: skip
        title = ", ".join([short, "eager", precision, *["training"] * (phase == "train"), place])
        about = {
            "name": "-".join(filter(None, words)), "title": title,
            "device": short, "engine": "eager", "dtype": "float16" if precision == "half" else "float32",
            "layout": "nchw", "phase": "training" if phase == "train" else "inference",
        }  # fmt: skip
        found.append(Group(about, rows_of(rows)))
    return found


def table8() -> dict[str, list[Timed]]:
    """ShuffleNet V2's Table 8 as printed: batches of 8 on the GPU, images on the ARM core."""
    graphs = [(row, load(row.model, **dict[str, Any](row.settings))) for row in PRINTED]
    return {
        "GTX 1080 Ti": [timed(graph, 1 / row.gpu, batch=8) for row, graph in graphs],
        "Snapdragon 810": [timed(graph, 1 / row.arm, batch=1) for row, graph in graphs],
    }
