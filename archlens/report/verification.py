"""Verified networks as tables: a row a network for reading, a row a check for the record."""

from collections.abc import Iterable
from typing import Any

from archlens.report.table import Column, Table, plural
from archlens.studies.claims import Check

__all__ = ["ledger_table", "verification_as_dict", "verification_table"]

SUBJECTS = {
    "params": "params",
    "shapes": "shapes",
    "multiply_adds torch": "torch's\ncounter",
    "multiply_adds fvcore": "fvcore",
    "claims": "claims",
}


def verification_table(checks: Iterable[Check]) -> Table:
    """A row a network, a column a kind of check; every difference is spelled out below."""
    by_model: dict[str, dict[str, list[Check]]] = {}
    listed = list(checks)
    for check in listed:
        by_model.setdefault(check.model, {}).setdefault(_group(check), []).append(check)
    columns = (
        Column("model", "model", right=False),
        *(Column(key, header, right=False) for key, header in SUBJECTS.items()),
    )
    rows = tuple(
        (model, *(_summary(groups.get(key, [])) for key in SUBJECTS)) for model, groups in by_model.items()
    )
    differences = [check for check in listed if check.verdict != "equal"]
    wrong = sum(check.verdict == "different" for check in differences)
    footer = [_sentence(check) for check in differences]
    if footer:
        footer.append("")
    footer.append(
        f"{plural(len(rows), 'network')}, {plural(len(listed), 'check')}: "
        f"{len(listed) - len(differences)} equal to the digits printed, "
        f"{len(differences) - wrong} explained, {wrong} unexplained"
    )
    return Table(columns, rows, footer=tuple(footer))


def ledger_table(checks: Iterable[Check]) -> Table:
    """A row a check: what is claimed, what we count, how they differ, and why."""
    columns = tuple(
        Column(key, key.replace("_", " "), right=key in ("expected", "found", "difference"))
        for key in ("model", "subject", "source", "expected", "found", "difference", "verdict", "why")
    )
    rows = tuple(
        (c.model, c.subject, c.source, c.expected, c.found, c.difference, c.verdict, c.why) for c in checks
    )
    return Table(columns, rows)


def verification_as_dict(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """A mapping a check, as `--format json` prints them."""
    return [
        {
            "model": c.model, "subject": c.subject, "source": c.source, "expected": c.expected,
            "found": c.found, "difference": c.difference, "verdict": c.verdict, "why": c.why,
        }
        for c in checks
    ]  # fmt: skip


def _group(check: Check) -> str:
    """The column of a check."""
    if check.subject.startswith("shape"):
        return "shapes"
    if check.source == "PyTorch":
        return "params"
    if check.source.startswith("torch."):
        return "multiply_adds torch"
    return "multiply_adds fvcore" if check.source == "fvcore" else "claims"


def _summary(checks: list[Check]) -> str:
    if not checks:
        return "none"
    wrong = sum(check.verdict == "different" for check in checks)
    explained = sum(check.verdict == "explained" for check in checks)
    equal = len(checks) - wrong - explained
    if len(checks) == 1 and not explained:
        return "equal" if equal else "DIFFERENT"
    parts = [(equal, "equal"), (explained, "explained"), (wrong, "DIFFERENT")]
    return ", ".join(f"{number} {word}" for number, word in parts if number)


def _sentence(check: Check) -> str:
    mark = "explained" if check.verdict == "explained" else "DIFFERENT"
    why = f": {check.why}" if check.why else ""
    found = f"{check.found} {check.difference}".rstrip()
    theirs = f"{check.source} has {check.expected}"
    return f"{mark}: {check.model} {check.subject}: {theirs}, archlens {found}{why}"
