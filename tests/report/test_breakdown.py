"""Where the time goes, as a table."""

import csv
import io
from collections.abc import Callable

from archlens.cost import Cost
from archlens.latency.sampling.breakdown import Breakdown, Part
from archlens.report import render_csv, render_text
from archlens.report.breakdown import breakdown_table
from tests.report.measured import measured

Golden = Callable[[str, str], None]


def part(name: str, milliseconds: float, multiply_adds: int, memory_access: int) -> Part:
    cost = Cost(multiply_adds=multiply_adds, reads=memory_access)
    return Part(name=name, nodes=1, seconds=milliseconds / 1e3, cost=cost)


def made_up(model: str, whole: float) -> Breakdown:
    """Nodes of 3, 1 and 5 ms."""
    nodes = (
        part("stem.conv1", 3, 800, 50),
        part("stem.relu1", 1, 0, 30),
        part("head.linear1", 5, 200, 20),
    )
    return Breakdown(
        model=model,
        seconds=whole / 1e3,
        nodes=nodes,
        kinds=("convolution, dense", "activation", "linear and products"),
        totals=Cost(multiply_adds=1000, reads=100),
    )


def test_golden(golden: Golden) -> None:
    broken_down = [made_up("first", 9.5), made_up("second", 8.8), made_up("third", 20)]
    measurements = [measured("first", 9.5), measured("second", 9, "load: others were busy")]
    golden("breakdown.txt", render_text(breakdown_table(broken_down, measurements)))


def test_csv_by_stage_and_node() -> None:
    for by, names in (
        ("stage", ["stem", "head"]),
        ("node", ["stem.conv1", "stem.relu1", "head.linear1"]),
    ):
        table = breakdown_table([made_up("first", 10)], [measured("first", 10)], by)  # type: ignore[arg-type]
        rows = list(csv.DictReader(io.StringIO(render_csv(table))))
        assert [row["part"] for row in rows] == [*names, "framework and rest"]
        assert all(row["model"] == "first" for row in rows[:1])
        assert abs(sum(float(row["time_share"]) for row in rows) - 1) < 1e-9
