"""The guidelines as tables."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from archlens.report.guidelines import (
    difference,
    figure,
    guideline_table,
    guidelines_as_dict,
    guidelines_table,
    speeds,
    summary_table,
)
from archlens.report.render import render_csv, render_markdown, render_text, to_ascii
from archlens.studies.guidelines.experiment import experiments
from archlens.studies.guidelines.printed import GUIDELINES, guideline
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.verdict import Trial
from tests.studies.guidelines.racing import race, speed

Golden = Callable[[str, str], None]


def trial(key: str, *races: Race, scales: tuple[int, ...] = (1, 2), batch: int = 1) -> Trial:
    """A guideline with races that nobody ran."""
    its = guideline(key)
    return Trial(guideline=its, experiments=experiments(its, scales, "arm", batch=batch), races=races)


def measured(batch: int = 1) -> Trial:
    """One that holds at one scale and not quite at the other, on a machine with a doubt."""
    second = race(1, 1.001, 0.8, 1.1, spread=0.002)
    doubted = replace(second, speeds=(*second.speeds[:3], speed(1.1, doubts=("load: others, too",))))
    return trial("g1", race(1, 0.88, 0.59, 0.51), doubted, batch=batch)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (1480, "1480"), (76.2, "76.2"), (5.3, "5.3"), (1234.56, "1235"), (0.01234, "0.01234")],
)
def test_figures(value: float | None, shown: str) -> None:
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (1.0, "0.0%"), (0.9492, "−5.1%"), (1.033, "+3.3%"), (0.9999, "0.0%")]
)
def test_differences(value: float | None, shown: str) -> None:
    assert difference(value) == shown


def test_speeds() -> None:
    assert (speeds(None), speeds((71.234, 1020.4))) == ("", "71.23–1020")


def test_golden_measured(golden: Golden) -> None:
    golden("guideline_measured.txt", render_text(guideline_table(measured())))
    golden("guideline_measured_80_columns.txt", render_text(guideline_table(measured()), width=80))
    golden("guideline_measured.md", render_markdown(guideline_table(measured())))


def test_golden_machine_readable(golden: Golden) -> None:
    golden("guideline_measured.csv", render_csv(guidelines_table([measured(), trial("g4")])))


@pytest.mark.parametrize("each", GUIDELINES, ids=lambda each: each.key)
def test_every_table_fits_80_columns_in_one_piece(each: Any) -> None:
    ratios = (1.0, *[0.9] * (len(each.rows) - 1))
    found = trial(each.key, race(*ratios), race(*ratios))
    text = render_text(guideline_table(found), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert sum(line.startswith("──") for line in text.splitlines()) == 1


def test_what_was_not_measured_is_empty() -> None:
    table = guideline_table(trial("g1", race(1, 0.9, 0.8, 0.7)))
    keys = [column.key for column in table.columns]
    shown = [row[keys.index("speed_ratio")] for row in table.rows]
    assert shown == [1, 0.9, 0.8, 0.7, None, None, None, None]
    assert "speed_ratio" not in [column.key for column in guideline_table(trial("g1")).columns]


def test_images_are_shown_for_batches() -> None:
    assert "images/s" not in render_text(guideline_table(measured())).split("─")[0]
    text = render_text(guideline_table(measured(batch=8)))
    assert "images/s" in text.split("─")[0]
    rows = list(csv.DictReader(io.StringIO(render_csv(guidelines_table([measured(batch=8)])))))
    assert [float(row["images_per_second"]) for row in rows[:1]] == [800]
    assert [float(row["batches_per_second"]) for row in rows[:1]] == [100]


def test_csv_has_the_same_columns_for_all() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(guidelines_table([trial("g1"), trial("g3")])))))
    assert [row["guideline"] for row in rows] == ["g1"] * 8 + ["g3"] * 10
    worst = rows[3]
    assert (worst["row"], worst["scale"], worst["channels"]) == ("1:12", "1", "9x108")
    assert int(worst["multiply_adds"]) == 20 * 56 * 56 * 9 * 108
    assert (worst["printed_gpu"], worst["printed_arm"]) == ("748", "57.6")


def test_summary() -> None:
    text = render_text(summary_table([measured(), trial("g2"), trial("g3", scales=(1,))]))
    lines = [line.split() for line in text.splitlines() if line.startswith("G")]
    assert lines[0][-9:] == ["5", "of", "6", "6", "of", "6", "6", "of", "6"]
    assert "holds in part" in text
    assert lines[1][-8:] == ["not", "measured", "6", "of", "6", "6", "of", "6"]
    assert lines[2][-6:] == ["4", "of", "4", "4", "of", "4"]


def test_json_says_it_all() -> None:
    (found,) = json.loads(json.dumps(guidelines_as_dict([measured()])))
    assert found["source"] == "arXiv 1807.11164, Table 1"
    assert found["verdict"] == "holds in part"
    assert len(found["rows"]) == 8
    assert found["rows"][1]["speed_ratio"] == 0.88
    assert found["rows"][0]["memory_access"] == found["rows"][0]["memory_access_bound"]
    assert [each["outcome"] for each in found["findings"]] == [
        "holds", "holds", "holds", "holds", "holds", "reversed",
    ]  # fmt: skip
    assert found["printed"] == {"gpu": {"holds": 6, "of": 6}, "arm": {"holds": 6, "of": 6}}
    assert found["measured"][0] == "cpu, batch 1, float32, eager, 1 thread"


def test_every_sign_has_ascii() -> None:
    for table in (guideline_table(measured()), guideline_table(trial("g3")), summary_table([measured()])):
        assert "?" not in to_ascii(render_text(table))
