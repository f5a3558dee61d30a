"""Table → text, Markdown, CSV, HTML."""

import csv
import html
import io
import textwrap

from archlens.report.table import Table

__all__ = ["render_csv", "render_html", "render_markdown", "render_text", "to_ascii"]

ASCII = str.maketrans({
    "×": "x", "≥": ">=", "≤": "<=", "·": "*", "−": "-", "–": "-", "—": "-", "…": "...", "→": "->",
    "─": "-", "²": "^2", "±": "+-", "✓": "ok", "✗": "no", "µ": "u", "≈": "~",
})  # fmt: skip

GAP = "  "


def to_ascii(text: str) -> str:
    """The text for terminals that know no more: × becomes x, ≥ becomes >=."""
    return text.translate(ASCII).encode("ascii", "replace").decode("ascii")


def render_text(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    """A table for a terminal, by plain alignment: quick to start, and light for any number of rows.

    width   columns available; those of the lowest priority are dropped to fit, and named below.
            None: as wide as it needs to be
    colour  whether the terminal takes ANSI styles: headings and totals come out bold
    """
    columns, rows, totals = table.shown()
    headings = [column.header.split("\n") for column in columns]
    every = [*rows, totals] if totals else rows
    widths = [
        max([*map(len, heading), *(len(cells[i]) for cells in every)]) for i, heading in enumerate(headings)
    ]
    kept = list(range(len(columns)))
    while width is not None and sum(widths[i] + len(GAP) for i in kept) - len(GAP) > width:
        if not any(columns[i].priority for i in kept):
            break
        kept.remove(max(kept, key=lambda i: (columns[i].priority, i)))

    def line(cells: list[str], *, bold: bool = False) -> str:
        aligned = (cells[i].rjust(widths[i]) if columns[i].right else cells[i].ljust(widths[i]) for i in kept)
        text = GAP.join(aligned).rstrip()
        return f"\x1b[1m{text}\x1b[0m" if bold and colour else text

    height = max(map(len, headings))
    padded = [[""] * (height - len(heading)) + heading for heading in headings]
    lines = [table.title, ""] if table.title else []
    lines += [line([heading[i] for heading in padded], bold=True) for i in range(height)]
    lines.append("─" * (sum(widths[i] + len(GAP) for i in kept) - len(GAP)))
    lines += [line(cells) for cells in rows]
    lines += ["", line(totals, bold=True)] if totals else []
    hidden = [columns[i].key.replace("_", " ") for i in range(len(columns)) if i not in kept]
    notes = [*table.footer, f"not shown in {width} columns: {', '.join(hidden)}"] if hidden else table.footer
    lines += ["", *(wrapped(note, width) for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def wrapped(note: str, width: int | None) -> str:
    """A line broken at words to fit, its later lines set in."""
    return note if width is None else textwrap.fill(note, max(width, 40), subsequent_indent="  ")


def render_markdown(table: Table) -> str:
    """A table as GitHub and others read it, with every column."""
    columns, rows, totals = table.shown()

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    lines = [f"## {table.title}", ""] if table.title else []
    lines.append(line([column.header.replace("-\n", "-").replace("\n", " ") for column in columns]))
    lines.append("| " + " | ".join("---:" if column.right else "---" for column in columns) + " |")
    lines += [line(cells) for cells in rows]
    if totals:
        lines.append(line([f"**{cell}**" if cell else "" for cell in totals]))
    for note in table.footer:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def render_csv(table: Table) -> str:
    """Raw values, one row a line, without totals or derived columns."""
    kept = [i for i, column in enumerate(table.columns) if not column.derived]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns[i].key for i in kept)
    for row in table.rows:
        writer.writerow(_raw(row[i]) for i in kept)
    return buffer.getvalue()


def render_html(table: Table) -> str:
    """A table for a notebook."""
    columns, rows, totals = table.shown()
    align = ["right" if column.right else "left" for column in columns]

    def line(cells: list[str], tag: str) -> str:
        inner = "".join(
            f'<{tag} style="text-align:{align[i]}">{html.escape(cell)}</{tag}>'
            for i, cell in enumerate(cells)
        )
        return f"<tr>{inner}</tr>"

    head = line([" ".join(column.header.split("\n")) for column in columns], "th")
    body = "".join(line(cells, "td") for cells in rows)
    foot = f"<tfoot>{line(totals, 'th')}</tfoot>" if totals else ""
    caption = f"<caption>{html.escape(table.title)}</caption>" if table.title else ""
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in table.footer)
    return f"<table>{caption}<thead>{head}</thead><tbody>{body}</tbody>{foot}</table>{notes}"


def _raw(value: object) -> object:
    return "x".join(map(str, value)) if isinstance(value, tuple) else value
