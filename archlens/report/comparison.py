"""Networks side by side: the metrics as rows, the models as columns, ratios against one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.report.profile import METRICS, Profile, profile
from archlens.report.render import render_html, render_text
from archlens.report.table import Column, Table, count, shape, text

__all__ = ["Comparison", "compare"]

LABELS = {
    "params": "params",
    "multiply_adds": "multiply-adds",
    "memory_access": "memory access",
    "memory_access_bytes": "  in bytes",
    "reads": "  reads",
    "writes": "  writes",
    "elementwise": "element-wise",
    "activations": "activations",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Profiles of several networks, and which of them the ratios refer to.

    profiles  one a model, in the order given
    baseline  position of the model that the others are divided by
    """

    profiles: tuple[Profile, ...]
    baseline: int = 0

    def ratios(self, profile: Profile) -> dict[str, float | None]:
        """Each metric over the baseline's; None where that is zero."""
        reference = self.profiles[self.baseline]
        return {
            metric: getattr(profile.totals, metric) / base
            if (base := getattr(reference.totals, metric))
            else None
            for metric in METRICS
        }

    def as_dict(self) -> dict[str, Any]:
        """The comparison as `--format json` prints it."""
        models = []
        for each in self.profiles:
            shown = each.as_dict()
            del shown["rows"]
            models.append({**shown, "ratios": self.ratios(each)})
        return {"baseline": self.profiles[self.baseline].model, "models": models}

    def table(self) -> Table:
        """The comparison as a table: a row a metric, and a ratio beside each model but the baseline."""
        columns = [Column("metric", "", right=False)]
        for i, each in enumerate(self.profiles):
            columns.append(Column(each.model, each.model, _shown))
            if i != self.baseline:
                columns.append(Column(f"{each.model} ratio", "ratio", _ratio, priority=i))
        rows = [tuple(self._row("input", [each.input for each in self.profiles], None))]
        for metric, label in LABELS.items():
            values = [each.metrics(each.totals)[metric] for each in self.profiles]
            rows.append(tuple(self._row(label, values, values[self.baseline])))
        reference = self.profiles[self.baseline]
        footer = [
            f"ratios against {reference.model}; {reference.dtype}; 1 multiply-add = 1 multiply-accumulate"
        ]
        footer += [
            f"≥ is a lower bound: {each.model} has {len(each.uncosted)} operators without a rule"
            for each in self.profiles
            if not each.complete
        ]
        return Table(tuple(columns), tuple(rows), footer=tuple(footer))

    def _row(self, label: str, values: Sequence[Any], reference: int | None) -> list[Any]:
        cells: list[Any] = [label]
        for i, (each, value) in enumerate(zip(self.profiles, values, strict=True)):
            cells.append(value if each.complete or reference is None else f"≥{count(value)}")
            if i != self.baseline:
                cells.append(value / reference if reference else None)
        return cells

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return render_html(self.table())


def _shown(value: Any) -> str:
    return shape(value) if isinstance(value, tuple) else count(value)


def _ratio(value: Any) -> str:
    return text(value) if value is None else f"{value:.2f}×"


def compare(*graphs: Graph, baseline: str | None = None, dtype: str = "float32") -> Comparison:
    """Put networks side by side.

    baseline  name of the model that the ratios refer to; the first unless given

    >>> import archlens
    >>> both = archlens.compare(archlens.load("resnet18"), archlens.load("resnet50"))
    >>> round(both.ratios(both.profiles[1])["params"], 2)
    2.19

    Raises a UsageError for fewer than two graphs or a baseline that is none of them.
    """
    if len(graphs) < 2:
        raise UsageError(f"a comparison takes two models or more, not {len(graphs)}")
    names = [graph.model for graph in graphs]
    if baseline is not None and baseline not in names:
        raise UsageError(f"the baseline {baseline} is none of the models compared: {', '.join(names)}")
    profiles = tuple(profile(graph, dtype=dtype) for graph in graphs)
    return Comparison(profiles, names.index(baseline) if baseline else 0)
