"""`archlens lint MODEL`"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.latency_options import (
    MeasuredOrPredicted,
    MinTime,
    Threads,
    in_turns,
    runs_on,
)
from archlens.cli.model import load_graph
from archlens.cli.options import Batch, Digits, FormatOption, Input, Model, Output, Settings, Units
from archlens.cli.output import emit, write
from archlens.devices import find as find_device
from archlens.errors import BuildError, UsageError
from archlens.latency.requirements import conditions_for
from archlens.quantity import plural
from archlens.report.style import Style
from archlens.spec.reference import parse_settings

if TYPE_CHECKING:
    from archlens.graph import Graph
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.statistics.ratio import LatencyComparison
    from archlens.report.lint import LintReport
    from archlens.studies.lint import Guideline, Lint
    from archlens.studies.lint.timing import Timing

__all__ = ["lint"]

BOUND = re.compile(r"(\w+)(?:=(\d{1,9}(?:\.\d{1,9})?))?", re.ASCII)


def lint(
    model: Model,
    settings: Settings = None,
    input: Input = None,
    batch: Batch = 1,
    guideline: Annotated[
        str | None, typer.Option(metavar="g1,g2,…", help="Only these of g1, g2, g3, g4.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=10**6, help="Findings to show, at most.")] = 10,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="g1,g2=1.2,…",
            help="Exit with 1 where a guideline has a finding (g1), or a score above a bound (g2=1.2).",
        ),
    ] = None,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="Time the worst place of each finding beside its alternative. The options down to "
            "--min-time are for it.",
        ),
    ] = False,
    device: MeasuredOrPredicted = None,
    threads: Threads = None,
    min_time: MinTime = 0.5,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Where a network breaks the four guidelines of ShuffleNet V2, and what that costs.

    Of each place: what an alternative of as many multiply-adds would be, and how much memory access it would
    save. The network is looked at as folded at inference. Scores of well-known networks stand beside its own.
    """
    from archlens.models.place import places_of_nodes
    from archlens.report.lint import LintReport, lint_result
    from archlens.studies.lint import guidelines_named
    from archlens.studies.lint import lint as lint_graph

    style = Style(digits, units)
    chosen = guidelines_named(guideline.split(",") if guideline else ())
    bounds = parse_fail_on(fail_on)
    conditions = None
    if measure:
        conditions = conditions_for(runs_on(device, "--measure"), "float32", "nchw", "eager", threads, 0)
    known = find_device(device) if device is not None and not measure else None
    graph = load_graph(model, settings, input, batch)
    found = lint_graph(graph)
    report = LintReport(
        found, chosen, limit, places_of_nodes(model, parse_settings(settings), input), style=style
    )
    if known is not None:
        from archlens.studies.lint.predicted import predicted_savings

        report = replace(report, predicted=predicted_savings(graph, report.findings, known))
    interrupted = False
    if conditions is not None:
        timings, interrupted = timed(report, conditions, min_time)
        report = replace(report, timings=timings)
    emit(lint_result(report), format, output, style)
    if interrupted:
        write("archlens: interrupted: fewer measurements than were asked for\n", error=True)
        raise typer.Exit(130)
    if failures := broken(found, bounds):
        for failure in failures:
            write(f"archlens: {failure}\n", error=True)
        raise typer.Exit(1)


def parse_fail_on(text: str | None) -> "dict[Guideline, float | None]":
    """`g1,g2=1.2` → {"g1": None, "g2": 1.2}: any finding, and a score above 1.2. Raises a UsageError."""
    from archlens.studies.lint import guideline_named

    bounds: dict[Guideline, float | None] = {}
    for each in text.split(",") if text else ():
        match = BOUND.fullmatch(each.strip())
        if match is None:
            raise UsageError(f"--fail-on {text}: {each.strip()!r} is neither g1 nor g1=1.2")
        name = guideline_named(match[1], "--fail-on")
        if name in bounds:
            raise UsageError(f"--fail-on {text}: {name} is given twice")
        bounds[name] = float(match[2]) if match[2] else None
    return bounds


def broken(found: "Lint", bounds: "Mapping[Guideline, float | None]") -> list[str]:
    """What `--fail-on` was about, a sentence each. Findings beyond the limit count, too."""
    failures = []
    for guideline, bound in bounds.items():
        score = found.scores[guideline]
        findings = sum(finding.guideline == guideline for finding in found.findings)
        if bound is None and findings:
            failures.append(f"{guideline} has {plural(findings, 'finding')} in {found.graph.model}")
        elif bound is not None and score is not None and score > bound:
            failures.append(f"{guideline} of {found.graph.model} is {score:.4g}, above {bound:g}")
    return failures


def timed(
    report: "LintReport", conditions: "Conditions", min_time: float
) -> "tuple[dict[int, Timing], bool]":
    """What the alternatives of the findings that are shown save here, by their number, and whether Ctrl-C
    ended it. A place with an operator that cannot be built is left out, and said to be.
    """
    from archlens.latency.network.candidate import Candidate
    from archlens.studies.lint.timing import NAMES, time_worst

    def contest(graphs: "Sequence[Graph]") -> "LatencyComparison":
        candidates = [Candidate(graph, any_batch=False) for graph in graphs]
        return in_turns(candidates, NAMES, conditions, baseline=0, fused=True, min_time=min_time)

    timings: dict[int, Timing] = {}
    for number, finding in enumerate(report.findings):
        try:
            timing = time_worst(finding, contest)
        except KeyboardInterrupt:
            return timings, True
        except BuildError as error:
            write(f"archlens: finding {number + 1} is not measured: {error}\n", error=True)
            continue
        if timing is not None:
            timings[number] = timing
            if timing.interrupted:
                return timings, True
    return timings, False
