"""A search guided by what was found so far, by Optuna, for spaces too large to sample well.

Optuna's sampler proposes variants a chunk at a time, they are evaluated and kept as those of any sweep, and
it hears what they cost and how far they are beyond the budget.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from archlens.errors import MissingDependencyError
from archlens.report.choice import Condition, Where
from archlens.spaces.chunks import Chunk, Outcome
from archlens.spaces.figures import Objective
from archlens.spaces.job import Job, digest
from archlens.spaces.space import Space, Variants

__all__ = ["CHUNK", "Search", "excess"]

CHUNK = 20
"""Variants of a generation. With 50, Optuna's own choice, the first hundreds hardly beat chance."""
PATIENCE = 200
"""Proposals in a row that were evaluated before, or break a condition, after which others are drawn."""


class Search:
    """Proposals for a space, and what came out of those that were evaluated.

    count  how many variants are evaluated in all
    seed   of the sampler
    """

    def __init__(
        self, job: Job, asked: Sequence[Objective], where: Where | None, count: int, seed: int
    ) -> None:
        self.job, self.asked, self.where, self.count = job, tuple(asked), where, count
        self.variants = Variants(job.space)
        self.known: dict[int, tuple[float, ...] | None] = {}
        self._asked: dict[int, Any] = {}
        self._optuna = imported()
        self._distributions = distributions(self._optuna, job.space)
        self._study = self._new_study(seed)

    def _new_study(self, seed: int) -> Any:
        optuna = self._optuna
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that constraints are experimental
            sampler = optuna.samplers.NSGAIISampler(
                population_size=CHUNK, seed=seed, constraints_func=lambda trial: trial.user_attrs["excess"]
            )
            return optuna.create_study(directions=["minimize"] * len(self.asked), sampler=sampler)

    def remember(self, number: int, row: Sequence[Any] | None) -> None:
        """Take up a variant of an earlier call, with its metrics; None where it did not fit."""
        params = dict(zip(self._distributions, self._places(number), strict=True))
        self._add(number, params, row)

    def chunks(self, first: int) -> Iterator[Chunk]:
        """Proposals that were not evaluated before, a chunk at a time, from a place on."""
        place = first
        while (left := self.count - len(self.known) - len(self._asked)) > 0:
            part = tuple(self._proposed(min(left, self.job.size)))
            if not part:
                return
            yield Chunk(place, place * self.job.size, digest(f"{self.job.key} {part}"), part)
            place += 1

    def hear(self, outcome: Outcome) -> None:
        """Tell the search what the variants of a chunk cost."""
        found = dict(outcome.rows)
        for place, number in enumerate(outcome.chunk.numbers):
            self._tell(number, found.get(place))

    def _proposed(self, count: int) -> Iterator[int]:
        """So many variants that are new and meet the conditions; fewer where there are no more."""
        given, vain = 0, 0
        while given < count:
            if len(self.known) + len(self._asked) >= self.job.space.size or vain > 10 * PATIENCE:
                return
            trial = self._study.ask(self._distributions)
            number = self.variants.number([trial.params[key] for key in self._distributions])
            if vain > PATIENCE:  # the sampler has converged: neighbours are as good as anything
                number = (number + vain) % self.job.space.size
            if number in self.known or number in self._asked or not self.variants.admits(number):
                self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
                vain += 1
                continue
            self._asked[number] = trial
            given, vain = given + 1, 0
            yield number

    def _tell(self, number: int, row: Sequence[Any] | None) -> None:
        trial = self._asked.pop(number)
        values = self._values(row)
        self.known[number] = values
        if values is None:
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
            return
        trial.set_user_attr("excess", [self._excess(row)])
        self._study.tell(trial, values)

    def _add(self, number: int, params: dict[str, int], row: Sequence[Any] | None) -> None:
        values = self._values(row)
        self.known[number] = values
        if values is not None:
            self._study.add_trial(
                self._optuna.trial.create_trial(
                    params=params, distributions=self._distributions, values=list(values),
                    user_attrs={"excess": [self._excess(row)]},
                    system_attrs={"constraints": [self._excess(row)]},
                )
            )  # fmt: skip

    def _values(self, row: Sequence[Any] | None) -> tuple[float, ...] | None:
        """The objectives of a variant, less is better; None where it has none."""
        if row is None:
            return None
        metrics = dict(zip(self.job.metrics, row, strict=True))
        values = [metrics[each.key] for each in self.asked]
        if any(value is None for value in values):
            return None
        return tuple(each.sign * float(value) for each, value in zip(self.asked, values, strict=True))

    def _excess(self, row: Sequence[Any] | None) -> float:
        known = dict(zip(self.job.metrics, row or (), strict=True))
        return excess(self.where, known.get)

    def _places(self, number: int) -> Iterator[int]:
        """Where the values of a variant stand in their dimensions."""
        behind = self.job.space.size
        for each in self.job.space.dimensions:
            behind //= len(each.values)
            yield number // behind % len(each.values)


def imported() -> Any:
    """Optuna. Raises a MissingDependencyError without it."""
    try:
        optuna = import_module("optuna")
    except ImportError as error:
        raise MissingDependencyError("--guided needs Optuna", extra="search") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def distributions(optuna: Any, space: Space) -> dict[str, Any]:
    """The places of each dimension's values: in order where they rise, as categories where they do not."""
    found: dict[str, Any] = {}
    for each in space.dimensions:
        last = len(each.values) - 1
        kind = optuna.distributions
        found[each.key] = (
            kind.IntDistribution(0, last) if each.rises else kind.CategoricalDistribution([*range(last + 1)])
        )
    return found


def excess(where: Where | None, known: Callable[[str], Any]) -> float:
    """How far a variant is beyond a budget, as a share of its limits; 0 within it.

    excess = min over the groups of the condition of Σ |value − limit| / |limit| over its broken comparisons
    """
    if where is None:
        return 0.0
    return min(sum(_broken(each, known) for each in group) for group in where.groups)


def _broken(condition: Condition, known: Callable[[str], Any]) -> float:
    if condition.holds(known):
        return 0.0
    value, limit = known(condition.name), float(condition.value)
    if not isinstance(value, int | float):
        return 1.0
    return abs(value - limit) / abs(limit) + 1e-9 if limit else abs(value) + 1e-9
