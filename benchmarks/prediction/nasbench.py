"""NAS-Bench-201: ten cells of a device, and the order of all others (Dong and Yang, arXiv 2001.00326)."""

import csv
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from archlens.devices.fit import APART, timed
from archlens.devices.solve import solve
from archlens.graph import Graph, Node
from archlens.ops import (
    Add,
    AveragePool,
    BatchNorm,
    Conv,
    GlobalAveragePool,
    Input,
    Linear,
    Op,
    ReLU,
    Scale,
)
from benchmarks.prediction.errors import Errors, errors

__all__ = ["DEVICES", "SAMPLES", "cell_network", "nasbench", "times"]

DEVICES = ("titanx_1", "titanx_256", "2080ti_1", "1080ti_1", "silver_4114", "pixel3", "samsung_a50",
           "essential_ph_1")  # fmt: skip
SAMPLES = 10
SEEDS = 10
VIEW = "eager"
CHANNELS = (16, 32, 64)
CELLS = 5


class Builder:
    """Nodes one after the other."""

    def __init__(self) -> None:
        x = (1, 3, 32, 32)
        self.nodes = [Node("input", Input(x), (), x, Input(x).cost((), x))]

    def add(self, op: Op, *inputs: int) -> int:
        """A node more, and its position."""
        shapes = tuple(self.nodes[i].shape for i in inputs)
        shape = op.output(shapes)
        self.nodes.append(Node(f"n{len(self.nodes)}", op, inputs, shape, op.cost(shapes, shape)))
        return len(self.nodes) - 1

    def convolution(self, x: int, out: int, kernel: int, stride: int = 1) -> int:
        """ReLU, convolution, normalisation: how NAS-Bench-201 orders them."""
        return self.add(BatchNorm(), self.add(Conv(out, kernel, stride), self.add(ReLU(), x)))

    def edge(self, operation: str, x: int) -> int:
        """What an edge of a cell does: nothing, or zeros, which its code multiplies by."""
        channels = self.nodes[x].shape[1]
        if operation == "skip_connect":
            return x
        if operation == "none":
            return self.add(Scale(0.0), x)
        if operation == "avg_pool_3x3":
            return self.add(AveragePool(3, 1, 1), x)
        return self.convolution(x, channels, 3 if operation.endswith("3x3") else 1)

    def residual(self, x: int, out: int) -> int:
        """The block between stages: two 3×3 convolutions, the first with stride 2, and a pooled shortcut."""
        first = self.convolution(x, out, 3, 2)
        second = self.convolution(first, out, 3)
        shortcut = self.add(Conv(out, 1), self.add(AveragePool(2, 2), x))
        return self.add(Add(), second, shortcut)


def cell_network(cell: str) -> Graph:
    """A network from the text of its cell: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`."""
    edges = [re.findall(r"([a-z_0-9]+)~(\d)", part) for part in cell.split("+")]
    made = Builder()
    x = made.add(BatchNorm(), made.add(Conv(CHANNELS[0], 3), 0))
    for channels in CHANNELS:
        if channels != CHANNELS[0]:
            x = made.residual(x, channels)
        for _ in range(CELLS):
            places = [x]
            for part in edges:
                ends = [made.edge(operation, places[int(source)]) for operation, source in part]
                total = ends[0]
                for end in ends[1:]:
                    total = made.add(Add(), total, end)
                places.append(total)
            x = places[-1]
    x = made.add(ReLU(), made.add(BatchNorm(), x))
    made.add(Linear(10), made.add(GlobalAveragePool(), x))
    return Graph(cell, "nasbench201", tuple(made.nodes), (len(made.nodes) - 1,))


def times(folder: Path, every: int = 1) -> list[tuple[Graph, dict[str, float]]]:
    """Cells with milliseconds by device."""
    with (folder / "nasbench201.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[::every]
    return [(cell_network(row["cell"]), {name: float(row[name]) for name in DEVICES}) for row in rows]


def nasbench(listed: list[tuple[Graph, dict[str, float]]]) -> dict[str, tuple[Errors, Errors]]:
    """By device: mean errors over SEEDS draws of SAMPLES cells, by five terms and by kinds of work."""
    counted = {
        batch: [timed(graph, 1.0, batch=batch, views=(VIEW,)).amounts[VIEW] for graph, _ in listed]
        for batch in (1, 256)
    }
    found = {}
    for device in DEVICES:
        batch = 256 if device.endswith("_256") else 1
        seconds = [by_device[device] / 1e3 for _, by_device in listed]
        five, kinds = (drawn(counted[batch], seconds, apart) for apart in (0.0, APART[-1]))
        found[device] = (five, kinds)
    return found


def drawn(terms: Sequence[Mapping[str, float]], seconds: Sequence[float], apart: float) -> Errors:
    """The mean of the errors over some draws."""
    results = []
    for seed in range(SEEDS):
        sample = random.Random(seed).sample(range(len(seconds)), SAMPLES)
        found = solve([terms[i] for i in sample], [seconds[i] for i in sample], apart)
        rest = sorted({*range(len(seconds))} - {*sample})
        predictions = found.seconds([terms[i] for i in rest]).tolist()
        results.append(errors(predictions, [seconds[i] for i in rest]))
    means = [fmean(each) for each in list(zip(*results, strict=True))[1:]]
    return Errors(results[0].networks, *means)
