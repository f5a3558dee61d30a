"""Printed figures that are wrong, beside the right ones and the arithmetic."""

from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path

from archlens.errors import Problem, SpecError
from archlens.spec.catalog import find
from archlens.spec.expressions import Vocabulary, compile_expression
from archlens.spec.read import Mapping, Sequence, plain, read_file
from archlens.studies.claims import figure
from archlens.studies.savings.entry import find_entry
from archlens.studies.savings.formula import whole, written
from archlens.studies.savings.result import NOWHERE, compute

__all__ = ["Erratum", "errata"]

FILE = Path(__file__).parent / "errata.yaml"
PLACES = ("Table", "Section", "Fig")
"""How a place begins that names no paper: it is in the paper of the spec."""


@dataclass(frozen=True, slots=True)
class Erratum:
    """One figure that people copy and should not.

    what        what it counts
    copied      as it is printed, and `where`
    right       what it should be
    unit        K where that is in units of 1024
    arithmetic  how the right figure comes about, or what was tried to explain the copied one
    """

    what: str
    copied: str
    right: int | float
    unit: str
    where: str
    arithmetic: str


def errata() -> tuple[Erratum, ...]:
    """Every erratum, with the right figures counted or computed now."""
    listed = read_file(FILE).entries["errata"]
    assert isinstance(listed, Sequence)
    found = []
    for item in listed.items:
        assert isinstance(item, Mapping)
        kind = _claim if "model" in item.entries else _saving if "saving" in item.entries else _computed
        found.append(kind(item))
    return tuple(found)


def _texts(item: Mapping) -> dict[str, str]:
    return {key: str(plain(value)) for key, value in item.entries.items() if not isinstance(value, Mapping)}


def _computed(item: Mapping) -> Erratum:
    wanted = _texts(item)
    expression = compile_expression(wanted["is"], Vocabulary(frozenset(), frozenset()))
    return Erratum(
        what=wanted["what"],
        copied=wanted["copied"],
        right=whole(expression.evaluate({}, NOWHERE)),
        unit=wanted.get("unit", ""),
        where=wanted["where"],
        arithmetic="; ".join(filter(None, (written(expression), wanted.get("note", "")))),
    )


def _claim(item: Mapping) -> Erratum:
    """The erratum behind a claim of the catalogue that explains itself."""
    wanted = _texts(item)
    settings = item.entries.get("with")
    overrides = (
        {key: plain(value) for key, value in settings.entries.items()}
        if isinstance(settings, Mapping)
        else {}
    )
    reference = find(wanted["model"], until=None)
    metric, row = wanted["metric"], wanted.get("row", "")
    claims = [
        claim
        for claim in reference.spec.claims
        if (claim.variant, claim.row) == (reference.variant, row)
        and dict(claim.settings) == dict(reference.given)
        and metric in claim.counted
        and claim.where == wanted.get("where", claim.where)
    ]
    _only(claims, item)
    (claim,) = claims
    paper = reference.spec.paper
    place = f"arXiv {paper['arxiv']}, {claim.where}" if claim.where.startswith(PLACES) else claim.where
    graph = reference.lower(overrides)
    named = " ".join((graph.model if reference.given else reference.model, row)).strip()
    return Erratum(
        what=f"{named}, {metric.replace('_', '-')}",
        copied=claim.printed[metric].text,
        right=figure(graph, metric, row),
        unit="",
        where=place,
        arithmetic=claim.why or claim.open,
    )


def _saving(item: Mapping) -> Erratum:
    """The erratum behind a figure of a saving that its own formula does not give."""
    wanted = _texts(item)
    saving = compute(find_entry(wanted["saving"]))
    meant = [each for each in saving.formulas if each.formula.why and each.formula.of == wanted["of"]]
    _only(meant, item)
    (settled,) = meant
    formula = settled.formula
    return Erratum(
        what=f"{wanted['what']}, {formula.metric.replace('_', '-')}",
        copied=formula.printed,
        right=settled.closed,
        unit="",
        where=f"{saving.entry.source.split(', ')[1]}, {formula.where}",
        arithmetic=f"{settled.substituted}; {formula.why}",
    )


def _only(meant: Sized, item: Mapping) -> None:
    """Refuse an item of the file that means no figure or several."""
    if len(meant) != 1:
        raise SpecError([Problem(FILE.name, item.line, "", f"{len(meant)} figures are meant, not one")])
