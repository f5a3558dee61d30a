"""The study of the guidelines as a result: the tables of each part in the order asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archlens.report.result import Page, Result
from archlens.report.table import Table

if TYPE_CHECKING:
    from archlens.studies.guidelines.study import Study

__all__ = ["study_result"]


def study_result(study: "Study", asked: Sequence[str]) -> Result:
    """All tables and notes of a study, as one result.

    asked  its parts: g1 to g4, table8, breakdown
    """
    from archlens.report.guidelines import guidelines_table

    def page() -> Page:
        return Page(tuple(table for part in asked for table in tables_of(study, part)))

    def records() -> Table:
        return guidelines_table(study.trials) if study.trials else tables_of(study, asked[0])[0]

    return Result(page, lambda: as_dict(study), records)


def as_dict(study: "Study") -> dict[str, Any]:
    """What `--format json` prints."""
    from archlens.report.decomposition import decomposition_as_dict
    from archlens.report.guidelines import guidelines_as_dict
    from archlens.report.table8 import table8_as_dict

    found: dict[str, Any] = {}
    if study.trials:
        found["guidelines"] = guidelines_as_dict(study.trials)
    if study.networks:
        found["table8"] = table8_as_dict(study.networks, study.race)
    if study.decompositions:
        found["breakdown"] = decomposition_as_dict(study.decompositions, study.where)
    return found


def tables_of(study: "Study", part: str) -> list[Table]:
    """The tables of one part."""
    if part == "table8":
        from archlens.report.table8 import correlation_table, table8_table

        return [table8_table(study.networks, study.race), correlation_table(study.networks, study.race)]
    if part == "breakdown":
        from archlens.report.decomposition import decomposition_table

        return [decomposition_table(study.decompositions, study.where)]
    from archlens.report.guidelines import guideline_table, summary_table

    found = [guideline_table(trial) for trial in study.trials if trial.guideline.key == part]
    last = part == study.trials[-1].guideline.key
    several = len(study.trials) > 1 and any(trial.races for trial in study.trials)
    return [*found, summary_table(study.trials)] if last and several else found
