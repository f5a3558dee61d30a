"""Stored runs of two sets as a table."""

from dataclasses import replace

from archlens.latency.store.selection import Difference
from archlens.report.difference import difference_table, differences_as_dict
from archlens.report.render import render_csv, render_text
from tests.report.test_results import KILLED, RUN

LATER = replace(RUN, id=8, median_s=0.06, summary={**RUN.summary, "interval_s": [0.059, 0.061]})
SLOWER = Difference(RUN, LATER, 1.5, (1.4912, 1.5111), ())
OTHER = {**RUN.description, "model": "vgg16"}
UNCLEAR = Difference(
    replace(KILLED, description=OTHER), replace(LATER, description=OTHER), 1.5, None, ("torch",)
)


def test_the_table() -> None:
    assert render_text(difference_table([SLOWER, UNCLEAR], "7f", "22", 0.05)) == (
        "A: 7f, B: 22\n\n"
        f"{' ' * 65}B / A and its\n"
        "model            A   95 % interval         B   95 % interval     95 % interval  B is\n"
        f"{'─' * 99}\n"
        "resnet50  40.00 ms  39.00–41.20 ms  60.00 ms  59.00–61.00 ms  1.50 (1.49–1.51)  slower\n"
        "vgg16     40.00 ms                  60.00 ms  59.00–61.00 ms              1.50  "
        "no difference shown\n\n"
        "A is unfinished (vgg16)\n"
        "too few samples for an interval (vgg16)\n"
        "also different: torch (vgg16)\n"
        "2 networks; intervals by the bootstrap of the samples\n"
        "runs at different times differ by up to 5 % without a cause, so a verdict takes more than that, "
        "and two reliable runs\n"
    )


def test_a_remark_that_holds_for_all() -> None:
    shown = render_text(difference_table([UNCLEAR], "7f", "22", 0.05))
    assert "\nalso different: torch\n" in shown


def test_it_fits_into_a_terminal() -> None:
    long = replace(LATER, description={**RUN.description, "model": "shufflenet_v2_x1_0"})
    shown = render_text(difference_table([replace(SLOWER, run=long)], "7f", "22", 0.05), width=80)
    assert max(map(len, shown.splitlines())) <= 80
    assert "1.50 (1.49–1.51)  slower" in shown


def test_large_and_small_ratios() -> None:
    many = [replace(SLOWER, ratio=ratio) for ratio in (0.000123456, 0.1534, 12.3456, 123.456, 12345.6)]
    shown = render_text(difference_table(many, "a", "b", 0.05))
    for expected in ("0.000123 (1.49", "0.153 (1.49", "12.3 (1.49", "123 (1.49", "12346 (1.49"):
        assert f" {expected}" in shown


def test_settings_are_shown_where_they_differ() -> None:
    other = replace(SLOWER, run=replace(LATER, description={**RUN.description, "batch": 8}))
    shown = render_text(difference_table([SLOWER, other], "7f", "22", 0.05))
    assert shown.splitlines()[3].split()[:2] == ["model", "batch"]
    assert "\nresnet50      8  40.00 ms" in shown


def test_csv() -> None:
    assert render_csv(difference_table([SLOWER, UNCLEAR], "7f", "22", 0.05)) == (
        "model,batch,input,dtype,layout,mode,fused,baseline_run,run,baseline_median_s,median_s,"
        "ratio,ratio_low,ratio_high,verdict,remarks\n"
        "resnet50,1,3x224x224,,,,false,7,8,0.04,0.06,1.5,1.4912,1.5111,slower,\n"
        "vgg16,1,3x224x224,,,,false,7,8,0.04,0.06,1.5,,,no difference shown,"
        "A is unfinished; too few samples for an interval; also different: torch\n"
    )


def test_json() -> None:
    assert differences_as_dict([SLOWER], "7f", "22", 0.05) == {
        "baseline": "7f",
        "against": "22",
        "allowance": 0.05,
        "ratios": [
            {
                "model": "resnet50",
                "batch": 1,
                "input": [3, 224, 224],
                "dtype": None,
                "layout": None,
                "mode": None,
                "fused": False,
                "baseline_run": 7,
                "run": 8,
                "baseline_median_s": 0.04,
                "median_s": 0.06,
                "ratio": 1.5,
                "interval": [1.4912, 1.5111],
                "verdict": "slower",
                "also_different": [],
                "remarks": [],
            }
        ],
    }
