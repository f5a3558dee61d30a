"""What was measured beside what is predicted."""

import json
from pathlib import Path

import archlens
from archlens.devices import estimate, find
from benchmarks.prediction.beside import beside

MACHINE = {
    "fingerprint": "0123abcd", "processor": "a processor", "logical_cores": 2, "memory_gib": 4,
    "system": "a system", "python": "3.11", "torch": "2.13.0",
}  # fmt: skip


def test_off_inside_of_the_interval_and_in_the_calibration(tmp_path: Path) -> None:
    runs = []
    for model, side, channels, factor in (
        ("lenet5", 32, 1, 1),
        ("resnet34", 224, 3, 4),
        ("resnet101", 224, 3, 4),
    ):
        seconds = factor * estimate(archlens.load(model), find("amd-epyc-1-thread")).seconds
        runs.append(
            {"model": model, "batch": 1, "input": [1, channels, side, side], "median_s": seconds,
             "interval_s": [seconds, seconds], "device": "cpu", "dtype": "float32", "layout": "nchw",
             "mode": "eager", "fused": False, "threads": 1, "reliable": factor == 1, "warnings": [],
             "machine": MACHINE, "started": "2026-11-28T13:31:05+00:00"}
        )  # fmt: skip
    place = tmp_path / "measured.json"
    place.write_text(json.dumps(runs), encoding="utf-8")
    table = beside(place, "amd-epyc-1-thread")
    assert [row[3:] for row in table.rows] == [
        ("+0.0", "yes", "yes"), *[("-75.0", "no", "no")] * 2,
    ]  # fmt: skip
    assert "a processor, 2 cores" in table.footer[0]
    assert "2026-11-28" in table.footer[0]
    assert "Those that are not in the calibration: median 75.0 %, 0 % within ±10 %" in table.footer[1]
    assert table.footer[2] == "Not reliable by `measure`'s own judgement: resnet34, resnet101."
