"""Markdown, by hand."""

from archlens.report.render import render, render_markdown
from archlens.report.table import Column, Table
from tests.report.tables import RESULT, TABLE


def test_a_table() -> None:
    assert (
        render_markdown(TABLE)
        == """\
## small

| | output | multiply-adds | % | memory access |
|:--|--:|--:|--:|--:|
| stem | 64×56×56 | 118.0M | 90.0% | 7 |
| a\\|b, &lt;c> | | ≥2.000k | | 8 |
| **total** | **10** | **118.0M** | **100.0%** | **15** |

a note

and a longer note that has to be broken somewhere to fit
"""
    )


def test_lists_and_notes_stand_below_the_table() -> None:
    assert render(RESULT, "markdown") == (
        render_markdown(TABLE)
        + "\n1. **a|head <1>**\n   - one line\n   - and another\n2. **second**\n\nbelow all\n"
    )


def test_a_table_of_nothing() -> None:
    assert render_markdown(Table((Column("name", "name", right=False),), ())).startswith("| name |\n|")


def test_names_that_look_like_html_are_text() -> None:
    """As CommonMark reads `&lt;`: the sign, after a backslash, too. What compares numbers stays as it is."""
    name = "<img src=x onerror=alert(1)>"
    table = Table((Column("name", "name", right=False),), ((name,),), title=name, footer=(f"{name} & 3 < 5",))
    text = render_markdown(table)
    assert text.count("&lt;img src=x") == 3
    assert "<img" not in text
    assert text.endswith("& 3 < 5\n")
