"""A sweep: the variants of a space, what each costs, and what is asked of them all together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from archlens.errors import UsageError
from archlens.front import front
from archlens.report.choice import Where
from archlens.spaces.chunks import Chunk, Outcome, chunked
from archlens.spaces.figures import Objective, known, objectives, parse_where
from archlens.spaces.guided import Search
from archlens.spaces.importance import Importance, grouped, importance
from archlens.spaces.job import Job
from archlens.spaces.space import Space, Variants
from archlens.spaces.store import SweepStore
from archlens.spec.read import Value

__all__ = ["Found", "Sweep"]

Evaluate = Callable[[Job, Iterable[Chunk]], Iterator[Outcome]]
"""Works out chunks, in any order."""


@dataclass(frozen=True, slots=True)
class Found:
    """A variant of a sweep.

    number    of the variant in its space
    model     its reference, for every command and for `archlens.load`: `resnet50[groups=32,base=4]`
    settings  the value of each thing that differs in the space, by its key
    metrics   what it costs, by the keys of the metrics
    """

    number: int
    model: str
    settings: dict[str, Value]
    metrics: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The variant as `--format json` prints it."""
        settings = {key: list(v) if isinstance(v, tuple) else v for key, v in self.settings.items()}
        return {"model": self.model, "settings": settings, **self.metrics}


class Sweep:
    """Variants that were evaluated, in a store that stays open; a context manager that closes it.

    job         what is evaluated of each variant
    objectives  what is wanted small, or large
    where       the budget; None where anything is allowed
    """

    def __init__(
        self, store: SweepStore, space: Space, asked: tuple[Objective, ...], where: Where | None
    ) -> None:
        self.store = store
        self.space = space
        self.objectives = asked
        self.where = where

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The sweep in a store, with the objectives and the budget that it was last asked for.

        Raises a StoreError.
        """
        store = SweepStore.open_to_read(Path(path))
        asked = store.kept("asked")
        return cls(
            store,
            Space.from_dict(store.kept("identity")["space"]),
            objectives(asked.get("minimise", ()), asked.get("maximise", ())),
            parse_where(asked.get("where", "")),
        )

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """What was asked of every variant."""
        return self.store.metrics()

    @cached_property
    def variants(self) -> Variants:
        """What the numbers of the space stand for."""
        return Variants(self.space)

    def run(
        self, job: Job, numbers: Iterable[int], evaluate: Evaluate, seen: Callable[[Outcome], None]
    ) -> None:
        """Evaluate the variants that the store does not hold yet, and keep each chunk as it is finished.

        seen  hears of each chunk once it is kept

        Raises what the numbers and the evaluation raise, a StoreError where nothing can be kept; what was
        finished is kept in any case.
        """
        finished = self.store.finished()
        todo = (chunk for chunk in chunked(job, numbers) if finished.get(chunk.place) != chunk.key)
        with closing(todo), closing(evaluate(job, todo)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                self.store.keep(outcome)
                seen(outcome)

    def search(
        self, job: Job, count: int, seed: int, evaluate: Evaluate, seen: Callable[[Outcome], None]
    ) -> None:
        """Evaluate variants that Optuna proposes, by the objectives and the budget, until there are so many.

        What the store holds already is told to it first.
        """
        finished = self.store.finished()
        search = Search(job, self._wanted(), self.where, count, seed + len(finished))
        for number, *row in self.store.rows(self.metrics):
            search.remember(number, row)
        for number, _ in self.store.misfits():
            search.remember(int(number), None)
        todo = search.chunks(max(finished, default=-1) + 1)
        with closing(evaluate(job, todo)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                self.store.keep(outcome)
                search.hear(outcome)
                seen(outcome)

    def front(
        self, by: Sequence[Objective] | None = None, where: str | Where | None = None
    ) -> tuple[Found, ...]:
        """The Pareto front, exact: the variants within the budget that no other beats in every objective.

        by     the objectives; those of the sweep unless given
        where  the budget; that of the sweep unless given

        Raises a UsageError without objectives.
        """
        wanted = self._wanted(by)
        keys = [each.key for each in wanted]
        rows = self.store.rows(self.metrics, self.budget(where), wanted)
        places = [1 + self.metrics.index(key) for key in keys]
        signs = [each.sign for each in wanted]
        points = (
            (tuple(sign * row[place] for sign, place in zip(signs, places, strict=True)), row) for row in rows
        )
        return tuple(self._found(row) for _, row in front(points))

    def top(
        self, count: int = 10, by: str | None = None, where: str | Where | None = None
    ) -> tuple[Found, ...]:
        """The best variants within the budget by one metric, best first.

        by     a metric, with - in front for the largest; the first objective of the sweep unless given
        """
        wanted = self._wanted() if by is None else (self._objective(by),)
        rows = self.store.rows(self.metrics, self.budget(where), wanted, count)
        return tuple(map(self._found, rows))

    def importance(self, key: str, where: str | Where = "") -> Importance:
        """The share of a metric's variance that each setting explains, over the variants that fit.

        where  a condition, under which settings depend on one another; all variants unless given
        """
        key = known(key, self.metrics, "importance")
        dimensions = self.space.dimensions
        counts = [len(each.values) for each in dimensions]
        behind = [self.space.size]
        for count in counts:
            behind.append(behind[-1] // count)

        def rows() -> Iterator[tuple[tuple[int, ...], float]]:
            for number, value in self.store.rows([key], self.budget(where)):
                if value is not None:
                    places = (
                        grouped(number // after % count, count)
                        for after, count in zip(behind[1:], counts, strict=True)
                    )
                    yield tuple(places), value

        whole = self.store.counts()[2] == self.space.size
        return importance(rows(), [each.key for each in dimensions], whole=whole)

    def all(self) -> Iterator[Found]:
        """Every variant that fits, in the order in which they were evaluated."""
        return map(self._found, self.store.rows(self.metrics))

    def within(self) -> Iterator[Found]:
        """Every variant within the budget that has all objectives, in the order of evaluation."""
        for found in map(self._found, self.store.rows(self.metrics, self.where)):
            if all(found.metrics[each.key] is not None for each in self.objectives):
                yield found

    def budget(self, where: str | Where | None = None) -> Where | None:
        """The condition that is meant: the sweep's own unless given.

        Raises a UsageError for a metric that the variants were not asked for.
        """
        found = self.where if where is None else parse_where(where) if isinstance(where, str) else where
        for name in found.names if found else ():
            known(name, self.metrics, "--where")
        return found

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self, row: tuple[Any, ...]) -> Found:
        number, *values = row
        settings = dict(
            zip((each.key for each in self.space.dimensions), self.variants.values(number), strict=True)
        )
        return Found(
            number, self.variants.reference(number), settings, dict(zip(self.metrics, values, strict=True))
        )

    def _wanted(self, by: Sequence[Objective] | None = None) -> tuple[Objective, ...]:
        wanted = tuple(by) if by is not None else self.objectives
        if not wanted:
            raise UsageError("a front needs objectives: --minimise latency,memory_access")
        for each in wanted:
            known(each.key, self.metrics, str(each))
        return wanted

    def _objective(self, text: str) -> Objective:
        return Objective(known(text.removeprefix("-"), self.metrics, f"--by {text}"), text.startswith("-"))
