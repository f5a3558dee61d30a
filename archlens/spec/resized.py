"""An input of another size that makes another network, where a layer takes its weights' shape from it."""

from collections.abc import Mapping

from archlens.errors import SpecError
from archlens.graph import Graph
from archlens.quantity import human
from archlens.spec.catalog import Reference
from archlens.spec.read import Value
from archlens.spec.values import show

__all__ = ["resized"]

DENSE = "dense"


def resized(reference: Reference, overrides: Mapping[str, Value], graph: Graph) -> str:
    """What to tell of a graph whose weights are others than at the network's own size; nothing elsewhere.

    A fully connected layer has a weight for every place that it sees: OverFeat at 281×317 has 216M and not
    145M. What only the channels change is what was asked for, and is not told.
    """
    settings = reference.settings(overrides)
    own, asked = Reference(reference.spec, reference.variant).settings({})["input"], settings["input"]
    assert isinstance(own, tuple)
    assert isinstance(asked, tuple)
    usual = (asked[0], *own[1:])
    if asked == usual:
        return ""
    try:
        other = reference.lower({**overrides, "input": usual})
    except SpecError:
        return ""
    weights = {node.name: node.cost.params for node in other.nodes}
    changed = [node for node in graph.nodes if weights.get(node.name, node.cost.params) != node.cost.params]
    if not changed:
        return ""
    first = changed[0]
    now, before = (human(sum(node.cost.params for node in each.nodes)) for each in (graph, other))
    told = (
        f"{graph.model} with an input of {_shape(asked)} is another network than with {_shape(usual)}: "
        f"{first.name} has {human(first.cost.params)} weights, not {human(weights[first.name])}, "
        f"and all of it {now}, not {before}"
    )
    if DENSE in reference.spec.declared and not settings[DENSE]:
        told += f"; {DENSE}=true slides its fully connected layers over the map"
    return told


def _shape(shape: tuple[Value, ...]) -> str:
    return "x".join(map(show, shape))
