"""Rows of a table of times → the networks that they are of."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archlens.devices.table import LEAST_ROWS, TimedRow
from archlens.errors import ArchlensError, DeviceError, UnknownModelError
from archlens.graph import Graph

__all__ = ["Load", "Match", "matched"]

Load = Callable[[str, str | None, int], Graph]
"""The graph of a model, as the command line takes it, at an input such as `3x224x224` and at a batch."""

MOST_SHOWN = 3
SLOWEST, FASTEST = 1e5, 1e16
"""Multiply-adds a second that no device is below or above: beyond, a time has another unit than it says."""


@dataclass(frozen=True, slots=True)
class Match:
    """A network and how long one batch of it took.

    model   as the table calls it
    family  what is left out together where errors are told
    """

    model: str
    family: str
    graph: Graph
    seconds: float


def matched(
    rows: Sequence[TimedRow],
    load: Load,
    path: Path,
    shown: Callable[[str, float], None] = lambda text, share: None,
) -> tuple[tuple[Match, ...], tuple[str, ...]]:
    """The networks of a table, and a sentence for each kind of row that is left out.

    shown  hears which network is loaded, and which share of them is

    Raises a DeviceError where too few are left, and for times that no device takes.
    """
    found: list[Match] = []
    unknown: dict[str, str] = {}
    for place, row in enumerate(rows):
        shown(row.model, place / len(rows))
        if row.model in unknown:
            continue
        try:
            graph = network(row, load)
        except ArchlensError as error:
            unknown[row.model] = f"{path}:{row.line}: {str(error).splitlines()[0]}"
            continue
        found.append(Match(row.model, graph.family or first_word(row.model), graph, row.seconds))
    said = tuple(unknown.values())
    if len({each.model for each in found}) < LEAST_ROWS:
        raise DeviceError(
            f"{path}: has {len(found)} rows of networks that can be counted, and a profile takes "
            f"{LEAST_ROWS} networks at least{'; the first that cannot: ' + said[0] if said else ''}"
        )
    check_times(found, path)
    if len(said) > MOST_SHOWN:
        said = (*said[:MOST_SHOWN], f"{path}: {len(said) - MOST_SHOWN} more models are left out as well")
    return tuple(found), said


def network(row: TimedRow, load: Load) -> Graph:
    """The graph of a row: of the catalogue, a file or a module, or of timm's, by its name there.

    Raises an ArchlensError for what nobody knows.
    """
    input = "x".join(map(str, row.input)) if row.input else None
    try:
        graph = load(row.model, input, row.batch)
    except UnknownModelError as error:
        try:
            graph = load(f"timm:{row.model}", input, row.batch)
        except ArchlensError:
            raise error from None
    if not graph.complete:
        names = ", ".join(sorted({node.op.kind for node in graph.uncosted}))
        raise DeviceError(f"{row.model} is not complete, so that its time cannot be explained: {names}")
    return graph


def first_word(model: str) -> str:
    """The family of a network that no spec has, as names tell it: resnet for resnet50d.ra2_in1k.

    >>> first_word("timm:vit_small_patch16_224"), first_word("nets.py:Net")
    ('vit', 'Net')
    """
    found = re.match(r"[^\W\d_]+", model.rpartition(":")[2])
    return found[0] if found else model


def check_times(found: Sequence[Match], path: Path) -> None:
    """Raise a DeviceError for times of another unit than they say: too short or too long for anything."""
    for each in found:
        work = sum(node.cost.multiply_adds for node in each.graph.nodes)
        if work and not SLOWEST < work / each.seconds < FASTEST:
            raise DeviceError(
                f"{path}: {each.model} in {each.seconds:.3g} s would be {work / each.seconds:.2g} "
                "multiply-adds a second, which no device does: has the column of times the right name?"
            )
