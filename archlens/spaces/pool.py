"""Chunks evaluated by processes of this machine, or by this one alone; the processes end when it does."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import active_children, get_context

from archlens.errors import ArchlensError
from archlens.processes import alone
from archlens.spaces.chunks import Chunk, Outcome, evaluate_chunk
from archlens.spaces.job import Job

__all__ = ["by_processes", "here"]

AHEAD = 2
"""Chunks for each process that are under way or wait: enough that none is idle."""


def here(job: Job, chunks: Iterable[Chunk]) -> Iterator[Outcome]:
    """The outcomes of chunks that are worked out in this process, one after the other."""
    for chunk in chunks:
        yield evaluate_chunk(job, chunk)


def by_processes(job: Job, chunks: Iterable[Chunk], workers: int) -> Iterator[Outcome]:
    """The outcome of each chunk, in the order in which they are finished.

    Only so many chunks are taken as keep the processes busy. The processes end with the iteration, and with
    this process by whatever signal. Raises an ArchlensError when one of them was killed.
    """
    chunks = iter(chunks)
    others = {*active_children()}
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=alone)
    pending: set[Future[Outcome]] = set()
    try:
        while True:
            for chunk in islice(chunks, AHEAD * workers - len(pending)):
                pending.add(pool.submit(evaluate_chunk, job, chunk))
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    except BrokenProcessPool as error:
        raise ArchlensError(
            "a process was killed, as happens when memory runs out; all finished chunks are kept"
        ) from error
    finally:
        for future in pending:
            future.cancel()
        for process in {*active_children()} - others:
            process.terminate()
        pool.shutdown()
