"""The receptive field of every stage of a network, and how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archlens.analyses import rows_by_stage
from archlens.analyses.receptive_field import ReceptiveField, receptive_fields
from archlens.errors import UsageError, nearest
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.report.render import notebook, render_text
from archlens.report.table import Column, Table, shape

__all__ = ["ReceptiveFieldReport", "StageField", "receptive_field_report"]


@dataclass(frozen=True, slots=True)
class StageField:
    """What the last node of a part of a network sees.

    name    of the part; `node` of its last node
    output  that node's shape, batch first
    field   None where it sees nothing that has places
    local   whether places can still be told there: else the field is that of the last local path
    """

    name: str
    node: str
    output: Shape
    field: ReceptiveField | None
    local: bool

    def as_dict(self) -> dict[str, Any]:
        """The field as `--format json` prints it."""
        return {
            "name": self.name,
            "node": self.node,
            "output": list(self.output),
            "local": self.local,
            "receptive_field": None if self.field is None else self.field.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class ReceptiveFieldReport:
    """The fields of a network's parts, and its own: of the last map before the main output.

    input  shape of the input, batch first
    """

    model: str
    input: Shape
    rows: tuple[StageField, ...]
    own: StageField | None

    def as_dict(self) -> dict[str, Any]:
        """The report as `--format json` prints it."""
        return {
            "model": self.model,
            "input": list(self.input),
            "node": self.own.node if self.own else None,
            "receptive_field": self.own.field.as_dict() if self.own and self.own.field else None,
            "rows": [row.as_dict() for row in self.rows],
        }

    def table(self) -> Table:
        """A row a part, and the network's own below."""
        columns = (
            Column("name", "", right=False),
            Column("node", "node", machine=True),
            Column("output", "output", shape),
            Column("size", "receptive\nfield", _by_axis),
            Column("smallest", "narrowest\nchannel", _by_axis, priority=3),
            Column("stride", "stride", _by_axis),
            Column("padding", "padding", _by_axis, priority=1),
            Column("centre", "centre", _by_axis, priority=4),
            Column("global", "global", _yes, priority=2),
            Column("aligned", "aligned", _yes, priority=5),
            Column("local", "local", machine=True),
        )
        own = None if self.own is None else _cells("network", self.own)
        title = f"{self.model}, input {'×'.join(map(str, self.input))}"
        return Table(columns, tuple(_cells(row.name, row) for row in self.rows), own, title, self._footer())

    def _footer(self) -> tuple[str, ...]:
        lines = [
            "in places of the input: what the first output sees is centred at the centre, counted from 0"
        ]
        if self.own:
            lines.append(f"network: {self.own.node}, the last map that places can be told in")
        if any(row.field and row.field.everything for row in self.rows):
            lines.append("global: some path sees every place; the field is that of the local paths")
        if any(row.field and not row.field.aligned for row in self.rows):
            lines.append("not aligned: paths whose fields have different centres or strides")
        return tuple(lines)

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook(self.table())


def receptive_field_report(graph: Graph, *, depth: int = 1, node: str | None = None) -> ReceptiveFieldReport:
    """The receptive field of each part of a network, or of one node only.

    Raises a UsageError for a node that the network does not have.
    """
    fields = receptive_fields(graph)

    def stage(name: str, position: int) -> StageField:
        last = graph.nodes[position]
        return StageField(name, last.name, last.shape, fields.of(position), fields.states[position].local)

    own = stage("", fields.last)
    if node is not None:
        own = stage(node, position_of(graph, node))
        return ReceptiveFieldReport(graph.model, graph.input_shape, (own,), None)
    rows = tuple(stage(row.name, row.positions[-1]) for row in rows_by_stage(graph, depth))
    return ReceptiveFieldReport(graph.model, graph.input_shape, rows, own if own.field else None)


def position_of(graph: Graph, name: str) -> int:
    """Where the node of this name stands, or the last node of the part of this name."""
    found = [i for i, node in enumerate(graph.nodes) if f"{node.name}.".startswith(f"{name}.")]
    if not found:
        names = {
            part
            for node in graph.nodes
            for end in range(node.name.count(".") + 1)
            for part in [".".join(node.name.split(".")[: end + 1])]
        }
        raise UsageError(f"{graph.model} has no node {name}{nearest(name, names)}")
    return found[-1]


def _cells(name: str, row: StageField) -> tuple[Any, ...]:
    field = row.field
    if field is None:
        return (name, row.node, row.output, *(None,) * 7, row.local)
    return (
        name, row.node, row.output, field.size, field.smallest, field.stride, field.padding, field.centre,
        field.everything, field.aligned, row.local,
    )  # fmt: skip


def _by_axis(values: Iterable[Any] | None) -> str:
    """A number an axis, or one where they are all the same; nothing for None."""
    shown = [f"{float(value):g}" for value in values or ()]
    return shown[0] if len(set(shown)) == 1 else "×".join(shown)


def _yes(value: Any) -> str:
    return "" if value is None else "yes" if value else "no"
