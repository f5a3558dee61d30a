"""What lint finds, as text, Markdown and JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archlens.quantity import plural
from archlens.report.result import Item, Page, Result
from archlens.report.style import Style
from archlens.report.table import AtLeast, Column, Table, share
from archlens.studies.lint import GUIDELINES, KNOWN, LEAST, Finding, Guideline, Lint
from archlens.studies.lint.predicted import PredictedSaving
from archlens.studies.lint.timing import Timing

__all__ = ["LintReport", "lint_as_dict", "lint_result"]

HEADINGS: Mapping[Guideline, str] = {
    "g1": "G1 equal\nwidths",
    "g2": "G2\ngroups",
    "g3": "G3\nfragments",
    "g4": "G4 element-\nwise",
}


@dataclass(frozen=True, slots=True)
class LintReport:
    """The findings of lint that are to be shown, with what was measured or predicted of them.

    guidelines  those asked for
    limit       findings, at most
    written     by the name of a node, where it is written: specs/resnet.yaml:41
    timings     by place in `findings`, what was measured; `predicted`, what a device would save
    style       of counts and times in sentences
    """

    lint: Lint
    guidelines: Sequence[Guideline] = tuple(GUIDELINES)
    limit: int = 10
    written: Mapping[str, str] = field(default_factory=dict)
    timings: Mapping[int, Timing] = field(default_factory=dict)
    predicted: Mapping[int, PredictedSaving] = field(default_factory=dict)
    style: Style = field(default_factory=Style)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """All findings of the guidelines that were asked for."""
        return tuple(finding for finding in self.lint.findings if finding.guideline in self.guidelines)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that are shown: those of most weight, up to the limit."""
        return self.all_findings[: self.limit]

    def written_at(self, position: int) -> str:
        """Where a node is written; nothing where no spec holds it."""
        return self.written.get(self.lint.graph.nodes[position].name, "")


def lint_result(report: LintReport) -> Result:
    """The scores, the findings as a numbered list, and what the numbers leave out; for CSV a row a place."""
    return Result(
        lambda: Page(
            (_scores(report),),
            tuple(_item(report, number, finding) for number, finding in enumerate(report.findings)),
            tuple(_notes(report)),
        ),
        lambda: lint_as_dict(report),
        lambda: _places(report),
    )


def lint_as_dict(report: LintReport) -> dict[str, Any]:
    """Everything, each place of each finding included, as `--format json` prints it."""
    found = report.lint
    return {
        "model": found.graph.model,
        "input": list(found.graph.input_shape),
        "complete": found.graph.complete,
        "memory_access": found.memory_access,
        "least_share": LEAST,
        "scores": {guideline: found.scores[guideline] for guideline in report.guidelines},
        "known": {
            model: {guideline: scores[guideline] for guideline in report.guidelines}
            for model, scores in KNOWN.items()
        },
        "findings": [_as_dict(report, number, each) for number, each in enumerate(report.findings)],
        "not_shown": len(report.all_findings) - len(report.findings),
    }


def _scores(report: LintReport) -> Table:
    """A row for the network, and one for each of those that are well known."""
    found = report.lint
    columns = (
        Column("model", "score", right=False),
        *(Column(guideline, HEADINGS[guideline], _score) for guideline in report.guidelines),
    )
    rows = (
        (found.graph.model, *(found.scores[guideline] for guideline in report.guidelines)),
        *(
            (model, *(scores[guideline] for guideline in report.guidelines))
            for model, scores in KNOWN.items()
            if model != found.graph.model
        ),
    )
    size = "×".join(map(str, found.graph.input_shape))
    moved = report.style.count(found.memory_access if found.graph.complete else AtLeast(found.memory_access))
    title = f"{found.graph.model}, input {size}, folded: {moved} elements moved"
    footer = (
        "1: as good as can be. G1, G2, G4: how many times the elements are moved that would be with equal "
        "widths, without groups, without element-wise operators. G3: fragments for each one on the longest "
        "chain",
    )
    return Table(columns, rows, title=title, footer=footer)


def _places(report: LintReport) -> Table:
    """A row a place of each finding, for machines: the same names as in JSON."""
    keys = ("guideline", "subject", "advice")
    of_place = (
        "path", "written", "now", "instead", "multiply_adds_ratio", "memory_access", "saved", "kernels_saved",
    )  # fmt: skip
    found = [_as_dict(report, number, each) for number, each in enumerate(report.findings)]
    rows = tuple(
        (number, *(each[key] for key in keys), *(place[key] for key in of_place))
        for number, each in enumerate(found, 1)
        for place in each["places"]
    )
    return Table(tuple(Column(key, key) for key in ("finding", *keys, *of_place)), rows)


def _score(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"


def _item(report: LintReport, number: int, finding: Finding) -> Item:
    """A finding in sentences: what and how much, what to do, what that saves, where it is worst."""
    found, shown = report.lint, report.style.count
    worst = finding.worst
    places = plural(len(finding.places), "place")
    verb = "moves" if len(finding.places) == 1 else "move"
    moved = f"{shown(finding.memory_access)} ({share(found.share(finding.memory_access))})"
    saved = f"saves {shown(finding.saved)} ({share(found.share(finding.saved))})"
    if finding.kernels:
        saved += f" and {plural(finding.kernels, 'kernel')}"
    if ratios := [place.multiply_adds for place in finding.places if place.multiply_adds is not None]:
        low, high = (f"{end:.2f}" for end in (min(ratios), max(ratios)))
        saved += f", at {low if low == high else f'{low} to {high}'} times the multiply-adds"
    where = f"{worst.path} ({at})" if (at := report.written_at(worst.position)) else worst.path
    instead = f"; instead {worst.instead}" if worst.instead else ""
    head = f"{finding.guideline.upper()} {finding.subject}: {places} {verb} {moved}"
    lines = [
        f"{finding.advice}: {saved}",
        f"{'worst' if len(finding.places) > 1 else 'at'}: {where}: {worst.now}{instead}",
    ]
    if number in report.predicted:
        lines.append(_predicted(report.predicted[number], report.style.duration))
    if number in report.timings:
        lines.append(_timed(report.timings[number], report.style.duration))
    return Item(head, tuple(lines))


def _predicted(saving: PredictedSaving, duration: Callable[[Any], str]) -> str:
    both = f"{duration(saving.now)} now, {duration(saving.instead)} instead"
    if saving.saved <= 0:
        return f"predicted on {saving.device}: {both}: no time saved"
    part = share(saving.saved / saving.network)
    return f"predicted on {saving.device}: {both}: saves {duration(saving.saved)}, {part} of the network's"


def _timed(timing: Timing, duration: Callable[[Any], str]) -> str:
    bound = "" if timing.whole else ", with and without it"
    return f"measured there{bound}: {duration(timing.now)} and {duration(timing.instead)}; {timing.sentence}"


def _notes(report: LintReport) -> list[str]:
    """The notes on what the numbers leave out."""
    notes = []
    left = f"{100 * LEAST:g}% of the memory access"
    if not report.findings and not report.all_findings:
        notes.append(f"no findings: nothing would save {left}")
    else:
        notes.append(
            f"a saving is that of the places by themselves, without what their neighbours have to change; "
            f"findings overlap; none that would save less than {left} is shown"
        )
    if hidden := len(report.all_findings) - len(report.findings):
        notes.append(f"{plural(hidden, 'finding')} more: --limit {len(report.all_findings)} shows all")
    if unknown := len(report.lint.graph.uncosted):
        notes.append(f"incomplete: {plural(unknown, 'operator')} without a rule left out of all of this")
    return notes


def _as_dict(report: LintReport, number: int, finding: Finding) -> dict[str, Any]:
    timing = report.timings.get(number)
    return {
        "finding": number + 1,
        "guideline": finding.guideline,
        "subject": finding.subject,
        "advice": finding.advice,
        "memory_access": finding.memory_access,
        "saved": finding.saved,
        "saved_share": report.lint.share(finding.saved),
        "kernels_saved": finding.kernels,
        "measured": timing.as_dict() if timing else None,
        **({"predicted": saving.as_dict()} if (saving := report.predicted.get(number)) else {}),
        "places": [
            {
                "path": place.path,
                "written": report.written_at(place.position),
                "now": place.now,
                "instead": place.instead,
                "multiply_adds_ratio": place.multiply_adds,
                "memory_access": place.memory_access,
                "saved": place.saved,
                "kernels_saved": place.kernels,
            }
            for place in finding.places
        ],
    }
