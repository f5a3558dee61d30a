"""The figures that papers print, beside ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from archlens.cost import Cost
from archlens.quantity import Quantity, human
from archlens.spec.items import Claim

__all__ = ["Check", "Verdict", "check_claims"]

Verdict = Literal["equal", "explained", "different"]


@dataclass(frozen=True, slots=True)
class Check:
    """One figure of one network, ours beside someone else's.

    model       the network
    subject     what is compared: `params`, `multiply_adds`, `shapes`
    source      whose figure it is: `PyTorch`, `fvcore`, `Table 5`
    expected    their figure, as they print it
    found       ours
    difference  ours less theirs, where they differ
    verdict     equal (to the digits printed), different, or different with an explanation
    why         the explanation
    """

    model: str
    subject: str
    source: str
    expected: str
    found: str
    difference: str
    verdict: Verdict
    why: str = ""


def check_claims(model: str, claims: tuple[Claim, ...], totals: Cost) -> Iterator[Check]:
    """Every figure that a spec says is printed about a variant, against what we count.

    A figure that differs is explained only if the spec also says what we count and why: an
    explanation never covers a second, later difference.
    """
    for claim in claims:
        if claim.variant != model:
            continue
        for metric, printed in claim.printed.items():
            found: int = getattr(totals, metric)
            verdict, why = _verdict(printed, claim.counted, metric, found, claim.why)
            yield Check(
                model=model,
                subject=metric,
                source=claim.where or "printed",
                expected=printed.text,
                found=str(found) if printed.digit == 1 else human(found),
                difference=_difference(found - printed.value, printed.value, verdict),
                verdict=verdict,
                why=why,
            )


def _verdict(
    printed: Quantity, counted: Mapping[str, Quantity], metric: str, found: int, why: str
) -> tuple[Verdict, str]:
    if printed.agrees(found):
        return "equal", ""
    if metric not in counted or not why:
        return "different", why
    if not counted[metric].agrees(found):
        return "different", f"the spec explains a count of {counted[metric].text}, which is not what we count"
    return "explained", why


def _difference(difference: int, printed: int, verdict: Verdict) -> str:
    if verdict == "equal" or not printed:
        return ""
    sign = "+" if difference > 0 else "−"
    return f"{sign}{human(abs(difference))} ({sign}{100 * abs(difference) / printed:.1f}%)"
