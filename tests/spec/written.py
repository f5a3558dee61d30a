"""Specs written into tests, and what they become. Every graph is held to its own rules."""

from textwrap import dedent

from archlens.errors import SpecError
from archlens.graph import Graph, verify
from archlens.spec.catalog import Reference, shared_blocks
from archlens.spec.items import Spec
from archlens.spec.parse import parse
from archlens.spec.read import Value, read

__all__ = ["graph", "mistakes", "names", "network", "parsed", "shapes"]


def parsed(text: str) -> Spec:
    """The spec in a text. Raises a SpecError."""
    spec, problems = parse(read(dedent(text), "test.yaml"), "test.yaml", shared_blocks())
    if problems:
        raise SpecError(problems)
    return spec


def graph(text: str, variant: str | None = None, batch: int = 1, **settings: Value) -> Graph:
    """What a spec lowers to."""
    found = Reference(parsed(text), variant).lower(settings, batch=batch)
    verify(found)
    return found


def network(items: str, rest: str = "", shape: str = "[4, 8, 8]") -> Graph:
    """What a list of items lowers to, under an input of 4×8×8."""
    return graph(f"input: {shape}\n{dedent(rest)}\nnetwork: {items}\n")


def names(found: Graph) -> list[str]:
    """Where the operators stand, without the input."""
    return [node.name for node in found.nodes[1:]]


def shapes(found: Graph) -> list[tuple[int, ...]]:
    """What comes out of the operators, without the input and the batch."""
    return [node.shape[1:] for node in found.nodes[1:]]


def mistakes(text: str) -> list[str]:
    """The lines of the SpecError that a spec ends in."""
    try:
        graph(text)
    except SpecError as error:
        return str(error).splitlines()
    return []
