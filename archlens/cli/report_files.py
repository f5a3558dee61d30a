"""The files of `archlens report`: which there are, and what is in each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archlens.cli.output import write
from archlens.devices import find
from archlens.report.result import Page, Result
from archlens.spec.catalog import families

if TYPE_CHECKING:
    from archlens.report.page import Measured, Model
    from archlens.report.zoo import Row
    from archlens.studies.claims import Check

__all__ = ["of_catalogue", "of_models"]

BESIDE = ("resnet50", "mobilenet_v2", "shufflenet_v2_x1_0", "efficientnet_b0", "convnext_tiny", "vit_b_16")
"""Networks of the catalogue that stand beside those of one's own."""
AT_ONCE = 20
"""Networks of the catalogue that another process reports on before it is heard of again."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some networks of the catalogue to report on, and the device that times are predicted for."""

    names: tuple[str, ...]
    device: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of some networks: their rows, what is printed about them, and the files of each."""

    rows: "tuple[Row, ...]"
    claims: "tuple[Check, ...]"
    files: tuple[tuple[str, str], ...]


def of_catalogue(
    device: str | None,
    page: bool,
    shown: Callable[[str, float], None],
    times: "Sequence[Measured]" = (),
) -> Iterator[tuple[str, str]]:
    """The files of the whole catalogue: tables from other processes, while this one makes the page."""
    from archlens.cli.processes import in_order

    names = sorted(variant for family in families() for variant in family.variants)
    tasks = [Task(tuple(names[i : i + AT_ONCE]), device) for i in range(0, len(names), AT_ONCE)]
    shown("tables", 0.0)
    parts = in_order(part, tasks, lambda task: task.names[0])
    found = [next(parts)]
    yield from studies()
    if page:
        from archlens.report.page import catalogue

        networks = catalogue(heard=lambda name, share: shown(f"page: reading {name}", 0.2 * share))
        yield (
            "index.html",
            explored(
                networks, device, lambda name, share: shown(f"page: {name}", 0.2 + 0.6 * share), times=times
            ),
        )
    yield from found[0].files
    for done, more in enumerate(parts, 2):
        shown(tasks[done - 1].names[0], 0.8 + 0.2 * done / len(tasks))
        found.append(more)
        yield from more.files
    order = {name: place for place, name in enumerate(by_year())}
    rows = sorted((row for each in found for row in each.rows), key=lambda row: order[row.model])
    yield from tables(rows, [check for each in found for check in each.claims], device)


def explored(
    models: "Sequence[Model]",
    device: str | None,
    heard: Callable[[str, float], None],
    *,
    studies: bool = True,
    times: "Sequence[Measured]" = (),
) -> str:
    """The page to explore networks in, with the device asked for among those that come with archlens."""
    from archlens.report.page import page
    from archlens.report.page.devices import with_device
    from archlens.report.page.measured import strangers

    for line in strangers(times, [model.graph for model in models]):
        write(f"archlens: {line}\n", error=True)
    if device is None:
        return page(models, heard=heard, studies=studies, measured=times)
    known = find(device)
    return page(models, with_device(known), device=known.name, heard=heard, studies=studies, measured=times)


def by_year() -> list[str]:
    """The networks of the catalogue, by year and family."""
    from archlens.spec.catalog import specs

    listed = sorted(specs(until="claims"), key=lambda spec: (spec.paper.get("year", 0), spec.family))
    return [variant for spec in listed for variant in spec.variants]


def part(task: Task) -> Part:
    """Some networks of the catalogue, in another process."""
    from archlens.report.page import catalogue

    return reported(catalogue(task.names), task.device)


def reported(models: "Sequence[Model]", device: str | None) -> Part:
    """What there is to report on networks, one by one."""
    from archlens.report.network import network_result
    from archlens.report.render import render
    from archlens.report.zoo import file_name, zoo_row

    known = None if device is None else find(device)
    return Part(
        tuple(zoo_row(model, known) for model in models),
        tuple(check for model in models for check in model.claims),
        tuple(
            (f"networks/{file_name(model.graph.model)}.md", render(network_result(model, known), "markdown"))
            for model in models
        ),
    )


def of_models(
    models: "Sequence[Model]",
    device: str | None,
    page: bool,
    shown: Callable[[str, float], None],
    times: "Sequence[Measured]" = (),
) -> Iterator[tuple[str, str]]:
    """The files of models of one's own, beside a few of the catalogue."""
    from archlens.report.page import catalogue

    own = {model.graph.model for model in models}
    shown("tables", 0.1)
    everything = [*models, *catalogue([name for name in BESIDE if name not in own])]
    found = reported(everything, device)
    yield from found.files
    yield from tables(found.rows, found.claims, device)
    if page:
        yield "index.html", explored(everything, device, shown, studies=False, times=times)


def tables(rows: "Sequence[Row]", claims: "Sequence[Check]", device: str | None) -> Iterator[tuple[str, str]]:
    """The table of all networks, and that of what is printed about them."""
    from archlens.report.render import render_csv, render_markdown
    from archlens.report.verification import ledger_table
    from archlens.report.zoo import zoo_table

    name = device or ""
    yield "zoo.md", render_markdown(zoo_table(rows, device=name, linked=True))
    yield "zoo.csv", render_csv(zoo_table(rows, device=name))
    ledger = ledger_table(claims)
    yield "ledger.md", render_markdown(ledger)
    yield "ledger.csv", render_csv(ledger)


def studies() -> Iterator[tuple[str, str]]:
    """What holds of no network alone: figures that are wrong, the guidelines as counted, the savings."""
    from archlens.report.errata import errata_table
    from archlens.report.render import render, render_markdown
    from archlens.report.savings import saving_table, savings_table
    from archlens.report.study import study_result
    from archlens.studies.guidelines.study import PARTS, counted
    from archlens.studies.savings.errata import errata
    from archlens.studies.savings.result import savings

    yield "errata.md", render_markdown(errata_table(errata()))
    study = counted(PARTS, scales=(1, 2, 4), channels="arm")
    yield "guidelines.md", render(study_result(study, PARTS), "markdown")
    found = savings()
    saved = Page((savings_table(found), *(saving_table(each) for each in found)))
    yield "savings.md", render(Result(lambda: saved, dict, lambda: saved.tables[0]), "markdown")
