"""`archlens measure` and `archlens compare --latency`: what they print, keep and refuse; never a time."""

import csv
import io
import json
from pathlib import Path

import pytest

import archlens
from archlens.cli import measure as module
from archlens.errors import ArchlensError
from archlens.latency.network import preparation
from archlens.latency.sampling import turns as contests
from tests.cli.conftest import Refused, Run

QUICK = ("--threads", "1", "--min-time", "0")


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test writes into the store of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_a_table(run: Run) -> None:
    outcome = run("measure", "lenet5", "squeezenet1_1", "--no-save", *QUICK)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "latency on cpu, batch 1, float32, nchw, eager, 1 thread"
    assert [line.split()[0] for line in lines[5:7]] == ["lenet5", "squeezenet1_1"]
    assert "machine " in lines[-1]


def test_the_contract(run: Run) -> None:
    outcome = run("measure", "lenet5", "lenet5", "--batch", "2", "--no-save", *QUICK, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    shown = json.loads(outcome.out)
    assert len(shown) == 2
    for each in shown:
        assert (each["model"], each["device"], each["batch"]) == ("lenet5", "cpu", 2)
        low, high = each["interval_s"]
        assert 0 < low <= each["median_s"] <= high
        assert len(each["samples"]) >= 10
        assert isinstance(each["reliable"], bool)
        assert isinstance(each["warnings"], list)
        assert each["machine"]["fingerprint"]
        assert each["archlens"] == archlens.__version__


def test_csv_and_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "latency.csv"
    assert run("measure", "lenet5", "--no-save", *QUICK, "-f", "csv", "-o", str(file)) == (0, "", "")
    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    assert row["model"] == "lenet5"
    assert float(row["median_s"]) > 0


def test_settings_and_input(run: Run) -> None:
    arguments = ("-s", "classes=3", "--input", "3x64x64", "--no-save", *QUICK, "-f", "json")
    (shown,) = json.loads(run("measure", "squeezenet1_1", *arguments).out)
    assert shown["input"] == [1, 3, 64, 64]
    assert "classes=3" in shown["model"]


def test_fused(run: Run) -> None:
    arguments = ("--input", "3x64x64", "--no-save", *QUICK, "-f", "json")
    (plain,) = json.loads(run("measure", "resnet18", *arguments).out)
    (fused,) = json.loads(run("measure", "resnet18", "--fused", *arguments).out)
    assert (plain["fused"], fused["fused"]) == (False, True)


def test_a_breakdown_and_its_plot(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "picture.svg"
    outcome = run("measure", "lenet5", "--plot", str(picture), "--no-save", *QUICK)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("where the time goes: latency on cpu, batch 1")
    assert "framework and rest" in outcome.out
    assert "<svg" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("by", "part"), [("work", "convolution, dense"), ("stage", "C1"), ("node", "C1.conv1")]
)
def test_a_breakdown_by(run: Run, by: str, part: str) -> None:
    outcome = run("measure", "lenet5", "--breakdown", "--by", by, "--no-save", *QUICK, "-f", "csv")
    assert part in {row["part"] for row in csv.DictReader(io.StringIO(outcome.out))}


def test_a_breakdown_in_json(run: Run) -> None:
    (shown,) = json.loads(run("measure", "lenet5", "--breakdown", "--no-save", *QUICK, "-f", "json").out)
    found = shown["breakdown"]
    assert [each["name"] for each in found["by_stage"]][-1] == "framework and rest"
    assert sum(each["seconds"] for each in found["by_node"]) == pytest.approx(found["seconds"])
    assert isinstance(found["adds_up"], bool)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["lenet6"], 1, "no model is called lenet6; did you mean lenet5?"),
        (["lenet5", "--device", "gpu"], 2, "device gpu is not one of cpu, cuda; did you mean cpu?"),
        (["lenet5", "--dtype", "int8"], 2, "dtype int8 is not one of float64, float32, bfloat16, float16"),
        (["lenet5", "--by", "block"], 2, "--by block is not one of work, stage, node"),
        (["lenet5", "--plot", "x.gif"], 2, "--plot x.gif: expected a file that ends in .svg, .png, .pdf or "
         ".html"),
        (
            ["lenet5", "--breakdown", "--mode", "export"],
            2,
            "--breakdown is for --mode eager: export leaves no single operators to time",
        ),
    ],
)  # fmt: skip
def test_errors_are_one_line(refused: Refused, arguments: list[str], code: int, message: str) -> None:
    assert refused("measure", *arguments, "--no-save", code=code) == message


def test_no_cuda(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert refused("measure", "lenet5", "--device", "cuda").startswith("there is no CUDA device: PyTorch ")


def test_an_operator_that_does_not_take_the_dtype(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_there(*arguments: object) -> None:
        raise RuntimeError("\"conv\" not implemented for 'Half'")

    monkeypatch.setattr(preparation, "translated", not_there)
    message = refused("measure", "lenet5", "--dtype", "float16", "--no-save", *QUICK)
    assert message.startswith("lenet5: float16 is not supported on the cpu here")


COMPARE = ("compare", "lenet5", "squeezenet1_1", "--latency", *QUICK)


def test_compare_adds_a_row_and_a_verdict(run: Run) -> None:
    outcome = run(*COMPARE, "--columns", "params")
    assert (outcome.code, outcome.err) == (0, "")
    rows = [line.split() for line in outcome.out.splitlines()]
    assert any(row[:1] == ["params"] for row in rows)
    assert any(row[:1] == ["latency"] for row in rows)
    assert "squeezenet1_1 is " in outcome.out
    assert " times slower than lenet5 (95 %)" in outcome.out


def test_compare_in_json_keeps_what_it_had(run: Run) -> None:
    shown = json.loads(run(*COMPARE, "--baseline", "squeezenet1_1", "-f", "json").out)
    assert shown["baseline"] == "squeezenet1_1"
    assert [each["model"] for each in shown["models"]] == ["lenet5", "squeezenet1_1"]
    assert shown["models"][0]["params_ratio"] < 1
    (ratio,) = shown["ratios"]
    low, high = ratio.pop("interval")
    assert low <= ratio.pop("ratio") <= high
    assert ratio == {"model": "lenet5", "baseline": "squeezenet1_1", "verdict": "faster"}
    assert [each["model"] for each in shown["latencies"]] == ["lenet5", "squeezenet1_1"]


def test_compare_without_latency_never_measures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object, **options: object) -> None:
        raise ArchlensError("measured")

    monkeypatch.setattr(contests, "contest", never)
    assert run("compare", "lenet5", "squeezenet1_1").code == 0
    assert run(*COMPARE).err == "archlens: measured\n"


def test_an_interrupted_comparison(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contests.sit
    sittings: list[None] = []

    def interrupted(*arguments: object, **options: object) -> None:
        sittings.append(None)
        if len(sittings) == 4:
            raise KeyboardInterrupt
        whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(contests, "sit", interrupted)
    outcome = run(*COMPARE)
    assert outcome.code == 130
    assert "latency" in outcome.out
    assert outcome.err == "archlens: interrupted: fewer rounds than were asked for\n"


def test_the_command_is_documented(run: Run) -> None:
    assert module.measure.__doc__ is not None
    assert "--breakdown" in run("measure", "--help").out


def test_times_in_turns_are_kept(run: Run) -> None:
    options = ["lenet5", "lenet5", "--latency", "--threads", "1", "--min-time", "0"]
    shown = json.loads(run("compare", *options, "-f", "json").out)
    kept = json.loads(run("results", "-f", "json").out)
    assert [each["model"] for each in kept] == ["lenet5", "lenet5"]
    told = [each["median_s"] for each in shown["latencies"]]
    assert sorted(each["median_s"] for each in kept) == sorted(told)
    assert run("compare", *options, "--no-save").code == 0
    assert len(json.loads(run("results", "-f", "json").out)) == 2
