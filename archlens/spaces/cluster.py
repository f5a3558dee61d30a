"""Chunks evaluated by the workers of a Dask scheduler, on this machine or on others."""

from collections.abc import Iterable, Iterator

from archlens.spaces.chunks import Chunk, Outcome
from archlens.spaces.job import Job

__all__ = ["by_cluster"]


def by_cluster(job: Job, chunks: Iterable[Chunk], address: str) -> Iterator[Outcome]:
    """The outcome of each chunk, in the order in which they are finished."""
    raise NotImplementedError
