"""What the networks of all budgets cost at one time: now, or at a git revision."""

from collections.abc import Mapping

from archlens.budgets.baseline import Baseline
from archlens.budgets.check import Loader
from archlens.budgets.config import Budget, Config
from archlens.budgets.finding import conditions, measured
from archlens.errors import ArchlensError
from archlens.models.revision import files_of, prefix_of
from archlens.spec.reference import LIBRARIES, split_file

__all__ = ["at_git_revision", "now"]


def now(config: Config, load: Loader) -> Baseline:
    """The figures of every network as it stands. Raises the ArchlensError of one that cannot be loaded."""
    figures = {}
    for budget in config.budgets:
        try:
            figures[budget.name] = _kept(budget, measured(budget, load(budget, config.folder)).figures)
        except ArchlensError as error:
            raise ArchlensError(f"no baseline is written: {budget.name}: {error}") from error
    return Baseline("", figures, {budget.name: conditions(budget) for budget in config.budgets}, {})


CORE = ("params", "multiply_adds", "memory_access", "peak_activations")
"""What a baseline keeps of every network; and what its budget limits."""


def _kept(budget: Budget, figures: Mapping[str, float]) -> dict[str, float]:
    """The figures that go into a file: few enough to be read in a review."""
    return {key: figures[key] for key in sorted({*CORE, *budget.limits, *budget.growth}) if key in figures}


def at_git_revision(config: Config, revision: str, load: Loader) -> Baseline:
    """The figures of every network as its file was at a revision, under the budgets as they are now.

    A network whose file was not there, or could not be read, has none, and the baseline says why.

    Raises a UsageError for a revision that git does not know.
    """
    figures, missing = {}, {}
    with files_of(revision, config.folder) as root:
        folder = root / prefix_of(config.folder)
        for budget in config.budgets:
            if why := _unreadable(budget, revision):
                missing[budget.name] = why
                continue
            named = split_file(budget.model)
            if named and not (folder / named[0]).is_file():
                missing[budget.name] = f"{named[0]} is new since {revision}"
                continue
            try:
                figures[budget.name] = measured(budget, load(budget, folder)).figures
            except ArchlensError as error:
                missing[budget.name] = str(error).splitlines()[0].replace(f"{root}/", f"{revision}:")
    return Baseline(
        revision, figures, {budget.name: conditions(budget) for budget in config.budgets}, missing
    )


def _unreadable(budget: Budget, revision: str) -> str:
    """Why a model cannot be had at a revision at all; "" where it can."""
    library, colon, _ = budget.model.partition(":")
    if colon and not split_file(budget.model) and library not in LIBRARIES:
        return f"{budget.model} is imported by its name, and only files can be read at {revision}"
    return ""
