"""From what a sweep is asked for to its variants: the space, the job, the store, and who evaluates."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from archlens.devices import find as find_device
from archlens.errors import UsageError
from archlens.spaces.chunks import Chunk, Outcome
from archlens.spaces.declared import space_of
from archlens.spaces.evaluate import Evaluator
from archlens.spaces.figures import metric_key, objectives, parse_where, wanted
from archlens.spaces.guided import CHUNK, imported
from archlens.spaces.job import SIZE, Job, own_files, spec_digest
from archlens.spaces.pool import by_processes, here
from archlens.spaces.request import Request
from archlens.spaces.result import SweepResult
from archlens.spaces.sampling import MOST_ENUMERATED, walk
from archlens.spaces.store import SweepStore
from archlens.spaces.sweep import Sweep

__all__ = ["Plan", "plan", "started"]

FEW = 5 * SIZE
"""Variants that are evaluated before other processes would have started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sweep that is known to make sense, before anything is evaluated.

    request  what was asked for
    job      what is evaluated of each variant
    sample   how many variants are drawn, by which seed; None for all
    guided   whether these are proposed by what was found before, and not drawn uniformly
    """

    request: Request
    job: Job
    sample: int | None
    seed: int
    guided: bool = False

    @property
    def total(self) -> int:
        """How many variants are evaluated, at most: conditions leave some out."""
        return min(self.sample or self.job.space.size, self.job.space.size)

    def numbers(self) -> Iterator[int]:
        """The numbers of the variants to evaluate, in their order."""
        return walk(self.job.space, self.sample, self.seed)

    def asked(self) -> dict[str, Any]:
        """What a store notes beside the identity: what may change from one call to the next."""
        request = self.request
        return {
            "minimise": list(request.minimise),
            "maximise": list(request.maximise),
            "where": request.where,
            "total": self.total,
        }


def plan(
    request: Request, *, version: str, sample: int | None = None, guided: int | None = None, seed: int = 0
) -> Plan:
    """Find everything that a sweep names, and refuse what cannot be, before anything is evaluated.

    sample  how many variants are drawn uniformly; guided  how many are proposed by Optuna; all for neither

    Raises a UsageError, a DeviceError, or what `find` raises for a model.
    """
    request = request.with_objectives()
    space = space_of(
        request.model, request.over, let=request.let, require=request.require, place=request.place
    )
    asked = objectives(request.minimise, request.maximise)
    where = parse_where(request.where)
    device = None if request.device is None else find_device(request.device)
    also = [metric_key(name, "--metrics") for name in request.metrics]
    metrics = wanted(asked, where, also, on_a_device=device is not None)
    if guided is not None and sample is not None:
        raise UsageError("--sample draws uniformly, and --guided N does not: one of them")
    if guided is not None:
        imported()
    if sample is not None and sample >= space.size and space.size <= MOST_ENUMERATED:
        sample = None  # all of them
    next(walk(space, guided or sample, seed))  # which refuses a space that is empty, or too large
    Evaluator(
        request.model, metrics, device, request.batch
    )  # which finds what it needs, or says what is wrong
    job = Job(
        version=version,
        spec=spec_digest(request.model),
        files=own_files(request.model),
        space=space,
        metrics=metrics,
        device=device,
        batch=request.batch,
        walk=named_walk(sample, guided, seed),
        size=CHUNK if guided else SIZE,
    )
    return Plan(request=request, job=job, sample=guided or sample, seed=seed, guided=guided is not None)


def named_walk(sample: int | None, guided: int | None, seed: int) -> dict[str, int]:
    """Which variants are evaluated, as part of what a sweep is: a larger number of them is the same sweep."""
    if guided is not None:
        return {"a guided search by seed": seed}
    return {} if sample is None else {"a sample by seed": seed}


def resumed(found: Plan, store: SweepStore) -> Plan:
    """The plan with all metrics that the store already has of its variants, which may be more than
    were asked.
    """
    kept = store.metrics()
    if kept and set(found.job.metrics) <= set(kept):
        return replace(found, job=replace(found.job, metrics=kept))
    return found


def started(
    found: Plan,
    path: Path | None,
    *,
    restart: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    began: Callable[[Sweep, Plan], None] = lambda sweep, plan: None,
    seen: Callable[[Outcome], None] = lambda outcome: None,
) -> SweepResult:
    """Evaluate a plan into a store, going on where an earlier call of the same plan has stopped.

    path       of the store; in memory for None
    workers    processes; unless given as many as there are cores, or this one alone for few variants
    scheduler  the address of a Dask scheduler that hands the work to machines
    began      hears of the sweep before the first chunk, and `seen` of each chunk once it is kept

    Raises a StoreError for a store of another sweep, and where nothing can be kept.
    """
    store = SweepStore.open(path, restart=restart)
    try:
        found = resumed(found, store)
        store.begin(found.job)
        store.note("asked", found.asked())
        request = found.request
        sweep = SweepResult(
            store,
            found.job.space,
            objectives(request.minimise, request.maximise),
            parse_where(request.where),
        )
        began(sweep, found)
        evaluate = evaluation(found, workers, scheduler)
        if found.guided:
            sweep.search(found.job, found.total, found.seed, evaluate, seen)
        else:
            sweep.run(found.job, found.numbers(), evaluate, seen)
    except BaseException:
        store.close()
        raise
    return sweep


def evaluation(
    found: Plan, workers: int | None, scheduler: str | None
) -> "Callable[[Job, Iterable[Chunk]], Iterator[Outcome]]":
    """Who evaluates: this process, others of this machine, or those of a cluster."""
    if scheduler is not None:
        if workers is not None:
            raise UsageError("--workers are processes of this machine, and --scheduler has its own")
        from archlens.spaces.cluster import by_cluster

        if found.guided:  # what is proposed before anything was heard is no better than chance
            return partial(by_cluster, address=scheduler, ahead=1, fewest=1)
        return partial(by_cluster, address=scheduler)
    count = workers or ((os.cpu_count() or 1) if found.total > FEW else 1)
    return here if count == 1 else partial(by_processes, workers=count)
