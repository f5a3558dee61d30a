"""Networks measured one after the other: kept as they are taken, and none lost when one of them fails."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlens import __version__
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError, StoreError

if TYPE_CHECKING:
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.sampling.breakdown import Breakdown
    from archlens.latency.sampling.measure import Observer
    from archlens.latency.sampling.measurement import Measurement
    from archlens.latency.store.store import OpenRun, Store

__all__ = ["Session", "keep", "open_store"]


class Session:
    """Networks measured one after the other, and what came out by the time it ended."""

    def __init__(self, conditions: "Conditions", fused: bool, min_time: float, breakdown: bool) -> None:
        self.conditions = conditions
        self.fused = fused
        self.min_time = min_time
        self.breakdown = breakdown
        self.measured: list[Measurement] = []
        self.broken_down: dict[int, Breakdown] = {}
        self.problems: list[ArchlensError] = []
        self.interrupted = False

    def run(self, candidates: "Sequence[Candidate]", store: "Store | None", progress: Progress) -> None:
        """Measure them all; one that cannot be measured leaves the others alone, and Ctrl-C ends it."""
        try:
            for candidate in candidates:
                try:
                    self.measure(candidate, store, progress)
                except ArchlensError as problem:
                    self.problems.append(problem)
                if self.measured and self.measured[-1].interrupted:
                    self.interrupted = True
                    return
        except KeyboardInterrupt:
            self.interrupted = True

    def measure(self, candidate: "Candidate", store: "Store | None", progress: Progress) -> None:
        """One network, and where its time goes if that was asked for."""
        from archlens.latency.sampling.measure import measure

        graph = candidate.graph
        progress.show(f"{graph.model}: building and warming up", now=True)
        keeper = Keeper(store)
        found = measure(
            candidate,
            self.conditions,
            fused=self.fused,
            min_time=self.min_time,
            observer=keeper.observer(graph.model, progress),
        )
        self.measured.append(found)
        keeper.finish(found)
        if self.breakdown and not found.interrupted:
            self.broken_down[len(self.measured) - 1] = self.parts(candidate, progress)
        if keeper.problem is not None:
            raise keeper.problem

    def parts(self, candidate: "Candidate", progress: Progress) -> "Breakdown":
        """Where the time goes: by onnxruntime's profiler for a file, else node by node of what is built."""
        from archlens.latency.sampling.breakdown import break_down

        def shown(share: float) -> None:
            progress.show(f"{candidate.graph.model}: where the time goes", share)

        if candidate.makers is None:
            return break_down(candidate, self.conditions, min_time=self.min_time, shown=shown)
        from archlens.latency.sampling.profiled import break_down_file

        return break_down_file(
            candidate, candidate.makers(), self.conditions, min_time=self.min_time, shown=shown
        )

    @property
    def timed(self) -> set[str]:
        """The names of those that were measured, and broken down if that was asked for."""
        if self.breakdown:
            return {each.model for each in self.broken_down.values()}
        return {each.subject.model for each in self.measured}

    def as_dict(self) -> list[dict[str, Any]]:
        """The measurements as `--format json` prints them."""
        shown = [{**each.as_dict(), "archlens": __version__} for each in self.measured]
        for position, parts in self.broken_down.items():
            shown[position]["breakdown"] = parts.as_dict()
        return shown


class Keeper:
    """Puts samples into a store as they are taken; a store that fails does not end the measurement."""

    def __init__(self, store: "Store | None") -> None:
        self.store = store
        self.run: OpenRun | None = None
        self.problem: StoreError | None = None

    def observer(self, model: str, progress: Progress) -> "Observer":
        """Who hears of the measurement: the store, and the progress bar."""
        from archlens.latency.sampling.measure import Observer
        from archlens.report.results import duration, spread

        return Observer(
            begun=lambda subject, machine: self.attempt(
                lambda: self.begin(subject.as_dict(), machine.as_dict())
            ),
            sampled=self.add,
            shown=lambda share, summary: progress.show(
                f"{model}: {duration(summary.median)} ({spread(summary.interval)})", share
            ),
        )

    def begin(self, description: dict[str, Any], machine: dict[str, Any]) -> None:
        """Open a run."""
        if self.store is not None:
            self.run = self.store.begin({**description, "archlens": __version__}, machine)

    def add(self, seconds: float) -> None:
        """Keep a sample."""
        if (run := self.run) is not None:
            self.attempt(lambda: run.add(seconds))

    def attempt(self, write: Callable[[], Any]) -> None:
        """Write, and remember what went wrong: what is missing is written with the next sample."""
        try:
            write()
        except StoreError as problem:
            self.problem = problem
        else:
            self.problem = None

    def finish(self, found: "Measurement") -> None:
        """Close the run with what came out."""
        if (run := self.run) is not None:
            self.attempt(lambda: run.finish(found.results()))


def keep(measurements: "Iterable[Measurement]", models: Iterable[str], store: "Store") -> None:
    """Put measurements that came out of turns into a store, a run each. Raises a StoreError.

    models  their own names: beside each other, networks of one name are told apart by another
    """
    for found, model in zip(measurements, models, strict=True):
        description = {**found.subject.as_dict(), "model": model, "archlens": __version__}
        run = store.begin(description, found.machine.as_dict())
        for seconds in found.samples:
            run.add(seconds)
        run.finish(found.results())


def open_store(store: Path | None) -> "Store":
    """The store that samples go to. Raises a StoreError that also names the way without one."""
    from archlens.latency.store.store import Store

    try:
        return Store.open(store)
    except StoreError as problem:
        raise StoreError(f"{problem}; --no-save measures without keeping anything") from problem
