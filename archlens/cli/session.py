"""Networks measured in turns: kept as they are taken, and none lost when one of them fails."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlens import __version__
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError, StoreError
from archlens.quantity import plural

if TYPE_CHECKING:
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.sampling.breakdown import Breakdown
    from archlens.latency.sampling.measure import Observer
    from archlens.latency.sampling.measurement import Measurement
    from archlens.latency.store.store import OpenRun, Store

__all__ = ["Session", "keep", "open_store"]


class Session:
    """Networks measured in turns, and what came out by the time it ended.

    found        by the place of a network among those asked for, what was measured
    broken_down  where its time goes, if that was asked for
    started      when it began
    """

    def __init__(self, conditions: "Conditions", fused: bool, min_time: float, breakdown: bool) -> None:
        self.conditions = conditions
        self.fused = fused
        self.min_time = min_time
        self.breakdown = breakdown
        self.found: dict[int, Measurement] = {}
        self.broken_down: dict[int, Breakdown] = {}
        self.problems: list[ArchlensError] = []
        self.interrupted = False
        self.started = datetime.now(UTC)

    def run(self, candidates: "Sequence[Candidate]", store: "Store | None", progress: Progress) -> None:
        """Measure them all; one that cannot be measured leaves the others alone, and Ctrl-C ends it."""
        left = dict(enumerate(candidates))
        try:
            if len(left) == 1:
                self.alone(candidates[0], Keeper(store), progress)
            while len(candidates) > 1 and left and not self.interrupted:
                left = self.together(left, store, progress)
            for place in sorted(self.found if self.breakdown and not self.interrupted else ()):
                self.broken_down[place] = self.parts(candidates[place], progress)
        except KeyboardInterrupt:
            self.interrupted = True

    def alone(self, candidate: "Candidate", keeper: "Keeper", progress: Progress) -> None:
        """The only network."""
        from archlens.latency.sampling.measure import measure

        progress.show(f"{candidate.graph.model}: building and warming up", now=True)
        try:
            found = measure(
                candidate,
                self.conditions,
                fused=self.fused,
                min_time=self.min_time,
                observer=keeper.observer(candidate.graph.model, progress),
            )
        except ArchlensError as problem:
            self.problems.append(problem)
        else:
            self.take(0, found, keeper)

    def together(
        self, candidates: "dict[int, Candidate]", store: "Store | None", progress: Progress
    ) -> "dict[int, Candidate]":
        """As many networks in turns as there is room for at once; those for which there is none yet."""
        from archlens.latency.network.preparation import prepare
        from archlens.latency.sampling.together import measure_together
        from archlens.latency.sampling.turns import Entrant

        entrants: dict[int, Entrant] = {}
        keepers: dict[int, Keeper] = {}
        later = {}
        for place, candidate in candidates.items():
            model = candidate.graph.model
            progress.show(f"{model}: building and warming up", now=True)
            try:
                prepared = prepare(candidate, self.conditions)
            except ArchlensError as problem:
                if entrants:  # there may be room for it when the others have gone
                    later[place] = candidate
                else:
                    self.problems.append(problem)
                continue
            keepers[place] = Keeper(store)
            entrants[place] = Entrant(candidate.graph, prepared, keepers[place].observer(model, progress))
        if entrants:
            measured = measure_together(
                [*entrants.values()],
                self.conditions,
                fused=self.fused,
                min_time=self.min_time,
                shown=lambda share: progress.show(f"{plural(len(entrants), 'network')} in turns", share),
            )
            for place, found in zip(entrants, measured, strict=True):
                self.take(place, found, keepers[place])
        return later

    def take(self, place: int, found: "Measurement", keeper: "Keeper") -> None:
        """What was measured of a network, and what went wrong when it was kept."""
        self.found[place] = found
        self.interrupted = self.interrupted or found.interrupted
        keeper.finish(found)
        told = {str(problem) for problem in self.problems}
        if keeper.problem is not None and str(keeper.problem) not in told:
            self.problems.append(keeper.problem)

    @property
    def measured(self) -> "list[Measurement]":
        """What was measured, in the order asked for."""
        return [self.found[place] for place in sorted(self.found)]

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
    def timed(self) -> set[int]:
        """The places of those that were measured, and broken down if that was asked for."""
        return {*(self.broken_down if self.breakdown else self.found)}

    def as_dict(self) -> list[dict[str, Any]]:
        """The measurements as `--format json` prints them."""
        shown = {
            place: {
                **self.found[place].as_dict(),
                "started": self.started.isoformat(timespec="seconds"),
                "archlens": __version__,
            }
            for place in sorted(self.found)
        }
        for place, parts in self.broken_down.items():
            shown[place]["breakdown"] = parts.as_dict()
        return [*shown.values()]


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
