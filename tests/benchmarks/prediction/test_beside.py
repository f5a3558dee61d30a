"""What was measured beside what is predicted."""

import json
from pathlib import Path

import archlens
from archlens.devices import estimate, find
from benchmarks.prediction.beside import beside


def test_off_and_inside_of_the_interval(tmp_path: Path) -> None:
    runs = []
    for model, side, channels, factor in (("lenet5", 32, 1, 1), ("resnet18", 224, 3, 4)):
        seconds = factor * estimate(archlens.load(model), find("amd-epyc-1-thread")).seconds
        runs.append(
            {"model": model, "batch": 1, "input": [1, channels, side, side], "median_s": seconds,
             "threads": 1, "reliable": factor == 1}
        )  # fmt: skip
    place = tmp_path / "measured.json"
    place.write_text(json.dumps(runs), encoding="utf-8")
    table = beside(place, "amd-epyc-1-thread", "a machine")
    assert [row[3:] for row in table.rows] == [("+0.0", "yes"), ("-75.0", "no")]
    assert "Not reliable by `measure`'s own judgement: resnet18" in table.footer[1]
