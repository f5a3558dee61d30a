"""Networks as rows of one table: every metric of each, and how much of what is printed about it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archlens.devices import Device, estimate
from archlens.ops import Shape
from archlens.quantity import plural, spread
from archlens.report.metric import BY_KEY
from archlens.report.page.model import Model
from archlens.report.profile import profile
from archlens.report.table import AtLeast, Column, Table, seconds_shown, shape, text

__all__ = ["Row", "file_name", "zoo_row", "zoo_table"]

SEEN = (
    "params", "multiply_adds", "memory_access", "elementwise", "activations", "layers", "fragments",
    "kernels", "fused_kernels", "peak_activations", "receptive_field",
)  # fmt: skip
"""What people see; CSV has every metric."""
LEFT_OUT = ("channel_ratio", "groups")
"""What only a layer has."""
TOLD = ("equal", "explained", "open")
VERDICTS = ("equal", "explained", "open", "incomparable", "different")


@dataclass(frozen=True, slots=True)
class Row:
    """One network.

    numbers   by metric, lower bounds as such
    verdicts  how many of the figures printed about it are equal, explained, open, …
    seconds   predicted, and between which they lie; None where there is no prediction
    """

    model: str
    family: str
    title: str
    year: int | None
    input: Shape
    complete: bool
    numbers: Mapping[str, Any]
    verdicts: Mapping[str, int]
    seconds: float | AtLeast | None = None
    interval: tuple[float, float] | None = None


def zoo_row(model: Model, device: Device | None = None) -> Row:
    """A network as a row. A time that is too far from what the device has run is left out."""
    graph = model.graph
    found = profile(graph)
    seconds: float | AtLeast | None = None
    interval = None
    if device is not None and not (told := estimate(graph, device)).refused:
        seconds = told.seconds if graph.complete else AtLeast(told.seconds)
        interval = told.interval if graph.complete else None
    return Row(
        model=graph.model,
        family=graph.family,
        title=model.title,
        year=model.year,
        input=graph.input_shape,
        complete=graph.complete,
        numbers=found.told(found.whole, graph.complete),
        verdicts={each: sum(check.verdict == each for check in model.claims) for each in VERDICTS},
        seconds=seconds,
        interval=interval,
    )


def zoo_table(rows: Sequence[Row], *, device: str = "", linked: bool = False) -> Table:
    """A row a network, in the order given.

    device  what the predicted times are of
    linked  whether names lead to `networks/NAME.md`
    """
    others = [key for key in BY_KEY if key not in (*LEFT_OUT, *SEEN)]
    timed = any(row.seconds is not None for row in rows)
    columns = [
        Column("model", "model", link if linked else text, right=False),
        Column("family", "family", right=False, machine=True),
        Column("title", "title", right=False),
        Column("year", "year"),
        Column("input", "input", shape),
    ]
    columns += [
        Column(key, BY_KEY[key].header, BY_KEY[key].show, machine=key not in SEEN) for key in (*SEEN, *others)
    ]
    if timed:
        columns += [
            Column("predicted_s", "predicted\ntime", seconds_shown),
            Column("interval_s", "interval", spread, derived=True),
            Column("low_s", "low", machine=True),
            Column("high_s", "high", machine=True),
        ]
    columns.append(Column("printed", "printed\nfigures", derived=True))
    columns += [Column(key, key, some, machine=key not in TOLD) for key in VERDICTS]
    columns.append(Column("complete", "complete", machine=True))
    made = tuple(tuple(cells(row)[column.key] for column in columns) for row in rows)
    notes = [
        f"{plural(len(rows), 'network')}; 1 multiply-add = 1 multiply-accumulate; memory access = elements "
        "read and written; float32, one image",
        "figures that papers and libraries print: equal to the digits printed, explained by arithmetic, open",
    ]
    if any(not row.complete for row in rows):
        notes.append("≥ is a lower bound, without operators that have no rule")
    if timed:
        notes.append(f"predicted for {device}, unless it is too far from what that has run")
    return Table(tuple(columns), made, footer=tuple(notes))


def cells(row: Row) -> dict[str, Any]:
    """Everything about a network by the key of its column."""
    low, high = row.interval or (None, None)
    return {
        "model": row.model, "family": row.family, "title": row.title, "year": row.year, "input": row.input,
        **row.numbers, "predicted_s": row.seconds, "interval_s": row.interval, "low_s": low, "high_s": high,
        "printed": sum(row.verdicts.values()) or None, **row.verdicts, "complete": row.complete,
    }  # fmt: skip


def some(value: Any) -> str:
    """A number of figures; nothing for none."""
    return str(value) if value else ""


def file_name(model: str) -> str:
    """What the page of a network is called: letters, digits and a few signs, whatever the model's name has.

    >>> file_name("resnet50"), file_name("vgg16[input=3x64x64]")
    ('resnet50', 'vgg16_input=3x64x64_')
    """
    return "".join(sign if sign.isalnum() or sign in "._-=+" else "_" for sign in model)


def link(value: Any) -> str:
    """A name that leads to the network's page."""
    return f"[{value}](networks/{file_name(str(value))}.md)"
