"""The profile of one network: totals, rows, and how they look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from archlens.analyses import Row, rows_by_operator, rows_by_stage, totals
from archlens.cost import Cost
from archlens.errors import MissingDependencyError, UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.report.render import render_html, render_text
from archlens.report.table import AtLeast, Column, Table, count, count_bytes, plural, shape, share, text

if TYPE_CHECKING:
    import pandas

__all__ = ["DTYPES", "METRICS", "Profile", "profile"]

DTYPES = {"float64": 8, "float32": 4, "tfloat32": 4, "bfloat16": 2, "float16": 2, "float8": 1, "int8": 1}
"""Bytes an element takes."""

METRICS = ("params", "multiply_adds", "elementwise", "reads", "writes", "memory_access", "activations")

COLUMNS = (
    "params", "multiply_adds", "reads", "writes", "memory_access", "memory_access_bytes", "elementwise",
    "activations",
)  # fmt: skip
"""The metrics in the order of a table."""

HEADERS = {
    "params": "params",
    "multiply_adds": "multiply-\nadds",
    "memory_access": "memory\naccess",
    "memory_access_bytes": "bytes",
    "elementwise": "element-\nwise",
    "activations": "activations",
}
"""The metrics that people see, and their headings."""

DROPPED_FIRST = {
    "activations_share": 9, "elementwise_share": 8, "activations": 7, "params_share": 6,
    "memory_access_bytes": 5, "memory_access_share": 4, "elementwise": 3, "multiply_adds_share": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a network costs, in all and row by row.

    model     its name; `family` its family's
    input     shape of the input, batch first; `output` of the main output
    dtype     what turns elements into bytes
    totals    the cost of the whole network
    rows      a part of it each
    uncosted  names of the nodes without a rule: with any, totals are lower bounds
    """

    model: str
    family: str
    input: Shape
    output: Shape
    dtype: str
    totals: Cost
    rows: tuple[Row, ...]
    uncosted: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every operator was costed."""
        return not self.uncosted

    def bytes(self, elements: int) -> int:
        """What elements take in this profile's dtype."""
        return elements * DTYPES[self.dtype]

    def as_dict(self) -> dict[str, Any]:
        """The profile as `--format json` prints it."""
        result: dict[str, Any] = {
            "model": self.model,
            "family": self.family,
            "input": list(self.input),
            "dtype": self.dtype,
            "complete": self.complete,
            "totals": self.metrics(self.totals),
            "rows": [
                {
                    "name": row.name,
                    "kind": row.kind,
                    "output": None if row.output is None else list(row.output),
                    "nodes": row.nodes,
                    "complete": row.complete,
                    **self.metrics(row.cost),
                }
                for row in self.rows
            ],
        }
        return result if self.complete else {**result, "uncosted": list(self.uncosted)}

    def metrics(self, cost: Cost) -> dict[str, int]:
        """A cost as raw integers by metric, with the bytes of its memory access."""
        values = {metric: getattr(cost, metric) for metric in METRICS}
        return {**values, "memory_access_bytes": self.bytes(cost.memory_access)}

    def frame(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame, raw integers. Needs pandas."""
        try:
            import pandas
        except ImportError as error:
            raise MissingDependencyError("a frame needs pandas: pip install 'archlens[pandas]'") from error
        return pandas.DataFrame(self.as_dict()["rows"])

    def table(self) -> Table:
        """The profile as a table: raw values, with each metric's share of its total."""
        columns = [Column("name", "", text, right=False), Column("kind", "kind", machine=True)]
        if any(row.output for row in self.rows):
            columns.append(Column("output", "output", shape))
        else:
            columns.append(Column("nodes", "nodes", text))
        for metric in COLUMNS:
            header, priority = HEADERS.get(metric, metric), DROPPED_FIRST.get(metric, 0)
            show = count_bytes if metric == "memory_access_bytes" else count
            columns.append(Column(metric, header, show, priority=priority, machine=metric not in HEADERS))
            if metric in HEADERS and metric != "memory_access_bytes":
                key = f"{metric}_share"
                columns.append(Column(key, "%", share, priority=DROPPED_FIRST.get(key, 0), derived=True))
        columns.append(Column("complete", "complete", machine=True))
        nodes = sum(row.nodes for row in self.rows)
        everything = Row("total", "", self.output, self.totals, nodes, self.complete)
        return Table(
            tuple(columns),
            tuple(self._cells(columns, row) for row in self.rows),
            self._cells(columns, everything),
            self._title(),
            self._footer(),
        )

    def _cells(self, columns: list[Column], row: Row) -> tuple[Any, ...]:
        metrics = self.metrics(row.cost)
        whole = self.metrics(self.totals)
        values: dict[str, Any] = {
            "name": row.name,
            "kind": row.kind,
            "output": row.output,
            "nodes": row.nodes,
            "complete": row.complete,
        }
        for metric, value in metrics.items():
            values[metric] = value if row.complete else AtLeast(value)
            values[f"{metric}_share"] = value / whole[metric] if whole[metric] else None
        return tuple(values[column.key] for column in columns)

    def _title(self) -> str:
        return f"{self.model}, input {'×'.join(map(str, self.input))}, {self.dtype}"

    def _footer(self) -> tuple[str, ...]:
        lines = ["1 multiply-add = 1 multiply-accumulate; memory access = elements read + written"]
        if not self.complete:
            names = ", ".join(self.uncosted[:5]) + (", …" if len(self.uncosted) > 5 else "")
            lines.append(f"≥ is a lower bound, without {plural(len(self.uncosted), 'operator')}: {names}")
            lines.append("shares are of what was counted")
        return tuple(lines)

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return render_html(self.table())


def profile(
    graph: Graph, *, depth: int = 1, by: Literal["stage", "operator"] = "stage", dtype: str = "float32"
) -> Profile:
    """Add up what a graph costs.

    depth  how fine the rows by stage are: 1 for stages, 2 for the blocks in them, and so on
    by     rows by `stage`, or by kind of `operator`
    dtype  float32, float16, …: turns memory access into bytes, nothing else

    >>> import archlens
    >>> archlens.profile(archlens.load("resnet50")).totals.params
    25557032

    Raises a UsageError for a dtype or grouping that it does not know.
    """
    if dtype not in DTYPES:
        raise UsageError(f"dtype {dtype} is not one of {', '.join(DTYPES)}")
    if by not in ("stage", "operator"):
        raise UsageError(f"by={by}: rows are by stage or by operator")
    if depth < 1:
        raise UsageError(f"depth={depth}: rows are at depth 1 or deeper")
    if by == "operator" and depth != 1:
        raise UsageError(f"depth={depth} is for rows by stage, not for rows by operator")
    rows = rows_by_stage(graph, depth) if by == "stage" else rows_by_operator(graph)
    uncosted = tuple(node.name for node in graph.uncosted)
    return Profile(
        model=graph.model,
        family=graph.family,
        input=graph.input_shape,
        output=graph.nodes[graph.outputs[0]].shape,
        dtype=dtype,
        totals=totals(graph),
        rows=rows,
        uncosted=uncosted,
    )
