"""What a question in Python gets: a value that shows, tabulates and plots itself as the command does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.report.render import framed, notebook_page, render
from archlens.report.result import Result
from archlens.report.table import Table

if TYPE_CHECKING:
    import pandas

    from archlens.studies.effective_receptive_field import EffectiveField
    from archlens.studies.guidelines.table8 import Network

__all__ = ["Answer", "chart_of_fields", "chart_of_gradients", "chart_of_speeds"]

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Generic[Found]):
    """What was found, and how it is shown.

    found   the study's own result, with every number
    result  the same as every format writes it
    about   what this is, in a few words
    chart   what draws it; None for what has no chart
    """

    found: Found
    result: Result = field(compare=False)
    about: str
    chart: Callable[[], Any] | None = field(default=None, compare=False)

    def table(self) -> Table:
        """The first table that people see of it."""
        return self.result.page().tables[0]

    def frame(self) -> "pandas.DataFrame":
        """The records as a pandas DataFrame: those that `--format csv` writes. Needs pandas."""
        return framed(self.result.records())

    def as_dict(self) -> Any:
        """What `--format json` writes."""
        return self.result.dictionary()

    def plot(self) -> Any:
        """Its chart. Raises a UsageError where it has none."""
        if self.chart is None:
            raise UsageError(f"no chart shows {self.about}: .frame() has its numbers")
        return self.chart()

    def __str__(self) -> str:
        return render(self.result)

    def __repr__(self) -> str:
        return f"<{self.about}: print() shows it, .frame() has its numbers>"

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook_page(self.result)


def chart_of_fields(graph: Graph, depth: int) -> Any:
    """The chart of what each part of a network sees. Needs `[charts]`."""
    from archlens.analyses import rows_by_stage
    from archlens.report.charts.plot import plot_network

    return plot_network("receptive-field", graph, rows_by_stage(graph, depth))


def chart_of_gradients(field: "EffectiveField") -> Any:
    """The chart of how much of a field counts. Needs `[charts]`."""
    from archlens.report.charts.picture import converter

    converter()
    from archlens.report.charts.gradients import gradients

    return gradients(field)


def chart_of_speeds(networks: "Sequence[Network]") -> Any:
    """The chart of speeds against costs. Needs `[charts]`."""
    from archlens.report.charts.picture import converter

    converter()
    from archlens.report.charts.speeds import speeds

    return speeds(networks)
