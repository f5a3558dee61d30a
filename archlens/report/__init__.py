"""Numbers → tables, and tables → text, Markdown, CSV, JSON and HTML."""

from archlens.report.render import render, render_csv, render_html, render_markdown, render_text
from archlens.report.result import Item, Page, Result
from archlens.report.table import Column, Table

__all__ = [
    "Column",
    "Item",
    "Page",
    "Result",
    "Table",
    "render",
    "render_csv",
    "render_html",
    "render_markdown",
    "render_text",
]
