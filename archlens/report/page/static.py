"""What the page shows without JavaScript: pictures and tables of all networks, and the stages of each."""

import html
from collections.abc import Sequence

from archlens.analyses.analysis import Measures
from archlens.quantity import human
from archlens.report.page.measured import Measured
from archlens.report.page.model import Model
from archlens.report.page.picture import Bar, Dot, bars, scatter
from archlens.report.page.studies import Studies
from archlens.report.profile import Profile
from archlens.report.results import duration, spread
from archlens.report.table import AtLeast, Table, count, ratio, shape
from archlens.studies.guidelines.printed import DEVICES
from archlens.studies.guidelines.verdict import Trial

__all__ = ["static"]

COLUMNS = ("name", "title", "year", "input", "params", "multiply-adds", "memory access", "peak activations",
           "layers", "receptive field")  # fmt: skip
KEYS = ("params", "multiply_adds", "memory_access", "peak_activations")
OF_STAGE = ("params", "multiply_adds", "memory_access")
PRINTED = "Printed: the paper's, Ma et al., arXiv 1807.11164."


def static(
    models: Sequence[Model],
    profiles: Sequence[Profile],
    studies: Studies | None = None,
    measured: Sequence[Measured] = (),
) -> str:
    """A fragment of HTML: the networks as pictures and as a table, the stages of each, and the studies."""
    told = studies or Studies()
    tables = told.tables()
    trials = told.trials[: len(tables)]
    return "\n".join(
        [
            "<h1>archlens</h1>",
            f"<p>{len(models)} networks. With JavaScript, this page compares them, opens them layer by "
            "layer, and predicts their time on devices.</p>",
            *pictures(models, profiles),
            table(models, profiles),
            *measured_table(models, measured),
            "<h2>Stages</h2>",
            *map(stages, profiles),
            *(
                guideline_picture(trial) + plain_table(table)
                for trial, table in zip(trials, tables, strict=False)
            ),
            *map(plain_table, tables[len(trials) :]),
            "<p>1 multiply-add = 1 multiply-accumulate; memory access = elements read + written</p>",
        ]
    )


def pictures(models: Sequence[Model], profiles: Sequence[Profile]) -> list[str]:
    """Memory access against multiply-adds, and printed accuracy against them, with the front."""
    known = [(found.totals.multiply_adds, found.totals.memory_access, found.model) for found in profiles]
    access = [Dot(products, moved, name) for products, moved, name in known if products and moved]
    printed = [
        Dot(products, model.accuracy.top1, name)
        for model, (products, _, name) in zip(models, known, strict=True)
        if model.accuracy and products
    ]
    across = ("multiply-adds", human)
    return [
        scatter(
            access, "Memory access against multiply-adds, one image each", across,
            ("memory access, elements", human), source="Counted by archlens from the graphs.",
        ),
        scatter(
            printed, f"Printed accuracy against multiply-adds: the front of {len(printed)} networks", across,
            ("ImageNet top-1 as printed", lambda value: f"{value:g}%"), more=True,
            source="As papers and releases print it, each network trained in its own way. The line is the "
            "front: no network has more accuracy for as few multiply-adds.",
        ),
    ]  # fmt: skip


def stages(found: Profile) -> str:
    """The stages of a network, folded until they are opened, each with a bar for its share."""
    whole = found.metrics(found.whole)
    parts = [found.metrics(part) for part in found.parts]
    rows = [
        f"<tr><th scope=row>{html.escape(row.name)}<td>{shape(row.output) if row.output else ''}"
        + "".join(_share(found, values[key], whole[key]) for key in OF_STAGE)
        + f"<td>{_field(part)}"
        for row, part, values in zip(found.rows, found.parts, parts, strict=True)
    ]
    name = html.escape(found.model)
    return (
        f"<details><summary>{name}</summary><table class='data stages'><caption class=unseen>Stages of {name}"
        "</caption><thead><tr><th scope=col>stage<th scope=col>output<th scope=col>params"
        "<th scope=col>multiply-adds<th scope=col>memory access<th scope=col>receptive field<tbody>"
        f"{''.join(rows)}</table></details>"
    )


def _share(found: Profile, value: int, whole: int) -> str:
    """A number with a bar as long as its share; ≥ where it is a lower bound."""
    part = round(100 * value / whole) if whole else 0
    style = f" style=--share:{part}%" if part else ""
    return f"<td{style}>{html.escape(count(value if found.complete else AtLeast(value)))}"


def _field(part: Measures) -> str:
    return str(max(part.receptive_field.size)) if part.receptive_field else ""


def measured_table(models: Sequence[Model], measured: Sequence[Measured]) -> list[str]:
    """The measured times of these networks, each with its conditions, its day and its machine."""
    known = {model.graph.model: model.graph for model in models}
    rows = [
        (
            each.model,
            duration(each.run["median_s"]),
            spread(each.run["interval_s"]),
            each.conditions,
            each.date or "no date was kept",
            "yes" if each.run["reliable"] else "unreliable: " + "; ".join(map(str, each.run["warnings"])),
            each.machine,
        )
        for each in measured
        if each.model in known and each.of(known[each.model])
    ]
    if not rows:
        return []
    names = ("name", "median", "95 % interval", "conditions", "date", "reliable", "machine")
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in cells)
    return [
        f"<table class='data'><caption>Measured times</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    ]


def guideline_picture(trial: Trial) -> str:
    """The printed speeds of a guideline over the first row's, at scale 1."""
    cases, guideline = trial.experiments[0].cases, trial.guideline
    rows = [
        (
            case.name,
            [
                Bar(f"{name}, printed", case.printed[device] / cases[0].printed[device], colour)
                for (device, name), colour in zip(DEVICES.items(), (0, 2), strict=True)
            ],
        )
        for case in cases[1:]
    ]
    title = f"{guideline.key.upper()}: {guideline.says}"
    source = f"{guideline.table}: speed over that of {cases[0].name}, at scale 1. {PRINTED}"
    return bars(rows, title, ratio, source)


def table(models: Sequence[Model], profiles: Sequence[Profile]) -> str:
    """A row a network; of one that is not complete, what is bounded after ≥."""
    head = "".join(f"<th scope='col'>{name}</th>" for name in COLUMNS)
    rows = [
        "<tr>" + "".join(_cells(model, found)) + "</tr>"
        for model, found in zip(models, profiles, strict=True)
    ]
    return (
        f"<table class='data'><caption>All networks</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def plain_table(table: Table) -> str:
    """A table as people see it: its title as caption, and what stands below it as paragraphs."""
    columns, rows, _ = table.shown()

    def line(cells: Sequence[str], tag: str) -> str:
        classes = (" class='number'" if column.right else "" for column in columns)
        pairs = zip(cells, classes, strict=True)
        return "<tr>" + "".join(f"<{tag}{own}>{html.escape(cell)}</{tag}>" for cell, own in pairs) + "</tr>"

    head = line([column.heading for column in columns], "th")
    body = "".join(line(row, "td") for row in rows)
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in table.footer if note)
    caption = html.escape(table.title)
    return (
        f"<table class='data'><caption>{caption}</caption><thead>{head}</thead><tbody>{body}</tbody></table>"
        f"{notes}"
    )


def _cells(model: Model, found: Profile) -> list[str]:
    values = found.metrics(found.whole)
    told = [values[key] if found.complete else AtLeast(values[key]) for key in KEYS]
    field = found.whole.receptive_field
    words = [model.title, str(model.year or ""), shape(found.input), *map(count, told)]
    words += [str(values["layers"] or ""), str(max(field.size)) if field else ""]
    name = f"<th scope='row'>{html.escape(found.model)}</th>"
    text, *numbers = (html.escape(word) for word in words)
    return [name, f"<td>{text}</td>", *(f"<td class='number'>{number}</td>" for number in numbers)]
