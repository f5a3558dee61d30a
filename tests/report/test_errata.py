"""Printed figures that are wrong, as a table."""

import json

import pytest

from archlens.report.errata import errata_as_dict, errata_table
from archlens.report.render import render_csv, render_markdown, render_text, to_ascii
from archlens.studies.savings.errata import Erratum, errata


@pytest.fixture(scope="module")
def mistakes() -> tuple[Erratum, ...]:
    return errata()


def test_the_errata_fit_into_a_terminal(mistakes: tuple[Erratum, ...]) -> None:
    text = render_text(errata_table(mistakes), width=80)
    assert max(map(len, text.splitlines())) <= 80
    first = " 1  weights of two 3×3 at 256 channels"
    assert text.count(f"\n{first}") == 1, "the table is not folded"
    (line,) = [line for line in text.splitlines() if line.startswith(first)]
    assert line.split()[-2:] == ["1,170,648", "1,179,648"]
    assert "?" not in to_ascii(text)


def test_each_erratum_has_its_arithmetic_below(mistakes: tuple[Erratum, ...]) -> None:
    table = errata_table(mistakes)
    assert len(table.footer) == len(table.rows) == len(mistakes)
    assert table.footer[0].startswith("1. widely copied, beside the bottleneck's 69,632: 2·9·256²; ")
    assert f"\n\n{len(mistakes)}. " in render_markdown(table)


def test_errata_for_machines(mistakes: tuple[Erratum, ...]) -> None:
    assert render_csv(errata_table(mistakes)).startswith("number,what,copied,right,where,arithmetic\n1,")
    shown = json.loads(json.dumps(errata_as_dict(mistakes)))
    assert shown[1]["copied"] == "2,506,752"
    assert shown[1]["right"] == 2_514_944
