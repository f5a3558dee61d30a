"""A network as the page is given it: its graph, and what is known about it beside."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from archlens.graph import Graph
from archlens.spec.catalog import Reference, specs
from archlens.spec.items import Accuracy
from archlens.spec.lines import lines
from archlens.studies.claims import Check, check_claims_of

__all__ = ["Model", "catalogue", "of_reference"]


@dataclass(frozen=True, slots=True)
class Model:
    """A network of the page.

    graph     what everything is counted from
    title     what people call its family; `year` it was published in
    aliases   its other names
    file      of its spec, and `written` the line of each node in it, by the node's name
    claims    what is printed about it, beside what is counted
    accuracy  what is printed of it once it is trained
    """

    graph: Graph
    title: str = ""
    year: int | None = None
    aliases: tuple[str, ...] = ()
    file: str = ""
    written: Mapping[str, int] = field(default_factory=dict)
    claims: tuple[Check, ...] = ()
    accuracy: Accuracy | None = None


def of_reference(reference: Reference) -> Model:
    """A network of a spec, with where each layer is written and what is printed about it.

    reference  of a spec that was read whole: claims stand last in it
    """
    spec, graph = reference.spec, reference.lower({})
    year = spec.paper.get("year")
    return Model(
        graph=graph,
        title=spec.title,
        year=year if isinstance(year, int) else None,
        aliases=tuple(alias for alias, target in spec.aliases.items() if target == reference.variant),
        file=spec.file,
        written=lines(reference, {}),
        claims=tuple(check_claims_of(reference, graph)),
        accuracy=spec.accuracy.get(reference.variant or ""),
    )


def catalogue(
    names: Iterable[str] | None = None, heard: Callable[[str, float], None] | None = None
) -> tuple[Model, ...]:
    """The networks that come with archlens, by year and family.

    names  of those that are wanted; all unless given
    heard  is told which network it is at, and how much is done
    """
    wanted = None if names is None else set(names)
    listed = sorted(specs(), key=lambda spec: (spec.paper.get("year", 0), spec.family))
    references = [
        Reference(spec, variant)
        for spec in listed
        for variant in spec.variants
        if wanted is None or variant in wanted
    ]
    found = []
    for done, reference in enumerate(references):
        if heard is not None:
            heard(reference.model, done / len(references))
        found.append(of_reference(reference))
    return tuple(found)
