"""The profile of one network: totals, rows, and how they look."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from archlens.analyses import Measures, Row, analyse, rows_by_operator, rows_by_stage, rows_by_work
from archlens.cost import Cost
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.quantity import plural
from archlens.report.metric import BY_KEY, DTYPES, METRICS
from archlens.report.metric_name import column_of, columns_named, meanings
from archlens.report.render import frame_of, notebook, render_text
from archlens.report.table import AtLeast, Column, Table, count, shape, share, text
from archlens.report.unknown import unknown_operators, unread_weights

if TYPE_CHECKING:
    import pandas

    from archlens.analyses.order import BestOrder
    from archlens.report.charts.theme import Chart

__all__ = ["DTYPES", "Profile", "profile"]

BY_STAGE = (
    "params", "multiply_adds", "multiply_adds_share", "memory_access", "memory_access_share",
    "receptive_field",
)  # fmt: skip
BY_OPERATOR = (
    "params", "multiply_adds", "multiply_adds_share", "memory_access", "memory_access_share", "elementwise",
)  # fmt: skip
"""The columns that people see unless they ask for others: they fit 80 columns."""

WORST = 3
"""How many of the layers with most memory access above their bound are named."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a network costs, in all and row by row.

    model     its name; `family` its family's
    input     shape of the input, batch first; `output` of the main output
    dtype     what turns elements into bytes
    totals    the cost of the whole network
    rows      a part of it each
    whole     every analysis of the whole network; `parts` of each row
    peak      name of the node at which most activations are alive
    worst     layers with the most memory access above their bound, and how much that is
    uncosted  names of the nodes without a rule: with any, totals are lower bounds
    unknown   lines that tell which operators these are, and how to give them a rule
    graph     the network
    best      the order of the nodes with the smallest peak, where it was asked for
    unread    learnable weights that a recorded module has and no operator read
    """

    model: str
    family: str
    input: Shape
    output: Shape
    dtype: str
    totals: Cost
    rows: tuple[Row, ...]
    whole: Measures
    parts: tuple[Measures, ...]
    peak: str
    worst: tuple[tuple[str, int], ...]
    graph: Graph = field(repr=False, compare=False)
    uncosted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    best: "BestOrder | None" = None
    unread: int = 0

    @property
    def complete(self) -> bool:
        """Whether every operator was costed."""
        return not self.uncosted

    def bytes(self, elements: int) -> int:
        """What elements take in this profile's dtype."""
        return elements * DTYPES[self.dtype]

    def as_dict(self) -> dict[str, Any]:
        """The profile as `--format json` prints it."""
        field = self.whole.receptive_field
        result: dict[str, Any] = {
            "model": self.model,
            "family": self.family,
            "input": list(self.input),
            "dtype": self.dtype,
            "complete": self.complete,
            "totals": {**self.numbers(self.whole), **field_numbers(self.whole)},
            "receptive_field": None if field is None else field.as_dict(),
            "peak_node": self.peak,
            "rows": [
                {
                    "name": row.name,
                    "kind": row.kind,
                    "output": None if row.output is None else list(row.output),
                    "nodes": row.nodes,
                    "complete": row.complete,
                    **self.numbers(part),
                    **field_numbers(part),
                    "receptive_field": part.receptive_field and part.receptive_field.as_dict(),
                }
                for row, part in zip(self.rows, self.parts, strict=True)
            ],
        }
        if self.best is not None:
            result["best_order"] = {
                "peak_activations": self.best.elements,
                "lower_bound": self.best.lower_bound,
                "exact": self.best.exact,
            }
        if self.unread:
            result |= {"unread_params": self.unread, "unread": list(self.graph.unread_places)}
        return result if self.complete else {**result, "uncosted": list(self.uncosted)}

    def metrics(self, measures: Measures) -> dict[str, Any]:
        """Every metric by its key: raw numbers, a field as it is."""
        return {metric.key: metric.value(measures, DTYPES[self.dtype]) for metric in METRICS}

    def told(self, measures: Measures, complete: bool) -> dict[str, Any]:
        """Every metric as far as it is known: lower bounds where something could not be costed."""
        found = self.metrics(measures)
        if complete:
            return found
        return {
            key: AtLeast(value) if BY_KEY[key].bounded and value is not None else None
            for key, value in found.items()
        } | {"receptive_field": measures.receptive_field}

    def numbers(self, measures: Measures) -> dict[str, Any]:
        """The metrics that are plain numbers and known; the receptive field's stand by themselves."""
        fields = columns_named(["receptive_field"])
        found = self.metrics(measures).items()
        return {key: value for key, value in found if value is not None and key not in fields}

    def frame(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame, raw numbers. Needs pandas."""
        return frame_of(self.as_dict()["rows"])

    def table(self, columns: Iterable[str] = ()) -> Table:
        """The profile as a table of the columns named, or of those that people ask for most.

        Raises a UsageError for a column that does not exist.
        """
        by_stage = any(row.output for row in self.rows)
        asked = columns_named(names := tuple(columns))
        seen = asked or (BY_STAGE if by_stage else BY_OPERATOR)
        made = [Column("name", "", text, right=False), Column("kind", "kind", machine=True)]
        made.append(Column("output", "output", shape) if by_stage else Column("nodes", "nodes", text))
        made += [column_of(key, place, asked=bool(asked)) for place, key in enumerate(seen)]
        if not asked:
            made += [Column(key, key, machine=True) for key in BY_KEY if key not in seen]
        made.append(Column("complete", "complete", machine=True))
        nodes = tuple(position for row in self.rows for position in row.positions)
        whole = Row("total", "", self.output, self.totals, nodes, self.complete)
        return Table(
            tuple(made),
            tuple(self._cells(made, row, part) for row, part in zip(self.rows, self.parts, strict=True)),
            self._cells(made, whole, self.whole),
            f"{self.model}, input {'×'.join(map(str, self.input))}, {self.dtype}",
            (*self._footer(seen), *meanings(names)),
        )

    def _cells(self, columns: list[Column], row: Row, measures: Measures) -> tuple[Any, ...]:
        values: dict[str, Any] = {
            "name": row.name,
            "kind": row.kind,
            "output": row.output,
            "nodes": row.nodes,
            "complete": row.complete,
        }
        whole, part = self.metrics(self.whole), self.metrics(measures)
        for metric in METRICS:
            if metric.summed:
                share_of = whole[metric.key]
                values[f"{metric.key}_share"] = part[metric.key] / share_of if share_of else None
        values |= self.told(measures, row.complete)
        return tuple(values[column.key] for column in columns)

    def _footer(self, seen: tuple[str, ...]) -> tuple[str, ...]:
        lines = ["1 multiply-add = 1 multiply-accumulate; memory access = elements read + written"]
        field = self.whole.receptive_field
        if "receptive_field" in seen and field is not None:
            fields = (field, *(part.receptive_field for part in self.parts))
            if any(each is not None and each.everything for each in fields):
                lines.append("all: some path sees every place; in brackets, what the local paths see")
            if not field.aligned:
                lines.append("*: paths whose fields have different centres or strides")
        if "memory_access_excess" in seen and self.worst:
            named = ", ".join(f"{name} {count(excess)}" for name, excess in self.worst)
            lines.append(f"most memory access above the bound of equal widths: {named}")
        if "peak_activations" in seen:
            lines.append(f"most activations are alive at {self.peak}")
        if self.best is not None:
            saved = 1 - self.best.elements / self.whole.peak_activations if self.whole.peak_activations else 0
            exact = "" if self.best.exact else f", and none has less than {count(self.best.lower_bound)}"
            lines.append(
                f"in the best order {count(self.best.elements)} are alive at once, {share(saved)} less{exact}"
            )
        if self.unread:
            lines.append(unread_weights(self.graph))
        if not self.complete:
            names = ", ".join(self.uncosted[:5]) + (", …" if len(self.uncosted) > 5 else "")
            lines.append(f"≥ is a lower bound, without {plural(len(self.uncosted), 'operator')}: {names}")
            lines.append("shares are of what was counted")
            lines += self.unknown
        return tuple(lines)

    def plot(self, kind: str = "layers", metric: str = "multiply_adds") -> "Chart":
        """A chart: layers (of a metric), memory, activations or receptive-field. Needs `[charts]`.

        Raises a UsageError for another kind.
        """
        from archlens.report.charts.plot import plot_network

        return plot_network(kind, self.graph, self.rows, metric, self.dtype)

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook(self.table())


def field_numbers(measures: Measures) -> dict[str, Any]:
    """Stride, padding and centre of the receptive field, each axis, under the keys of their columns."""
    field = measures.receptive_field
    found = {} if field is None else field.as_dict()
    return {f"field_{key}": found[key] for key in ("stride", "padding", "centre") if key in found}


def _best_order(graph: Graph) -> "BestOrder":
    from archlens.analyses.order import best_order  # which few ask for

    return best_order(graph)


def profile(
    graph: Graph,
    *,
    depth: int = 1,
    by: Literal["stage", "operator", "work"] = "stage",
    dtype: str | None = None,
    reorder: bool = False,
) -> Profile:
    """Add up what a graph costs.

    depth    how fine the rows by stage are: 1 for stages, 2 for the blocks in them, and so on
    by       rows by `stage`, by kind of `operator`, or by kind of `work`: convolution, activation, add, …
    dtype    float32, float16, …: turns memory access into bytes, nothing else; that of the weights of a
             recorded module, and float32 for others, unless given
    reorder  look for the order of the nodes with the smallest peak of activations, too: up to a second

    >>> import archlens
    >>> archlens.profile(archlens.load("resnet50")).totals.params
    25557032

    Raises a UsageError for a dtype or grouping that it does not know.
    """
    dtype = dtype or (graph.dtype if graph.dtype in DTYPES else "float32")
    if dtype not in DTYPES:
        raise UsageError(f"dtype {dtype} is not one of {', '.join(DTYPES)}")
    groupings = {"stage": rows_by_stage, "operator": rows_by_operator, "work": rows_by_work}
    if by not in groupings:
        raise UsageError(f"by={by}: rows are by stage, by operator or by work")
    if depth < 1:
        raise UsageError(f"depth={depth}: rows are at depth 1 or deeper")
    if by != "stage" and depth != 1:
        raise UsageError(f"depth={depth} is for rows by stage, not for rows by {by}")
    rows = rows_by_stage(graph, depth) if by == "stage" else groupings[by](graph)
    analysis = analyse(graph, rows)
    return Profile(
        model=graph.model,
        family=graph.family,
        input=graph.input_shape,
        output=graph.nodes[graph.outputs[0]].shape,
        dtype=dtype,
        totals=analysis.whole.cost,
        rows=rows,
        whole=analysis.whole,
        parts=analysis.parts,
        peak=graph.nodes[analysis.peak.inference.node].name,
        worst=tuple((layer.name, layer.excess) for layer in analysis.access.worst(WORST)),
        uncosted=tuple(node.name for node in graph.uncosted),
        unknown=unknown_operators(graph),
        best=_best_order(graph) if reorder else None,
        unread=graph.unread,
        graph=graph,
    )
