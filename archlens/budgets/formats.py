"""Findings in the forms that other tools read: GitHub, GitLab, JUnit and SARIF."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from archlens.budgets.check import Check
from archlens.budgets.finding import Finding, Level
from archlens.models.place import Place

__all__ = ["WRITERS", "github", "gitlab", "junit", "sarif"]

RULES = {
    "max": "A figure is above its limit.",
    "growth": "A figure grew more than it may against the baseline.",
    "guidelines": "A guideline of ShuffleNet V2 is broken more than it may be.",
    "complete": "An operator cannot be counted.",
    "baseline": "There is no baseline to compare with.",
    "load": "The network cannot be loaded.",
}
SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SEVERITY = {Level.error: "major", Level.warning: "minor", Level.note: "info"}


def findings_of(checks: Sequence[Check]) -> Iterable[tuple[Check, Finding]]:
    """Every finding with the check that it belongs to."""
    return ((check, finding) for check in checks for finding in check.findings)


def github(checks: Sequence[Check]) -> str:
    """Workflow commands that annotate the lines of a pull request: `::error file=…,line=…::message`."""
    words = {Level.error: "error", Level.warning: "warning", Level.note: "notice"}
    lines = []
    for check, finding in findings_of(checks):
        place = {"file": _relative(finding.place), "line": str(max(finding.place.line, 1))}
        place["title"] = f"archlens {finding.rule}: {check.budget.name}"
        shown = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in place.items())
        lines.append(f"::{words[finding.level]} {shown}::{_escaped(finding.message)}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str, more: str = "") -> str:
    """A text as workflow commands hold it."""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def gitlab(checks: Sequence[Check]) -> str:
    """A code quality report: a JSON array of findings, each with a fingerprint that lasts while it does."""
    found = [
        {
            "description": f"{check.budget.name}: {finding.message}",
            "check_name": f"archlens-{finding.rule}",
            "fingerprint": _fingerprint(check, finding),
            "severity": SEVERITY[finding.level],
            "location": {"path": _relative(finding.place), "lines": {"begin": max(finding.place.line, 1)}},
        }
        for check, finding in findings_of(checks)
    ]
    return _json(found)


def _fingerprint(check: Check, finding: Finding) -> str:
    """A hash that stays the same for one kind of finding of one budget, whatever its numbers are."""
    return sha256("\0".join((check.budget.name, finding.rule, finding.figure)).encode()).hexdigest()


def junit(checks: Sequence[Check]) -> str:
    """A JUnit report: a test case for each budget, which fails where the budget is broken."""
    suite = ElementTree.Element("testsuite", name="archlens check", tests=str(len(checks)))
    suite.set("failures", str(sum(check.failed for check in checks)))
    suite.set("errors", "0")
    suite.set("time", "0")
    for check in checks:
        case = ElementTree.SubElement(
            suite, "testcase", name=check.budget.name, classname="archlens.check", time="0"
        )
        errors = [finding for finding in check.findings if finding.level is Level.error]
        if errors:
            failure = ElementTree.SubElement(case, "failure", message=_printable(errors[0].message))
            failure.set("type", errors[0].rule)
            failure.text = _printable("\n".join(f"{finding.place}: {finding.message}" for finding in errors))
        rest = [finding for finding in check.findings if finding.level is not Level.error]
        if rest:
            said = "\n".join(f"{finding.level}: {finding.place}: {finding.message}" for finding in rest)
            ElementTree.SubElement(case, "system-out").text = _printable(said)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """A text that XML can hold: it has no form at all for most control characters."""
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)


def sarif(checks: Sequence[Check]) -> str:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0."""
    used = sorted({finding.rule for _, finding in findings_of(checks)})
    driver = {
        "name": "archlens",
        "rules": [{"id": rule, "shortDescription": {"text": RULES[rule]}} for rule in used],
    }
    results = [_result(check, finding, used) for check, finding in findings_of(checks)]
    run = {"tool": {"driver": driver}, "results": results}
    return _json({"$schema": SARIF, "version": "2.1.0", "runs": [run]})


def _result(check: Check, finding: Finding, rules: Sequence[str]) -> Mapping[str, Any]:
    path = _relative(finding.place)
    region = {"region": {"startLine": finding.place.line}} if finding.place.line else {}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": str(finding.level),
        "message": {"text": f"{check.budget.name}: {finding.message}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": path}, **region}}],
        "partialFingerprints": {"archlens/v1": _fingerprint(check, finding)},
    }


def _relative(place: Place) -> str:
    """A file as reports name it: from the current folder, with slashes."""
    path = Path(place.file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix()


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


WRITERS = {"github": github, "gitlab": gitlab, "junit": junit, "sarif": sarif}
