"""A sweep as a page of its own: every variant by any two numbers, the front, and the best under a budget."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import ceil

from archlens.devices import Device
from archlens.devices import find as find_device
from archlens.errors import DeviceError
from archlens.graph import Graph
from archlens.report.choice import Condition, Where
from archlens.report.page import page
from archlens.report.page.devices import with_device
from archlens.report.page.sweep import variants
from archlens.spaces.figures import figure
from archlens.spaces.sweep import Found, Sweep
from archlens.spaces.tables import counted, records

__all__ = ["sweep_page"]

MOST = 20_000
"""Variants on a page; of more, every so many-th in the order of evaluation, and the front."""
OPENED = 8
"""Networks of the front that can be opened layer by layer: its first, its last, and some between."""
PREFIXES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def sweep_page(
    sweep: Sweep, load: Callable[[str], Graph], heard: Callable[[str, float], None] | None = None
) -> str:
    """One HTML file that shows a sweep, and loads nothing: it opens at the variants.

    load   makes the graph of a reference, so that some networks of the front can be looked into
    heard  is told which network it is at, and how much is done

    Raises what making a graph raises, and a MissingDependencyError without igraph.
    """
    best = sweep.front()
    shown = [*best, *thinned(sweep, {each.number for each in best})]
    identity = sweep.store.kept("identity")
    name = identity["device"][0] if identity["device"] else None
    device = known_device(name)
    unknown = name is not None and device is None
    source = [
        counted(sweep),
        *([f"shown: the front, and {len(shown) - len(best):,} of the others"] if sampled(sweep) else []),
        *([f"latency predicted for {name}, which is not known here: no interval"] if unknown else []),
    ]  # fmt: skip
    data = variants(
        records(sweep, shown),
        [each.key for each in sweep.space.dimensions],
        title=f"{sweep.space.model}: {sweep.space.about}",
        source="; ".join(source),
        device=device,
        aims=[(each.key, each.largest) for each in sweep.objectives],
        where="" if sweep.where is None else written(sweep.where),
    )
    named = [each.model for each in opened(best)] or [sweep.space.model]
    graphs = [replace(load(model), model=model) for model in named]  # each under its whole reference
    if device is None:
        return page(graphs, sweep=data, studies=False, view="variants", heard=heard)
    known = with_device(device)
    return page(graphs, known, data, device=device.name, studies=False, view="variants", heard=heard)


def known_device(name: str | None) -> Device | None:
    """The device that latencies were predicted for; None where it was a file that is not here."""
    try:
        return None if name is None else find_device(name)
    except DeviceError:
        return None


def sampled(sweep: Sweep) -> int:
    """Of how many variants one is shown beside the front; 0 where all are."""
    _, _, fitted = sweep.store.counts()
    return ceil(fitted / MOST) if fitted > MOST else 0


def thinned(sweep: Sweep, front: set[int]) -> Iterator[Found]:
    """The variants that fit and are not of the front, thinned where there are too many for a page."""
    step = sampled(sweep) or 1
    for place, each in enumerate(sweep.all()):
        if place % step == 0 and each.number not in front:
            yield each


def opened(front: tuple[Found, ...]) -> list[Found]:
    """Networks of the front, evenly: both ends among them."""
    if len(front) <= OPENED:
        return [*front]
    return [front[round(i * (len(front) - 1) / (OPENED - 1))] for i in range(OPENED)]


def written(where: Where) -> str:
    """A budget in the words of `--where`, whatever its units were.

    >>> from archlens.spaces.figures import parse_where
    >>> written(parse_where("multiply_adds <= 150M and latency < 20 ms"))
    'multiply_adds <= 150M and latency < 20ms'
    """
    return " or ".join(" and ".join(map(condition, group)) for group in where.groups)


def condition(each: Condition) -> str:
    """One comparison."""
    if not isinstance(each.value, float):
        return f"{each.name} {each.sign} {each.value}"
    kind = figure(each.name).kind
    shown = (
        number(1e3 * each.value) + "ms" if kind == "time" else number(each.value) + "B" * (kind == "bytes")
    )
    return f"{each.name} {each.sign} {shown}"


def number(value: float) -> str:
    """A number without an exponent: 150M, 0.02, as the page reads them."""
    for worth, prefix in PREFIXES:
        if value >= worth and value % worth == 0:
            return f"{value / worth:.0f}{prefix}"
    return f"{value:.12f}".rstrip("0").rstrip(".")
