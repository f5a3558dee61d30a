"""Text: what fits, what is dropped, what is folded; each by hand."""

import re

from archlens.report.formats.renderer import Paper
from archlens.report.render import render, render_text
from archlens.report.table import Column, Table
from tests.report.tables import RESULT, TABLE

WIDE = """\
small

                    multiply-          memory
            output       adds       %  access
─────────────────────────────────────────────
stem      64×56×56     118.0M   90.0%       7
a|b, <c>              ≥2.000k               8

total           10     118.0M  100.0%      15

a note
and a longer note that has to be broken somewhere to fit
"""


def test_text_as_wide_as_it_needs_to_be() -> None:
    assert render_text(TABLE) == WIDE


def test_text_that_just_fits() -> None:
    assert render_text(TABLE, width=45).splitlines()[:10] == WIDE.splitlines()[:10]


def test_columns_are_dropped_by_priority_and_named() -> None:
    assert (
        render_text(TABLE, width=44)
        == """\
small

                    multiply-  memory
            output       adds  access
─────────────────────────────────────
stem      64×56×56     118.0M       7
a|b, <c>              ≥2.000k       8

total           10     118.0M      15

a note
and a longer note that has to be broken
  somewhere to fit
not shown in 44 columns: multiply adds share
"""
    )


def test_what_may_not_be_dropped_is_folded() -> None:
    lines = render_text(TABLE, width=20).splitlines()
    assert (
        lines[:16]
        == """\
small

            output
──────────────────
stem      64×56×56
a|b, <c>

total           10

          multiply-
               adds
───────────────────
stem         118.0M
a|b, <c>    ≥2.000k

total        118.0M
""".splitlines()
    )


def test_columns_that_follow_stay_beside_the_one_before() -> None:
    columns = [Column("name", "", right=False)]
    for model in "ab":
        columns += [Column(model, model * 10), Column(f"{model} ratio", "ratio", follows=True)]
    table = Table(tuple(columns), (("row", 1, 2, 3, 4),))
    assert (
        render_text(table, width=25)
        == """\
     aaaaaaaaaa  ratio
──────────────────────
row           1      2

     bbbbbbbbbb  ratio
──────────────────────
row           3      4
"""
    )
    assert render_text(table, width=1) == render_text(table, width=25)


def test_a_table_of_nothing() -> None:
    assert render_text(Table((Column("name", "name", right=False),), ())) == "name\n────\n"


def test_bold_in_colour() -> None:
    coloured = render_text(TABLE, colour=True)
    assert coloured != WIDE
    assert re.sub(r"\x1b\[[01]m", "", coloured) == WIDE
    bold = [line for line in coloured.splitlines() if line.startswith("\x1b[1m")]
    assert len(bold) == 3
    assert all(line.endswith("\x1b[0m") for line in bold)


LIST = """\
1. a|head <1>
   one line
   and another

2. second

below all
"""


def test_lists_and_notes_stand_below_the_table() -> None:
    assert render(RESULT) == WIDE + "\n" + LIST


def test_a_long_line_of_a_list_is_set_in() -> None:
    lines = render(RESULT, paper=Paper(40)).splitlines()
    assert lines[-7:] == LIST.splitlines()
