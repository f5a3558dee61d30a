"""Chunks evaluated by the workers of a Dask scheduler, on this machine or on others.

dask scheduler                         on one machine
dask worker tcp://SCHEDULER:8786       on each that is to work; archlens is all that it needs beside Dask
"""

import logging
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

from archlens.errors import ArchlensError, MissingDependencyError
from archlens.spaces.chunks import Chunk, Outcome, evaluate_chunk
from archlens.spaces.job import Job
from archlens.version import __version__

__all__ = ["by_cluster", "connected", "evaluate_there", "gone"]

AHEAD = 3
"""Chunks for each thread of the cluster that are under way or wait."""
FEWEST = 8
MOST_TRIES = 5
"""How often a chunk is handed out anew whose outcome was lost with its worker."""
PATIENCE = 60.0
"""Seconds in which a first worker has to join, and in which a scheduler that is gone may come back."""
CONNECT = 10.0
LOOK = 1.0
"""Seconds between two looks at whether the scheduler is still there."""


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of a scheduler. Raises an ArchlensError where none answers, or there is no Dask."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise MissingDependencyError("--scheduler needs Dask's distributed", extra="cluster") from error
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told here, in a line
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ArchlensError(
            f"no Dask scheduler answers at {address}: start one with `dask scheduler`, and workers with "
            f"`dask worker {address}`"
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def by_cluster(
    job: Job, chunks: Iterable[Chunk], address: str, ahead: int = AHEAD, fewest: int = FEWEST
) -> Iterator[Outcome]:
    """The outcome of each chunk, in the order in which they are finished.

    ahead, fewest  chunks for each thread, and in all, that are handed out before the first is finished; one
                   where what was found decides what comes next

    A chunk whose worker is lost is handed to another one by the scheduler, and workers may join at any time.

    Raises an ArchlensError when the scheduler is gone, when no worker joins, and for a chunk whose workers
    all die.
    """
    waiting = ((chunk, 0) for chunk in chunks)
    again: list[tuple[Chunk, int]] = []
    pending: dict[Any, tuple[Chunk, int]] = {}
    with connected(address) as client:
        _await_workers(client, address)
        lost: float | None = None
        while True:
            if client.status == "running":
                lost = None
                room = max(fewest, ahead * sum(_threads(client).values())) - len(pending)
                tasks = [*again, *islice(waiting, max(room, 0))]
                again = []
                for chunk, tried in tasks:
                    key = f"archlens-{chunk.key}-{tried}"
                    pending[client.submit(evaluate_there, job, chunk, key=key, pure=False)] = (chunk, tried)
                if not pending:
                    return
            elif lost is None:
                lost = time.monotonic()
            if client.status in ("closed", "closing") or (lost and time.monotonic() - lost > PATIENCE):
                raise gone(address)
            for future in _done(client, list(pending), address):
                chunk, tried = pending.pop(future)
                if (outcome := _outcome(future, address)) is not None:
                    yield outcome
                elif tried == MOST_TRIES:
                    raise gone(address)
                else:
                    again.append((chunk, tried + 1))
            if again:
                time.sleep(LOOK)


def _done(client: Any, pending: list[Any], address: str) -> list[Any]:
    """The futures that are finished, after a while of waiting for the first."""
    distributed: Any = import_module("distributed")
    try:
        with client.as_current():
            found: list[Any] = [*distributed.wait(pending, LOOK, "FIRST_COMPLETED").done]
    except TimeoutError:
        return []
    except (OSError, CancelledError) as error:
        raise gone(address) from error
    return found


def _outcome(future: Any, address: str) -> Outcome | None:
    """What came out of a future; None where that was lost with its worker, before it was fetched.

    Raises an ArchlensError that says why nothing came out.
    """
    if future.status in ("cancelled", "lost", "pending"):
        return None
    try:
        found = future.result(timeout=CONNECT)
    except ArchlensError:
        raise
    except (CancelledError, TimeoutError, OSError):
        return None
    except Exception as error:
        kind = type(error).__name__
        if kind == "FutureCancelledError":
            return None
        if kind == "KilledWorker":
            raise ArchlensError(
                f"several workers of {address} died over one chunk, as happens when memory runs out"
            ) from error
        raise ArchlensError(f"a worker of {address} failed: {kind}: {error}") from error
    assert isinstance(found, Outcome)
    return found


def gone(address: str) -> ArchlensError:
    """The error for a scheduler that no longer answers."""
    return ArchlensError(f"the Dask scheduler at {address} is gone; all finished chunks are kept")


def _threads(client: Any) -> dict[str, int]:
    """How many threads each worker has, as the client last heard."""
    workers = client.scheduler_info(n_workers=-1).get("workers", {})
    return {name: int(each.get("nthreads", 1)) for name, each in workers.items()}


def _await_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ArchlensError(
            f"no worker has joined {address} within {PATIENCE:.0f} s: `dask worker {address}`"
        ) from error


def evaluate_there(job: Job, chunk: Chunk) -> Outcome:
    """What a worker does: the same as any process, if its archlens is the one that asks."""
    if job.version != __version__:
        raise ArchlensError(f"a worker has archlens {__version__}, and this is {job.version}")
    return evaluate_chunk(job, chunk)
