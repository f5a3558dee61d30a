"""A sweep that shows itself: as text, in a notebook, as a data frame."""

from typing import TYPE_CHECKING

from archlens.errors import MissingDependencyError
from archlens.report.formats.csv import frame
from archlens.report.render import notebook, render_text
from archlens.spaces.sweep import Sweep
from archlens.spaces.tables import front_table, records

if TYPE_CHECKING:
    import pandas

__all__ = ["SweepResult"]


class SweepResult(Sweep):
    """What `archlens.sweep` gives: `.front()`, `.top(10, by="params")`, `.importance(…)`, `.frame()`."""

    def frame(self) -> "pandas.DataFrame":
        """Every variant that fits as a pandas DataFrame: settings and metrics. Needs pandas."""
        try:
            return frame(records(self, self.all()))
        except ImportError as error:
            raise MissingDependencyError("a frame needs pandas", extra="tables") from error

    def __str__(self) -> str:
        return render_text(front_table(self, self.front()))

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook(front_table(self, self.front()))
