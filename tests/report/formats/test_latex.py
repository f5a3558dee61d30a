"""LaTeX, by hand, and by what LaTeX asks of any text: balanced braces and environments, nothing unescaped."""

import re

import pytest

import archlens
from archlens.report.formats.latex import escaped
from archlens.report.render import render, render_table
from archlens.report.result import Result
from archlens.report.table import Column, Table
from tests.report.tables import RESULT, TABLE


def test_a_table() -> None:
    text = re.sub(" +", " ", render_table(TABLE, "latex"))
    assert (
        text
        == r"""% \usepackage{booktabs}
\begin{table}[htbp]
\centering
\caption{small}
\begin{tabular}{lrrrr}
\toprule
 & output & multiply-adds & \% & memory access \\
\midrule
 stem & 64$\times$56$\times$56 & 118.0M & 90.0\% & 7 \\
 a|b, \ensuremath{<}c\ensuremath{>} & & $\ge$2.000k & & 8 \\
\midrule
 total & 10 & 118.0M & 100.0\% & 15 \\
\bottomrule
\end{tabular}
\par\smallskip
\begin{minipage}{\linewidth}\footnotesize
a note\par
and a longer note that has to be broken somewhere to fit\par
\end{minipage}
\end{table}
"""
    )


def sound(text: str) -> None:
    """Hold that every environment ends, braces balance, and rows have as many cells as columns."""
    plain = re.sub(r"(?m)^%.*$", "", text)
    open_: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", plain):
        if kind == "begin":
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []
    bare = re.sub(r"\\[{}&%$#_]", "", plain)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert "#" not in bare
    assert "%" not in bare
    assert all(sign.isascii() for sign in bare if not sign.isalpha())


def test_a_list() -> None:
    text = render(RESULT, "latex")
    sound(text)
    assert (
        "\\item \\textbf{a|head \\ensuremath{<}1\\ensuremath{>}}\\\\\n  one line\\\\\n  and another\n" in text
    )


@pytest.mark.parametrize("text", [r"50% & $5_a^b #1 {x} ~y \z <w>", "×≥≤−±→≈·²µ–—…"])
def test_no_sign_is_left_to_latex(text: str) -> None:
    sound(escaped(text) + "\n")
    table = Table((Column("name", text), Column("n", "n")), ((text, 1),), title=text, footer=(text,))
    sound(render_table(table, "latex"))


@pytest.mark.parametrize("name", ["resnet50", "shufflenet_v1"])
def test_profiles_and_comparisons(name: str) -> None:
    graph = archlens.load(name)
    result = archlens.profile(graph)
    sound(render(Result.of(lambda: result.table(["all"]), result.as_dict), "latex"))
    sound(render_table(archlens.compare(graph, archlens.load("lenet5")).table(), "latex"))
