"""Verified networks as tables: a row a network for reading, a row a check for the record."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from archlens.quantity import plural
from archlens.report.result import Result
from archlens.report.table import Column, Table
from archlens.studies.claims import Check, Verdict

__all__ = [
    "ledger_table", "receptive_field_checks_table", "verification_as_dict", "verification_result",
    "verification_table",
]  # fmt: skip

SUBJECTS = {
    "params": "params",
    "shapes": "shapes,\ncosts",
    "multiply_adds torch": "torch's\ncounter",
    "multiply_adds fvcore": "fvcore",
    "claims": "claims",
}

WORDS: dict[Verdict, str] = {
    "equal": "equal",
    "explained": "explained",
    "open": "open",
    "incomparable": "not comparable",
    "different": "DIFFERENT",
}


def verification_result(checks: list[Check], fields: bool, ledger: bool = False) -> Result:
    """The checks as a table for reading, a row a network, or a row a check."""
    by_network = receptive_field_checks_table if fields else verification_table
    as_table = ledger_table if ledger else by_network
    return Result.of(
        lambda: as_table(checks), lambda: verification_as_dict(checks), lambda: ledger_table(checks)
    )


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
    footer = [_sentence(check) for check in listed if check.verdict != "equal"]
    if footer:
        footer.append("")
    verdicts = Counter(check.verdict for check in listed)
    rare: tuple[Verdict, ...] = ("open", "incomparable")
    others = "".join(f"{verdicts[each]} {WORDS[each]}, " for each in rare if verdicts[each])
    footer.append(
        f"{plural(len(rows), 'network')}, {plural(len(listed), 'check')}: "
        f"{verdicts['equal']} equal to the digits printed, {verdicts['explained']} explained, "
        f"{others}{verdicts['different']} unexplained"
    )
    return Table(columns, rows, footer=tuple(footer))


def receptive_field_checks_table(checks: Iterable[Check]) -> Table:
    """A row a network: its own receptive field, and how many stages' fields are what gradients show."""
    by_model: dict[str, list[Check]] = {}
    listed = list(checks)
    for check in listed:
        by_model.setdefault(check.model, []).append(check)
    columns = (
        Column("model", "model", right=False),
        Column("found", "receptive field", right=False),
        Column("checks", "gradient", right=False),
    )
    rows = tuple(
        (model, own.found + own.subject.removeprefix("receptive field"), _counted(each))
        for model, each in by_model.items()
        for own in each[-1:]
    )
    footer = [_sentence(check) for check in listed if check.verdict != "equal"]
    if footer:
        footer.append("")
    verdicts = Counter(check.verdict for check in listed)
    footer.append(
        f"{plural(len(rows), 'network')}, {plural(len(listed), 'field')}: {verdicts['equal']} as the "
        f"gradient shows, first and last place, {verdicts['open']} open, {verdicts['different']} different"
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
    """The column of the table that a check belongs to."""
    if check.subject.startswith("shape") or check.subject == "costs":
        return "shapes"
    if check.source in ("PyTorch", "onnx"):
        return "params"
    if check.source.startswith("torch."):
        return "multiply_adds torch"
    return "multiply_adds fvcore" if check.source == "fvcore" else "claims"


def _summary(checks: list[Check]) -> str:
    if not checks:
        return "none"
    alike = len({check.verdict for check in checks}) == 1 and _group(checks[0]) != "claims"
    if (alike or len(checks) == 1) and checks[0].verdict not in ("explained", "open"):
        return WORDS[checks[0].verdict]
    return _counted(checks)


def _counted(checks: list[Check]) -> str:
    """How many of each verdict: 3 equal, 8 explained."""
    verdicts = Counter(check.verdict for check in checks)
    return ", ".join(f"{verdicts[verdict]} {word}" for verdict, word in WORDS.items() if verdicts[verdict])


def _sentence(check: Check) -> str:
    why = f": {check.why}" if check.why else ""
    found = f"{check.found} {check.difference}".rstrip()
    theirs = f"{check.source} has {check.expected}"
    return f"{WORDS[check.verdict]}: {check.model} {check.subject}: {theirs}, archlens {found}{why}"
