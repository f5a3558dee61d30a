"""Times that were measured, as the page shows them: beside predicted ones, never without machine and date."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archlens.errors import ArchlensError
from archlens.file import contents
from archlens.graph import Graph
from archlens.quantity import plural

__all__ = ["Measured", "measured_data", "read_measured", "strangers"]

SETTINGS = ("device", "batch", "dtype", "layout", "mode", "threads", "fused")
"""What times have to share, beside the machine and its software, to be one column."""
NEEDED = ("model", "input", "median_s", "interval_s", "reliable", "warnings", "machine", *SETTINGS)
MACHINE = ("fingerprint", "processor", "logical_cores", "memory_gib", "system", "python", "torch")
MOST_BYTES = 10_000_000
"""No file of measured times is as large as that."""
ALIKE = 0.01
"""How far the multiply-adds of what was timed may be from those counted here: one network, or two."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One network's time, as `archlens measure -f json` wrote it.

    run   what it wrote: the conditions, the median with its 95 % interval, the warnings, the machine
    file  where it stands
    """

    run: Mapping[str, Any]
    file: str

    @property
    def model(self) -> str:
        """The network's name."""
        return str(self.run["model"])

    @property
    def date(self) -> str:
        """The day it was measured on; nothing where the file does not tell."""
        return str(self.run.get("started", ""))[:10]

    @property
    def conditions(self) -> str:
        """What it ran under: cpu, 2 threads, batch 1, float32, nchw, eager."""
        run = self.run
        threads = [plural(run["threads"], "thread")] if run["device"] == "cpu" else []
        fused = ["fused"] if run["fused"] else []
        told = [run["device"], *threads, f"batch {run['batch']}", run["dtype"], run["layout"], run["mode"]]
        return ", ".join([*told, *fused])

    @property
    def machine(self) -> str:
        """The machine and its software, on a line."""
        told = self.run["machine"]
        hardware = f"{told['processor']}, {told['logical_cores']} cores, {told['memory_gib']} GiB"
        versions = [f"Python {told['python']}", f"PyTorch {told['torch']}"]
        versions += [f"CUDA {told['cuda']}"] if told.get("cuda") else []
        versions += [f"archlens {self.run['archlens']}"] if self.run.get("archlens") else []
        gpu = [told["gpu"]] if told.get("gpu") and self.run["device"] != "cpu" else []
        parts = [hardware, *gpu, ", ".join([told["system"], *versions]), f"machine {told['fingerprint']}"]
        return "; ".join(parts)

    @property
    def series(self) -> tuple[str, str]:
        """What is shared by the times that stand in one column."""
        return self.conditions, self.machine

    def of(self, graph: Graph) -> bool:
        """Whether this is a time of a network: its name, its input, and its multiply-adds if known."""
        if graph.model != self.model or list(graph.input_shape[1:]) != list(self.run["input"][1:]):
            return False
        a_second = self.run.get("multiply_adds_per_second")
        if a_second is None or not graph.complete or not graph.input_shape:
            return True
        counted = sum(node.cost.multiply_adds for node in graph.nodes) / graph.input_shape[0]
        timed = a_second * self.run["median_s"] / self.run["batch"]
        return bool(abs(timed - counted) <= ALIKE * max(counted, 1))


def read_measured(path: Path) -> tuple[Measured, ...]:
    """The times in a file that `archlens measure … -f json` wrote.

    Raises an ArchlensError, in a line, for a file that is none.
    """
    try:
        found = json.loads(contents(path, MOST_BYTES))
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise ArchlensError(f"{path}: no JSON; `archlens measure … -f json -o {path}` writes it") from error
    runs = found if isinstance(found, list) else [found]
    for run in runs:
        lacking = _lacking(run)
        if lacking:
            raise ArchlensError(
                f"{path}: not what `archlens measure … -f json` writes: {lacking} is missing or wrong"
            )
    return tuple(Measured(run, str(path)) for run in runs)


def _lacking(run: Any) -> str:
    """The first key that a run lacks, or that holds what no run holds; nothing for one that is complete."""
    if not isinstance(run, dict):
        return "an object a network"
    for key in NEEDED:
        if key not in run:
            return key
    machine, interval = run["machine"], run["interval_s"]
    if not isinstance(machine, dict) or not set(MACHINE) <= {*machine}:
        return "machine"
    numbers = {"median_s": [run["median_s"]], "interval_s": interval, "batch": [run["batch"]]}
    for key, values in numbers.items():
        if not isinstance(values, list) or not all(_positive(value) for value in values):
            return key
    if len(interval) != 2:
        return "interval_s"
    shaped = isinstance(run["input"], list) and run["input"] and all(map(_positive, run["input"]))
    return "" if shaped else "input"


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


def strangers(found: Iterable[Measured], graphs: Iterable[Graph]) -> list[str]:
    """A line a file that holds times of no network of the page, which are left out."""
    known: dict[str, list[Graph]] = {}
    for graph in graphs:
        known.setdefault(graph.model, []).append(graph)
    asked: dict[str, int] = {}
    others: dict[str, list[str]] = {}
    for each in found:
        asked[each.file] = asked.get(each.file, 0) + 1
        if not any(each.of(graph) for graph in known.get(each.model, ())):
            others.setdefault(each.file, []).append(each.model)
    return [
        f"{file}: {len(names)} of {plural(asked[file], 'time')} left out, of no network of this page "
        f"(another name, input or cost): {', '.join(dict.fromkeys(names))}"
        for file, names in others.items()
    ]


def measured_data(found: Sequence[Measured], graphs: Sequence[Graph]) -> list[dict[str, Any]]:
    """The times by machine and conditions, a column each, in the order of the networks.

    Of several times of a network under the same conditions the last that was started counts; of those
    without a date, the last in the files.
    """
    series: dict[tuple[str, str], list[Measured]] = {}
    for each in sorted(found, key=lambda each: str(each.run.get("started", ""))):
        series.setdefault(each.series, []).append(each)
    columns = [_column(times, graphs) for times in series.values()]
    return [column for column in columns if any(value is not None for value in column["seconds"])]


def _column(times: Sequence[Measured], graphs: Sequence[Graph]) -> dict[str, Any]:
    latest = {each.model: each for each in times}
    own = [latest.get(graph.model) for graph in graphs]
    fits = [each if each and each.of(graph) else None for each, graph in zip(own, graphs, strict=True)]
    first = times[0]
    return {
        "conditions": first.conditions,
        "batch": first.run["batch"],
        "machine": first.machine,
        "on": (first.run["machine"].get("gpu") if first.run["device"] != "cpu" else None)
        or first.run["machine"]["processor"],
        "seconds": [each.run["median_s"] if each else None for each in fits],
        "low": [each.run["interval_s"][0] if each else None for each in fits],
        "high": [each.run["interval_s"][1] if each else None for each in fits],
        "dates": [each.date if each else "" for each in fits],
        "warnings": [
            "; ".join(map(str, each.run["warnings"])) if each and not each.run["reliable"] else ""
            for each in fits
        ],
    }
