"""One network in full: its stages, its kinds of work, what is printed about it, what could be better."""

from archlens.devices import Device
from archlens.errors import DeviceError
from archlens.report.lint import LintReport, lint_result
from archlens.report.page.model import Model
from archlens.report.prediction import predict
from archlens.report.profile import profile
from archlens.report.result import Item, Page, Result
from archlens.report.table import Column, Table
from archlens.report.verification import ledger_table
from archlens.studies.lint.lint import lint

__all__ = ["network_result"]

COLUMNS = (
    "params", "multiply_adds", "multiply_adds_share", "memory_access", "memory_access_share", "elementwise",
    "fragments", "kernels", "peak_activations", "receptive_field",
)  # fmt: skip
BY_WORK = (
    "params", "multiply_adds", "multiply_adds_share", "memory_access", "memory_access_share", "elementwise",
    "kernels",
)  # fmt: skip
FINDINGS = 5


def network_result(model: Model, device: Device | None = None) -> Result:
    """A network as one page.

    device  what its time is predicted for, too, unless it is too far from what that has run
    """
    by_stage = profile(model.graph)
    return Result(lambda: page(model, device), by_stage.as_dict, by_stage.table)


def page(model: Model, device: Device | None) -> Page:
    """The tables, the findings and the notes of a network, in their order."""
    graph = model.graph
    by_stage, by_work = profile(graph), profile(graph, by="work")
    tables = [about(model), by_stage.table(COLUMNS), by_work.table(BY_WORK)]
    notes: tuple[str, ...] = ()
    if device is not None:
        try:
            predicted = predict(graph, device)
            tables += [predicted.table("stage"), predicted.table("work")]
        except DeviceError as error:
            notes = (str(error),)
    if model.claims:
        tables.append(printed(model))
    report = LintReport(lint(graph), limit=FINDINGS)
    findings = lint_result(report).page()
    items = findings.items or (Item("nothing that would save 1 % of the memory access"),)
    return Page((*tables, *findings.tables), items, notes)


def about(model: Model) -> Table:
    """The title of a network, and which paper it is from."""
    graph = model.graph
    facts = {
        "title": model.title,
        "year": model.year,
        "family": graph.family,
        "also called": ", ".join(model.aliases),
        "written in": model.file,
        "operators": sum(bool(node.inputs) for node in graph.nodes),
    }
    rows = tuple((name, str(value)) for name, value in facts.items() if value)
    columns = (Column("fact", graph.model, right=False), Column("value", "", right=False))
    return Table(columns, rows, title=graph.model)


def printed(model: Model) -> Table:
    """What papers and libraries print about it, beside what is counted."""
    whole = ledger_table(model.claims)
    return Table(
        whole.columns[1:], tuple(row[1:] for row in whole.rows), title=f"{model.graph.model}: printed figures"
    )
