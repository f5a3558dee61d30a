"""Table → text, Markdown, CSV, HTML."""

import csv
import io
import textwrap
from itertools import takewhile

from archlens.report.table import AtLeast, Column, Shown, Table

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

    width   columns available; what may be dropped is dropped to fit, and named below, and what is
            still too wide is folded, with the first column again. None: as wide as it needs to be
    colour  whether the terminal takes ANSI styles: headings and totals come out bold
    """
    columns, rows, totals = table.shown()
    headings = [column.header.split("\n") for column in columns]
    every = [*rows, totals] if totals else rows
    widths = [
        max([*map(len, heading), *(len(cells[i]) for cells in every)]) for i, heading in enumerate(headings)
    ]
    kept = list(range(len(columns)))
    while width is not None and _needed(widths, kept) > width and any(columns[i].priority for i in kept):
        kept.remove(max(kept, key=lambda i: (columns[i].priority, i)))

    def line(cells: list[str], part: list[int], *, bold: bool = False) -> str:
        aligned = (cells[i].rjust(widths[i]) if columns[i].right else cells[i].ljust(widths[i]) for i in part)
        text = GAP.join(aligned).rstrip()
        return f"\x1b[1m{text}\x1b[0m" if bold and colour else text

    lines = [wrapped(table.title, width)] if table.title else []
    for part in _folded(columns, widths, kept, width):
        height = max(len(headings[i]) for i in part)
        padded = [[""] * (height - len(heading)) + heading for heading in headings]
        lines += [""] if lines else []
        lines += [line([heading[i] for heading in padded], part, bold=True) for i in range(height)]
        lines.append("─" * _needed(widths, part))
        lines += [line(cells, part) for cells in rows]
        lines += ["", line(totals, part, bold=True)] if totals else []
    hidden = [columns[i].key.replace("_", " ") for i in range(len(columns)) if i not in kept]
    notes = [*table.footer, f"not shown in {width} columns: {', '.join(hidden)}"] if hidden else table.footer
    lines += ["", *(wrapped(note, width) for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def _needed(widths: list[int], part: list[int]) -> int:
    """The width of these columns side by side."""
    return sum(widths[i] for i in part) + len(GAP) * (len(part) - 1)


def _folded(
    columns: tuple[Column, ...], widths: list[int], kept: list[int], width: int | None
) -> list[list[int]]:
    """The columns in parts that fit one below the other, each with the first column in front."""
    parts = [kept[:1]]
    for position, i in enumerate(kept[1:], 1):
        if columns[i].follows:
            continue
        after = kept[position + 1 :]
        group = [i, *takewhile(lambda j: columns[j].follows, after)]
        if width is not None and len(parts[-1]) > 1 and _needed(widths, parts[-1] + group) > width:
            parts.append(kept[:1])
        parts[-1] = parts[-1] + group
    return parts


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
    import html  # a table of a thousand names, which no command line needs

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
    if isinstance(value, AtLeast | Shown):
        return _raw(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):  # a shape, or several
        nested = any(isinstance(item, tuple) for item in value)
        return " ".join(str(_raw(item)) for item in value) if nested else "x".join(map(str, value))
    return value
