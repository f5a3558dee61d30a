"""The terms of recorded networks, counted once for each version of the code and kept beside them."""

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from archlens.analyses import totals
from archlens.devices import fusion, terms
from archlens.devices.terms import VIEWS, amounts, works
from archlens.graph import Graph
from archlens.passes import fold
from benchmarks.prediction.recordings import kept

__all__ = ["Counted", "Key", "counted", "counts_of"]

Key = tuple[str, int]
"""A network of timm and the side of its input."""


class Counted(NamedTuple):
    """Counts of a network: multiply-adds and activations of an image, and terms by view and batch."""

    multiply_adds: int
    activations: int
    amounts: dict[str, dict[int, dict[str, float]]]


def counted(wanted: Mapping[Key, Iterable[int]], folder: Path) -> dict[Key, Counted]:
    """Counts of every network that was recorded completely, at some batches each."""
    place = folder / f"counted-{version()}.pickle"
    known: dict[Key, Counted] = pickle.loads(place.read_bytes()) if place.exists() else {}
    changed = False
    for key, batches in wanted.items():
        have = known.get(key)
        missing = [batch for batch in batches if have is None or batch not in have.amounts["eager"]]
        if not missing or (graph := kept(folder, *key)) is None or not graph.complete:
            continue
        new = counts_of(graph, missing)
        for view, by_batch in (have.amounts if have else {}).items():
            new.amounts[view].update(by_batch)
        known[key] = new
        changed = True
    if changed:
        place.write_bytes(pickle.dumps(known))
    return {key: known[key] for key in wanted if key in known}


def counts_of(graph: Graph, batches: Iterable[int]) -> Counted:
    """Counts of a graph of one image."""
    cost = totals(graph)
    scales = [(batch, batch / graph.input_shape[0]) for batch in batches]
    listed = {view: {batch: amounts(works(graph, view, scale)) for batch, scale in scales} for view in VIEWS}
    return Counted(cost.multiply_adds, cost.activations, listed)


def version() -> str:
    """Eight digits that change with the code that counts terms."""
    files = (terms.__file__, fusion.__file__, fold.__code__.co_filename)
    text = b"".join(Path(each).read_bytes() for each in files)
    return hashlib.sha256(text).hexdigest()[:8]
