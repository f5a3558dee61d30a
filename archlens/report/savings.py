"""What building blocks save, as tables: all of them, and one of them."""

from collections.abc import Sequence
from typing import Any

from archlens.quantity import plural
from archlens.report.table import Column, Table, exact, ratio
from archlens.spec.values import show
from archlens.studies.savings.result import METRICS, Saving, Settled

__all__ = ["saving_as_dict", "saving_table", "savings_as_dict", "savings_table"]

HEADERS = {
    "params": "params",
    "multiply_adds": "multiply-\nadds",
    "elementwise": "element-\nwise",
    "memory_access": "memory\naccess",
}
RATIOS = ("params", "multiply_adds", "memory_access")
"""What the list of all savings shows."""


def savings_table(savings: Sequence[Saving]) -> Table:
    """A row a saving: what the cheaper block costs over what it stands for costs."""
    columns = [Column("name", "saving", right=False), Column("what", "", right=False)]
    columns += [Column(f"{metric}_ratio", HEADERS[metric], ratio) for metric in RATIOS]
    rows = tuple((each.entry.name, each.what, *map(each.ratio, RATIOS)) for each in savings)
    footer = (
        f"{plural(len(rows), 'saving')}; over what it stands for: 0.50× is half the cost, above 1× is more",
        "`archlens savings NAME` shows the arithmetic, with --in 512 and the like for your numbers",
    )
    return Table(tuple(columns), rows, footer=footer)


def savings_as_dict(savings: Sequence[Saving]) -> list[dict[str, Any]]:
    """All savings as `--format json` prints them."""
    return [saving_as_dict(each) for each in savings]


def saving_table(saving: Saving) -> Table:
    """The networks of one saving side by side, and below them its formulas with their numbers."""
    used = {each.formula.metric for each in saving.formulas}
    metrics = [
        metric
        for metric in METRICS
        if metric in used
        or (metric != "elementwise" and any(network.metric(metric) for network in saving.networks))
    ]
    columns = [Column("title", "", right=False)]
    for metric in metrics:
        dropped = 0 if metric in used else 1
        columns.append(Column(metric, HEADERS[metric], exact, priority=dropped))
        columns.append(Column(f"{metric}_ratio", "", ratio, priority=dropped, derived=True, follows=True))
    rows = []
    for position, network in enumerate(saving.networks):
        cells: list[Any] = [network.title]
        for metric in metrics:
            cells += [network.metric(metric), saving.ratio(metric, position) if position else None]
        rows.append(tuple(cells))
    settings = ", ".join(f"{name}={show(value)}" for name, value in saving.settings.items())
    title = f"{saving.entry.name}: {saving.what}; {settings}"
    return Table(tuple(columns), tuple(rows), title=title, footer=_footer(saving))


def _footer(saving: Saving) -> tuple[str, ...]:
    titles = {network.name: network.title for network in saving.networks}
    lines = [f"{name} = {formula} = {exact(value)}" for name, formula, value in saving.derived]
    lines += [_line(each, titles, printed=not saving.changed) for each in saving.formulas]
    options = ", ".join("--in" if name == "channels" else f"--{name}" for name in saving.settings)
    return (
        *lines,
        f"{saving.entry.source}; {saving.entry.year}",
        *saving.entry.remarks,
        f"parameters: {options}",
    )


def _line(settled: Settled, titles: dict[str, str], *, printed: bool) -> str:
    """A formula, its numbers, what it comes to, what was counted, and what the source prints."""
    formula = settled.formula
    steps = [settled.written, settled.substituted, _figure(settled, settled.closed)]
    plain = [step.replace(",", "") for step in steps]
    steps = [step for position, step in enumerate(steps) if plain[position] not in plain[position + 1 :]]
    verdict = "counted" if settled.equal else "BUT COUNTED"
    line = f"{_subject(settled, titles)} = {' = '.join(steps)}; {verdict} {_figure(settled, settled.counted)}"
    if printed and formula.printed:
        line += f"; printed {formula.printed} ({formula.where})" + (f": {formula.why}" if formula.why else "")
    return line


def _subject(settled: Settled, titles: dict[str, str]) -> str:
    formula = settled.formula
    metric = formula.metric.replace("_", " ").replace("multiply adds", "multiply-adds")
    part = f" in {' and '.join(formula.rows)}" if formula.rows else ""
    less = f", less {titles[formula.less]}" if formula.less else ""
    over = f", over {titles[formula.over]}" if formula.over else ""
    return f"{metric} of {titles[formula.of]}{part}{less}{over}"


def _figure(settled: Settled, value: int | float) -> str:
    if settled.formula.unit == "%":
        return f"{100 * value:.3g}%"
    return exact(value)


def saving_as_dict(saving: Saving) -> dict[str, Any]:
    """One saving as `--format json` prints it."""
    return {
        "name": saving.entry.name,
        "what": saving.what,
        "year": saving.entry.year,
        "source": saving.entry.source,
        "settings": saving.settings,
        **{f"{metric}_ratio": saving.ratio(metric) for metric in METRICS},
        "derived": {name: value for name, _, value in saving.derived},
        "networks": [
            {
                "name": network.name,
                "title": network.title,
                "input": list(network.input),
                **{metric: network.metric(metric) for metric in METRICS},
                **{f"{metric}_ratio": saving.ratio(metric, position) for metric in METRICS},
            }
            for position, network in enumerate(saving.networks)
        ],
        "formulas": [_formula_as_dict(each, printed=not saving.changed) for each in saving.formulas],
        "remarks": list(saving.entry.remarks),
    }


def _formula_as_dict(settled: Settled, *, printed: bool) -> dict[str, Any]:
    formula = settled.formula
    result: dict[str, Any] = {"of": formula.of, "metric": formula.metric}
    result |= {"rows": list(formula.rows)} if formula.rows else {}
    result |= {key: value for key in ("less", "over") if (value := getattr(formula, key))}
    result |= {
        "formula": settled.written,
        "substituted": settled.substituted,
        "closed_form": settled.closed,
        "counted": settled.counted,
        "equal": settled.equal,
    }
    told = ("printed", "where", "why") if printed else ()
    return result | {key: value for key in told if (value := getattr(formula, key))}
