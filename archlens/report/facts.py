"""What is known of one network by the names that conditions and orders use."""

from collections.abc import Callable
from functools import cache
from typing import Any

from archlens.analyses import totals
from archlens.devices import Device, estimate
from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.report.figure import FIGURES
from archlens.report.metric_name import LATENCY, TOP1
from archlens.report.profile import Profile, profile
from archlens.spec.accuracy import accuracy_of
from archlens.spec.catalog import find

__all__ = ["facts_of"]


def facts_of(graph: Graph, device: Device | None = None) -> Callable[[str], Any]:
    """What tells a fact or a metric of a network; only what is asked for is worked out.

    device  that `latency` is predicted for; there is none without it, nor for what is too far from all that
            the device was seen to run

    None for what is not known: the accuracy that nobody prints, the year of a module of one's own.
    """
    cost = totals(graph)

    @cache
    def printed() -> dict[str, Any]:
        found = accuracy_of(graph.model, family=graph.family, input=graph.input_shape, params=cost.params)
        told = {"model": graph.model, "family": graph.family, TOP1: found.top1 if found else None}
        try:
            spec = find(graph.model).spec
        except ArchlensError:
            return told
        if spec.family != graph.family:
            return told
        return {**told, "title": spec.title, "year": spec.paper.get("year")}

    @cache
    def counted() -> Profile:
        return profile(graph)

    def known(name: str) -> Any:
        if name == LATENCY:
            found = estimate(graph, device) if device is not None else None
            return None if found is None or found.refused else found.seconds
        if hasattr(cost, name):
            return getattr(cost, name)
        return FIGURES[name].value(counted(), None) if name in FIGURES else printed().get(name)

    return known
