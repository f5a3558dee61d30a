"""One small table in every format, by hand."""

import re
from html.parser import HTMLParser

from archlens.report.render import render_csv, render_html, render_markdown, render_text, to_ascii
from archlens.report.table import AtLeast, Column, Table, count, shape, share

TABLE = Table(
    columns=(
        Column("name", "", right=False),
        Column("output", "output", shape),
        Column("reads", "reads", machine=True),
        Column("multiply_adds", "multiply-\nadds", count),
        Column("multiply_adds_share", "%", share, priority=2, derived=True),
        Column("memory_access", "memory\naccess", count, priority=1),
    ),
    rows=(("stem", (1, 64, 56, 56), 5, 118_013_952, 0.9, 7), ("a|b, <c>", None, 6, AtLeast(2000), None, 8)),
    totals=("total", (1, 10), 11, 118_015_952, 1.0, 15),
    title="small",
    footer=("a note", "and a longer note that has to be broken somewhere to fit"),
)

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


def test_markdown() -> None:
    assert (
        render_markdown(TABLE)
        == """\
## small

|  | output | multiply-adds | % | memory access |
| --- | ---: | ---: | ---: | ---: |
| stem | 64×56×56 | 118.0M | 90.0% | 7 |
| a\\|b, <c> |  | ≥2.000k |  | 8 |
| **total** | **10** | **118.0M** | **100.0%** | **15** |

a note

and a longer note that has to be broken somewhere to fit
"""
    )


def test_csv_has_raw_values_and_nothing_derived() -> None:
    assert render_csv(TABLE) == (
        'name,output,reads,multiply_adds,memory_access\nstem,1x64x56x56,5,118013952,7\n"a|b, <c>",,6,2000,8\n'
    )


def test_csv_writes_truth_as_json_does() -> None:
    assert render_csv(Table((Column("complete", ""),), ((True,), (False,)))) == "complete\ntrue\nfalse\n"


class Cells(HTMLParser):
    """The text of a page, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.cells.append(data)


def test_html() -> None:
    page = Cells()
    page.feed(render_html(TABLE))
    assert page.open == []
    assert page.cells[:6] == ["small", "output", "multiply- adds", "%", "memory access", "stem"]
    assert "a|b, <c>" in page.cells
    assert page.cells[-2:] == list(TABLE.footer)


def test_ascii() -> None:
    assert to_ascii("1×1 ≥2 −3 … résumé") == "1x1 >=2 -3 ... r?sum?"
    assert to_ascii(WIDE).isascii()
    assert [len(line) for line in to_ascii(WIDE).splitlines()][:6] == [
        len(line) for line in WIDE.splitlines()
    ][:6]
