"""Networks side by side: the metrics as rows, the models as columns, ratios against one of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.quantity import plural
from archlens.report.metric import BY_KEY, METRICS
from archlens.report.metric_name import TOP1, columns_named, meanings
from archlens.report.profile import Profile, profile
from archlens.report.render import framed, notebook, render_text
from archlens.report.table import AtLeast, Column, Shown, Table, percent, ratio, shape
from archlens.spec.accuracy import accuracy_of
from archlens.spec.items import Accuracy

if TYPE_CHECKING:
    import pandas

    from archlens.report.charts.theme import Chart

__all__ = ["Comparison", "compare", "labels"]

DEFAULT = (
    "params", "multiply_adds", "memory_access", "memory_access_bytes", "reads", "writes",
    "memory_access_over_bound", "elementwise", "access_without_products", "activations", "peak_activations",
    "fragments", "parallel_width", "serial_depth", "kernels", "fused_kernels", "receptive_field",
)  # fmt: skip
"""The rows that people see unless they ask for others."""


OF_MODELS = ("params", "multiply_adds", "memory_access", "activations", "layers")
"""The columns of a table with a row a model."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Profiles of several networks, and which of them the ratios refer to.

    profiles  one a model, in the order given
    baseline  position of the model that the others are divided by
    """

    profiles: tuple[Profile, ...]
    baseline: int = 0

    def ratios(self, profile: Profile) -> dict[str, float | None]:
        """Each count over the baseline's; None where that is zero or not known completely."""
        reference = self.profiles[self.baseline]
        ours, base = profile.numbers(profile.whole), reference.numbers(reference.whole)
        return {
            metric.key: ours[metric.key] / base[metric.key]
            if metric.bounded and reference.complete and base[metric.key]
            else None
            for metric in METRICS
            if metric.bounded and not metric.key.endswith("_bytes")
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """What the models are called here, told apart by what differs.

        A model that is there before gets its input, where that is another, and else a number.
        """
        return labels([(each.model, each.input) for each in self.profiles])

    def as_dict(self) -> dict[str, Any]:
        """The comparison as `--format json` prints it."""
        models = []
        for each in self.profiles:
            shown = each.as_dict()
            del shown["rows"]
            printed = printed_of(each)
            shown |= {"top1": printed and printed.top1, "top1_where": printed and printed.where}
            models.append({**shown, **{f"{key}_ratio": over for key, over in self.ratios(each).items()}})
        return {"baseline": self.labels[self.baseline], "models": models}

    def table(self, rows: Iterable[str] = ()) -> Table:
        """The comparison as a table: a row a metric, and a ratio beside each model but the baseline.

        rows  the metrics; those that people ask for most unless given

        Raises a UsageError for a metric that does not exist.
        """
        columns = [Column("metric", "metric", machine=True), Column("label", "", right=False, derived=True)]
        for i, label in enumerate(self.labels):
            columns.append(Column(label, label))
            if i != self.baseline:
                columns.append(Column(f"{label} ratio", "ratio", ratio, follows=True))
        names = tuple(rows)
        asked = [key for key in columns_named(names) if key in BY_KEY] or DEFAULT
        cells = [self._cells("input", "input", [each.input for each in self.profiles])]
        for key in asked:
            values = [each.told(each.whole, each.complete)[key] for each in self.profiles]
            if any(value is not None for value in values):  # a network has no groups, its layers do
                cells.append(self._cells(key, BY_KEY[key].label, values))
        against = f"ratios against {self.labels[self.baseline]}"
        footer = [f"{against}; {self.profiles[0].dtype}; 1 multiply-add = 1 multiply-accumulate"]
        footer += [
            f"≥ is a lower bound: {label} has {plural(len(each.uncosted), 'operator')} without a rule"
            for label, each in zip(self.labels, self.profiles, strict=True)
            if not each.complete
        ]
        return Table(tuple(columns), tuple(cells), footer=(*footer, *meanings(names)))

    def models_table(self, columns: Iterable[str] = ()) -> Table:
        """A row a model and a column a metric, without ratios for people: what a paper prints.

        columns  the metrics; those that fit a page unless given

        For machines it has every metric, and the ratios against the baseline under `KEY_ratio`.
        """
        names = tuple(columns)
        asked = [key for key in columns_named(name for name in names if name != TOP1) if key in BY_KEY]
        seen = asked or (() if TOP1 in names else OF_MODELS)
        wholes = [each.metrics(each.whole) for each in self.profiles]
        some = [metric.key for metric in METRICS if any(whole[metric.key] is not None for whole in wholes)]
        more = asked or some  # a network has no groups, its layers do
        keys = [*seen, *(key for key in more if key not in seen)]
        ratios = [key for key in keys if key in self.ratios(self.profiles[self.baseline])]
        made = [
            Column("model", "model", right=False),
            Column("input", "input", shape),
            Column(TOP1, "top-1", percent, machine=TOP1 not in names),
            *(Column(key, BY_KEY[key].header, BY_KEY[key].show, machine=key not in seen) for key in keys),
            *(Column(f"{key}_ratio", f"{key} ratio", ratio, machine=True) for key in ratios),
            Column("complete", "complete", machine=True),
        ]
        cells = []
        for label, each in zip(self.labels, self.profiles, strict=True):
            told, over = each.told(each.whole, each.complete), self.ratios(each)
            values = [told[key] for key in keys]
            printed = printed_of(each)
            top1 = None if printed is None else printed.top1
            cells.append((label, each.input, top1, *values, *(over[key] for key in ratios), each.complete))
        footer = (f"{self.profiles[0].dtype}; 1 multiply-add = 1 multiply-accumulate", *meanings(names))
        return Table(tuple(made), tuple(cells), footer=footer)

    def _cells(self, key: str, label: str, values: Sequence[Any]) -> tuple[Any, ...]:
        cells: list[Any] = [key, label]
        for i, (each, value) in enumerate(zip(self.profiles, values, strict=True)):
            cells.append(Shown(value, shape if key == "input" else BY_KEY[key].show))
            if i != self.baseline:
                over = self.ratios(each).get(key.removesuffix("_bytes"))
                cells.append(over if each.complete or over is None else AtLeast(over))
        return tuple(cells)

    def frame(self) -> "pandas.DataFrame":
        """A row a network as a pandas DataFrame: every metric, and its ratio. Needs pandas."""
        return framed(self.models_table())

    def plot(self, x: str = "multiply_adds", y: str = "memory_access") -> "Chart":
        """The networks as dots, by any two metrics, with the front. Needs `[charts]`.

        Raises a UsageError for what is no metric.
        """
        from archlens.report.charts.plot import Options, plot

        return plot("pareto", [each.graph for each in self.profiles], Options(x=x, y=y))

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook(self.table())


def printed_of(network: Profile) -> Accuracy | None:
    """The accuracy that is printed of a network."""
    return accuracy_of(
        network.model, family=network.family, input=network.input, params=network.totals.params
    )


def labels(models: Sequence[tuple[str, Shape]]) -> tuple[str, ...]:
    """Names for networks that stand side by side, of their models and inputs.

    >>> labels([("a", (1, 3, 8, 8)), ("a", (1, 3, 4, 4)), ("b", (1, 3)), ("a", (1, 3, 8, 8))])
    ('a', 'a 3×4×4', 'b', 'a (2)')
    """
    first: dict[str, Shape] = {}
    names: list[str] = []
    for model, input in models:
        own = first.setdefault(model, input)
        names.append(model if input == own else f"{model} {shape(input)}")
    before = [names[:i].count(name) for i, name in enumerate(names)]
    return tuple(
        f"{name} ({times + 1})" if times else name for name, times in zip(names, before, strict=True)
    )


def compare(
    *graphs: Graph, baseline: str | None = None, dtype: str = "float32", depth: int = 1
) -> Comparison:
    """Put networks side by side.

    baseline  name of the model that the ratios refer to, or what the table calls it; the first unless given
    depth     how fine the rows of each profile are, as for `profile`

    >>> import archlens
    >>> both = archlens.compare(archlens.load("resnet18"), archlens.load("resnet50"))
    >>> round(both.ratios(both.profiles[1])["params"], 2)
    2.19

    Raises a UsageError for fewer than two graphs or a baseline that is none of them.
    """
    if len(graphs) < 2:
        raise UsageError(f"a comparison takes two models or more, not {len(graphs)}")
    names = labels([(graph.model, graph.input_shape) for graph in graphs])
    if baseline is not None and baseline not in names:
        raise UsageError(f"the baseline {baseline} is none of the models compared: {', '.join(names)}")
    profiles = tuple(profile(graph, dtype=dtype, depth=depth) for graph in graphs)
    return Comparison(profiles, names.index(baseline) if baseline else 0)
