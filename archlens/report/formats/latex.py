"""LaTeX for papers, by tabulate: tables in the manner of the package booktabs."""

from collections.abc import Sequence

from archlens.report.formats.renderer import Paper, Renderer, tabulated
from archlens.report.result import Item
from archlens.report.table import Table

__all__ = ["RENDERER"]

SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "^": r"\^{}", "~": r"\textasciitilde{}", "<": r"\ensuremath{<}", ">": r"\ensuremath{>}",
})  # fmt: skip
"""What means something to LaTeX, as text; in cells, tabulate does that."""

SIGNS = str.maketrans({
    "×": r"$\times$", "≥": r"$\ge$", "≤": r"$\le$", "−": r"$-$", "±": r"$\pm$", "→": r"$\to$",
    "≈": r"$\approx$", "·": r"$\cdot$", "²": r"$^2$", "µ": r"$\mu$", "–": "--", "—": "---", "…": r"\dots{}",
    "✓": r"$\surd$", "✗": r"$\times$",
})  # fmt: skip
"""What fonts of pdfLaTeX do not hold, as mathematics."""


class Latex(Renderer):
    """Floats with a caption; the document needs booktabs and no other package."""

    title = "LaTeX"
    package = "tabulate"

    def table(self, table: Table, paper: Paper) -> str:
        r"""A float: the title as caption, a rule before the totals, the notes below in small type."""
        body = tabulated(table, "latex_booktabs").translate(SIGNS)
        _, _, totals = table.shown()
        if totals:
            *before, last, rule, end = body.split("\n")
            body = "\n".join([*before, r"\midrule", last, rule, end])
        lines = ["% \\usepackage{booktabs}", r"\begin{table}[htbp]", r"\centering"]
        lines += [rf"\caption{{{escaped(table.title)}}}"] if table.title else []
        lines.append(body)
        if table.footer:
            lines += [r"\par\smallskip", r"\begin{minipage}{\linewidth}\footnotesize"]
            lines += [rf"{escaped(note)}\par" for note in table.footer if note]
            lines.append(r"\end{minipage}")
        return "\n".join([*lines, r"\end{table}"]) + "\n"

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """An enumeration, its lines below the headline."""
        made = []
        for item in items:
            lines = "".join(f"\\\\\n  {escaped(line)}" for line in item.lines)
            made.append(rf"\item \textbf{{{escaped(item.head)}}}{lines}")
        return "\n".join([r"\begin{enumerate}", *made, r"\end{enumerate}"]) + "\n"

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """A paragraph each."""
        return "\n\n".join(escaped(note) for note in notes) + "\n"


def escaped(text: str) -> str:
    """A text as LaTeX prints it, sign by sign."""
    return text.translate(SPECIAL).translate(SIGNS)


RENDERER = Latex()
