"""Variants a few hundred at a time: what a process is handed, what comes back, what a store keeps whole."""

import atexit
import os
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from archlens.errors import ArchlensError, printable
from archlens.spaces.evaluate import Evaluator
from archlens.spaces.job import Job, digest
from archlens.spaces.space import INPUT, Variants
from archlens.spec.reference import FILE, split_model

__all__ = ["Chunk", "Outcome", "chunked", "evaluate_chunk", "present"]

LONGEST_REASON = 300
LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some variants that follow one another.

    place    how many chunks stand before it; `first` how many variants
    key      a digest of the job and of the numbers: a finished chunk of the same key need not be done again
    numbers  of the variants in their space
    """

    place: int
    first: int
    key: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The metrics of the variants of a chunk, and why some have none.

    rows     for each variant that fits its place in the chunk and the values of the metrics
    misfits  for each other one its place, and why
    worker   the machine and the process that did it
    """

    chunk: Chunk
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    misfits: tuple[tuple[int, str], ...]
    worker: str


def chunked(job: Job, numbers: Iterable[int]) -> Iterator[Chunk]:
    """The numbers of variants in chunks, one chunk at a time."""
    numbers = iter(numbers)
    place = 0
    while part := tuple(islice(numbers, job.size)):
        yield Chunk(place, place * job.size, digest(f"{job.key} {part}"), part)
        place += 1


@lru_cache(maxsize=2)
def prepared(job: Job) -> tuple[Variants, Evaluator]:
    """What a process needs to evaluate chunks of a job, made once for all of them."""
    evaluator = Evaluator(present(job.space.model, job.files), job.metrics, job.device, job.batch)
    return Variants(job.space), evaluator


def present(model: str, files: tuple[tuple[str, str], ...]) -> str:
    """The reference of a model on this machine: files of the user's that it lacks are written here."""
    name, _ = split_model(model)
    file = FILE.fullmatch(name)
    if file is None or Path(file[1]).is_file() or not files:
        return model
    folder = Path(mkdtemp(prefix="archlens-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for path, text in files:
        (folder / Path(path).name).write_text(text, encoding="utf-8")
    return f"{folder / Path(file[1]).name}{model[len(file[1]) :]}"


def evaluate_chunk(job: Job, chunk: Chunk) -> Outcome:
    """The metrics of the variants of a chunk; one that does not fit is told with its reason."""
    variants, evaluator = prepared(job)
    rows, misfits = [], []
    for place, number in enumerate(chunk.numbers):
        try:
            settings = variants.settings(number)
            shape = settings.pop(INPUT, None)
            found = evaluator(settings, shape)  # type: ignore[arg-type]  # the spec says what an input may be
            rows.append((place, tuple(kept(found[key]) for key in job.metrics)))
        except ArchlensError as error:
            first = (str(error).splitlines() or ["for no reason"])[0]
            misfits.append((place, printable(first)[:LONGEST_REASON]))
    return Outcome(chunk, tuple(rows), tuple(misfits), f"{socket.gethostname()} {os.getpid()}")


def kept(value: Any) -> int | float | None:
    """A value as a store holds it: a number, or None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, float) or abs(value) < LARGEST else float(value)
