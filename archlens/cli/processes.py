"""Work on many networks in processes of its own, its results in the order of the networks."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import TypeVar

from archlens.errors import ArchlensError, SpecError
from archlens.processes import alone, deaf

__all__ = ["in_order", "one_by_one"]

Task = TypeVar("Task")
Result = TypeVar("Result")

AT_ONCE = 2
"""More would need the memory of as many large networks."""

FEW = 4
"""Tasks that are done before other processes would have imported PyTorch."""


def in_order(
    work: Callable[[Task], Result], tasks: Sequence[Task], name: Callable[[Task], str]
) -> Iterator[Result]:
    """What a function of a module makes of each task, in their order; a few of them in this process.

    name  what a message calls a task

    Raises what the function raises, and an ArchlensError when a process was killed. The processes end
    when the iteration does, also by Ctrl-C.
    """
    if len(tasks) <= FEW or (os.cpu_count() or 1) < AT_ONCE:
        yield from map(work, tasks)
        return
    pool = ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"), initializer=alone)
    yield from results(pool, work, tasks, name)


def one_by_one(
    work: Callable[[Task], Result], tasks: Sequence[Task], name: Callable[[Task], str]
) -> Iterator[Result]:
    """What a function of a module makes of each task, one after the other, each in a fresh process.

    That is for measurements: how long a network takes also depends on what its process has freed before.
    Otherwise as `in_order`.
    """
    for task in tasks:  # a pool each: one that replaces its processes may wait for itself in Python 3.11
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=deaf)
        yield from results(pool, work, [task], name)


def results(
    pool: ProcessPoolExecutor,
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    name: Callable[[Task], str],
) -> Iterator[Result]:
    """What comes back, in order; the pool ends with it."""
    others = {*active_children()}
    try:
        for task, future in [(task, pool.submit(attempt, work, task)) for task in tasks]:
            try:
                yield future.result()
            except BrokenProcessPool as error:
                raise ArchlensError(
                    f"a process was killed before {name(task)} was done, as happens when memory runs out: "
                    f"try {name(task)} by itself"
                ) from error
    finally:
        for process in {*active_children()} - others:
            process.terminate()
        pool.shutdown()


def attempt(work: Callable[[Task], Result], task: Task) -> Result:
    """The work on one task. The problems of a spec go home as text."""
    try:
        return work(task)
    except SpecError as error:
        raise ArchlensError(str(error)) from None
