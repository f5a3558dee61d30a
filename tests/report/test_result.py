"""Results are lazy: a format makes what it writes and nothing else."""

import pytest

from archlens.report.render import render
from archlens.report.result import Page, Result
from archlens.report.table import Table
from tests.report.tables import TABLE


def refused() -> Page:
    raise AssertionError


def never() -> Table:
    raise AssertionError


@pytest.mark.parametrize("format", ["text", "csv", "json"])
def test_only_what_a_format_needs_is_made(format: str) -> None:
    result = Result(
        (lambda: Page((TABLE,))) if format == "text" else refused,
        dict if format == "json" else refused,
        (lambda: TABLE) if format == "csv" else never,
    )
    assert render(result, format)


def test_the_table_is_also_the_records() -> None:
    result = Result.of(lambda: TABLE, dict)
    assert result.records() is TABLE
    assert result.page() == Page((TABLE,))
    other = Table((), ())
    assert Result.of(lambda: TABLE, dict, lambda: other).records() is other
