"""Stored runs as a table."""

from dataclasses import replace
from typing import Any

import pytest

from archlens.latency.store.store import StoredRun
from archlens.report.render import render_csv, render_text, to_ascii
from archlens.report.results import duration, matching, results_as_dict, results_table, spread, state

RUN = StoredRun(
    id=7,
    started="2026-11-22T01:06:36.123+00:00",
    finished="2026-11-22T01:06:39.456+00:00",
    description={"model": "resnet50", "device": "cpu", "batch": 1, "input": [3, 224, 224], "fused": False},
    machine={"fingerprint": "7f3a9b01", "torch": "2.13.0"},
    summary={"median_s": 0.04, "interval_s": [0.039, 0.0412], "reliable": True, "warnings": []},
    samples=50,
    median_s=0.04,
)
WARNED = replace(RUN, summary={"reliable": False, "warnings": ["load: others, too", "drift: 4 %; more"]})
KILLED = replace(RUN, finished=None, summary={})


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, ""),
        (0.01234, "12.34 ms"),
        (0.1, "100.0 ms"),
        (1.5, "1.500 s"),
        (0.99999, "1.000 s"),
        (0.000999999, "1.000 ms"),
        (0.0009, "900.0 µs"),
        (1e-6, "1.000 µs"),
        (1e-9, "0.001000 µs"),
        (999.99, "1000 s"),
        (12345.6, "12346 s"),
    ],
)
def test_duration(seconds: float | None, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (None, ""),
        ((0.012, 0.0126), "12.00–12.60 ms"),
        ((0.0009, 0.0011), "900.0 µs – 1.100 ms"),
    ],
)
def test_spread(interval: Any, shown: str) -> None:
    assert spread(interval) == shown


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (RUN, "reliable"),
        (WARNED, "unreliable"),
        (KILLED, "unfinished"),
        (replace(RUN, summary={"interrupted": True, "reliable": True}), "interrupted"),
        (replace(RUN, summary={}), ""),
    ],
)
def test_state(run: StoredRun, expected: str) -> None:
    assert state(run) == expected


@pytest.mark.parametrize(
    ("pattern", "device", "found"),
    [
        ("*", None, True),
        ("resnet*", None, True),
        ("RESNET5?", None, True),
        ("net5", None, True),
        ("vgg", None, False),
        ("resnet", "cpu", True),
        ("resnet", "c*", True),
        ("resnet", "cuda", False),
        ("resnet", "7f3a9b01", True),
        ("resnet", "7f", True),
        ("resnet", "22", False),
        ("vgg", "cpu", False),
    ],
)
def test_matching(pattern: str, device: str | None, found: bool) -> None:
    assert matching([RUN], pattern, device) == ((RUN,) if found else ())


def test_the_table() -> None:
    assert render_text(results_table([RUN])) == (
        "run  model     device  machine   batch  dtype    median   95 % interval  samples            "
        "when (UTC)        why\n"
        f"{'─' * 113}\n"
        "  7  resnet50  cpu     7f3a9b01      1         40.00 ms  39.00–41.20 ms       50  reliable  "
        "2026-11-22 01:06\n\n1 run\n"
    )


def test_what_is_doubtful_is_marked() -> None:
    shown = render_text(results_table([WARNED, KILLED]))
    assert "  unreliable  2026-11-22 01:06  load, drift\n" in shown
    assert "  unfinished  2026-11-22 01:06\n" in shown
    assert shown.endswith(
        "\n2 runs\nunfinished: killed, or still going on; the median is that of the samples so far\n"
    )


@pytest.mark.parametrize("run", [RUN, WARNED, KILLED])
def test_it_fits_into_a_terminal(run: StoredRun) -> None:
    shown = render_text(results_table([replace(run, id=1234)]), width=80)
    assert max(map(len, shown.splitlines())) <= 80
    assert "resnet50  7f3a9b01" in shown
    assert to_ascii(shown).isascii()


def test_csv_has_raw_values() -> None:
    header, line = render_csv(results_table([RUN])).splitlines()
    values = dict(zip(header.split(","), line.split(","), strict=True))
    assert {key: value for key, value in values.items() if value} == {
        "run": "7", "model": "resnet50", "device": "cpu", "machine": "7f3a9b01", "batch": "1",
        "input": "3x224x224", "fused": "false", "median_s": "0.04", "interval_low_s": "0.039",
        "interval_high_s": "0.0412", "samples": "50", "state": "reliable", "torch": "2.13.0",
        "started": "2026-11-22T01:06:36.123+00:00",
    }  # fmt: skip


def test_json_has_everything() -> None:
    assert results_as_dict([RUN]) == [
        {
            "run": 7,
            **RUN.description,
            **RUN.summary,
            "samples": 50,
            "state": "reliable",
            "started": RUN.started,
            "finished": RUN.finished,
            "machine": RUN.machine,
        }
    ]
    (killed,) = results_as_dict([KILLED])
    assert (killed["median_s"], killed["state"]) == (0.04, "unfinished")
    assert (killed["interval_s"], killed["reliable"], killed["warnings"]) == (None, None, [])


def test_settings_are_shown_where_they_differ() -> None:
    other = replace(RUN, description={**RUN.description, "fused": True, "input": [3, 160, 160]})
    heading, _, first, second, *_ = render_text(results_table([RUN, other])).splitlines()
    assert heading.split()[5:7] == ["input", "fused"]
    assert first.split()[5:7] == ["3×224×224", "false"]
    assert second.split()[5:7] == ["3×160×160", "true"]
