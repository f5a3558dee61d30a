"""The figures that papers print, beside ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archlens.analyses import layers, peak_activations, receptive_fields
from archlens.cost import total
from archlens.graph import Graph
from archlens.quantity import human
from archlens.spec.catalog import Reference
from archlens.spec.items import Claim
from archlens.spec.read import Value

__all__ = ["Check", "Verdict", "check_claims", "check_claims_of", "figure"]

Verdict = Literal["equal", "explained", "open", "incomparable", "different"]


@dataclass(frozen=True, slots=True)
class Check:
    """One figure of one network, ours beside someone else's.

    model       the network
    subject     what is compared: `params`, `multiply_adds`, `shapes`
    source      whose figure it is: `PyTorch`, `fvcore`, `Table 5`
    expected    their figure, as they print it
    found       ours
    difference  ours less theirs, where they differ
    verdict     equal (to the digits printed); different; explained, where the spec shows the arithmetic;
                open, where it says that none was found; incomparable, where their figure leaves out
                what ours has
    why         the explanation, or what was tried
    """

    model: str
    subject: str
    source: str
    expected: str
    found: str
    difference: str
    verdict: Verdict
    why: str = ""


def check_claims(graph: Graph, claims: tuple[Claim, ...]) -> Iterator[Check]:
    """Every figure that a spec says is printed about a network or a row of it, against what we count.

    A figure that differs is explained, or acknowledged as open, only if the spec also says what we
    count: neither ever covers a second, later difference.
    """
    for claim in claims:
        if claim.variant == graph.model and not claim.settings:
            yield from _checked(graph, claim)


def check_claims_of(reference: Reference, graph: Graph) -> Iterator[Check]:
    """The claims about a network, and those about it under other settings: `seresnet50[reduction=8]`."""
    claims = reference.spec.claims
    yield from check_claims(graph, claims)
    changed: list[tuple[dict[str, Value], Graph]] = []
    for claim in claims:
        if claim.variant != graph.model or not claim.settings:
            continue
        settings = dict(claim.settings)
        found = next((other for given, other in changed if given == settings), None)
        if found is None:
            found = reference.lower(settings)
            changed.append((settings, found))
        yield from _checked(found, claim)


def _checked(graph: Graph, claim: Claim) -> Iterator[Check]:
    for metric, printed in claim.printed.items():
        found = figure(graph, metric, claim.row)
        verdict, why = _verdict(claim, metric, found)
        yield Check(
            model=graph.model,
            subject=f"{claim.row} {metric}".strip(),
            source=claim.where or "printed",
            expected=printed.text,
            found=str(found) if printed.digit == 1 else human(found),
            difference=_difference(found - printed.value, printed.value, verdict),
            verdict=verdict,
            why=why,
        )


def figure(graph: Graph, metric: str, row: str = "") -> int:
    """What we count: of the whole network, or of the part whose names start with `row`.

    A receptive field is the longest side of the network's own, or of that behind the part.
    """
    inside = [at for at, node in enumerate(graph.nodes) if not row or f"{node.name}.".startswith(f"{row}.")]
    if metric == "layers":
        return layers(graph)
    if metric == "peak_activations":
        return peak_activations(graph).inference.elements
    if metric == "receptive_field":
        fields = receptive_fields(graph)
        field = fields.of(inside[-1]) if row and inside else fields.network
        return max(field.size) if field else 0
    counted: int = getattr(total(graph.nodes[at].cost for at in inside), metric)
    return counted


def _verdict(claim: Claim, metric: str, found: int) -> tuple[Verdict, str]:
    counted = claim.counted.get(metric)
    if claim.printed[metric].agrees(found):
        return "equal", ""
    if counted is None or not (claim.why or claim.open):
        return "different", claim.why
    if not counted.agrees(found):
        return "different", f"the spec explains a count of {counted.text}, which is not what we count"
    return ("open", claim.open) if claim.open else ("explained", claim.why)


def _difference(difference: int, printed: int, verdict: Verdict) -> str:
    if verdict == "equal" or not printed:
        return ""
    sign = "+" if difference > 0 else "−"
    return f"{sign}{human(abs(difference))} ({sign}{100 * abs(difference) / printed:.1f}%)"
