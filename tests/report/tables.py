"""One small table that has everything a format must know how to write."""

from archlens.report.result import Item, Page, Result
from archlens.report.table import AtLeast, Column, Table, count, shape, share

__all__ = ["RESULT", "TABLE"]

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

RESULT = Result(
    lambda: Page((TABLE,), (Item("a|head <1>", ("one line", "and another")), Item("second")), ("below all",)),
    lambda: {"name": "×", "n": 10**400},
    lambda: TABLE,
)
