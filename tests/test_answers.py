"""Python answers as the command line does: the same numbers, read from what the command prints."""

import io
import json
from pathlib import Path

import pandas
import pytest

import archlens
from archlens.errors import UsageError
from archlens.report.answer import Answer
from tests.cli.conftest import Run

from tests.cli.conftest import run as run  # isort: skip  # the fixture

BUDGETS = '[[check]]\nmodel = "lenet5"\nmax = {params = "1k"}\n'


def asked() -> list[tuple[str, Answer]]:  # type: ignore[type-arg]
    """Each function beside the command that asks the same."""
    return [
        ("lint mobilenet_v2", archlens.lint("mobilenet_v2")),
        ("lint resnet50 --guideline g4", archlens.lint("resnet50", "g4")),
        ("savings", archlens.savings()),
        ("savings bottleneck --in 512", archlens.savings("bottleneck", channels=512)),
        ("receptive-field resnet18 --depth 2", archlens.receptive_field("resnet18", depth=2)),
        ("reconcile resnet50 --claim 4.12G", archlens.reconcile("resnet50", claim="4.12G")),
        ("diff resnet18 resnet34 --device rtx4090", archlens.diff("resnet18", "resnet34", device="rtx4090")),
        ("guidelines g1 g2 --no-measure --scale 1", archlens.guidelines("g1", "g2")),
        ("guidelines table8 --no-measure", archlens.guidelines("table8")),
        ("verify lenet5", archlens.verify("lenet5")),
    ]


def test_python_says_what_the_commands_say(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    for command, answer in asked():
        arguments = command.split()
        assert json.loads(run(*arguments, "-f", "json").out) == json.loads(json.dumps(answer.as_dict()))
        assert run(*arguments).out == str(answer), command
        assert run(*arguments, "-f", "csv").out == answer.frame().to_csv(index=False, lineterminator="\n")
        page = answer._repr_html_()
        assert page is not None
        assert "<table>" in page
        assert len(repr(answer)) < 200


def test_budgets(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    Path("archlens.toml").write_text(BUDGETS, encoding="utf-8")
    answer = archlens.check("archlens.toml")
    assert [each.failed for each in answer.found] == [True]
    assert run("check").out == str(answer)
    assert archlens.check(None, "lenet5").as_dict() == answer.as_dict()


def test_measurements_take_turns() -> None:
    answer = archlens.measure("lenet5", archlens.load("lenet5", classes=3), threads=1, min_time=0.01)
    first, second = answer.found
    assert len(first.samples) == len(second.samples)
    assert list(answer.frame()["model"]) == ["lenet5", "lenet5 classes=3"]
    assert archlens.measure("lenet5", threads=1, min_time=0.01).found[0].subject.threads == 1


def test_what_is_asked_of_nothing() -> None:
    with pytest.raises(UsageError, match="measure takes one network at least"):
        archlens.measure()
    with pytest.raises(UsageError, match="verify takes one network at least"):
        archlens.verify()
    with pytest.raises(UsageError, match="channels: say of which saving"):
        archlens.savings(channels=3)


def test_charts() -> None:
    assert archlens.guidelines("table8").plot().to_dict()["vconcat"]
    assert archlens.receptive_field("lenet5").plot().to_dict()["vconcat"]
    with pytest.raises(UsageError, match="no chart shows guidelines: g1"):
        archlens.guidelines("g1").plot()


def test_without_a_chart() -> None:
    with pytest.raises(UsageError, match=r"no chart shows lint of lenet5: \.frame\(\) has its numbers"):
        archlens.lint("lenet5").plot()


def test_values_are_short_in_a_line() -> None:
    graph = archlens.load("resnet50")
    assert repr(graph) == f"<Graph resnet50, input 1×3×224×224, {len(graph.nodes)} nodes>"
    models = archlens.list_models("vgg*")
    assert repr(models).startswith(f"<{len(models)} networks: vgg11, ")
    assert len(repr(models)) < 80
    assert repr(models[:1]).startswith("(Entry")
    assert models.frame()["params"][0] == 132_863_336


def test_frames_of_what_is_compared() -> None:
    both = archlens.compare(archlens.load("resnet18"), archlens.load("resnet50"))
    table = both.frame()
    assert isinstance(table, pandas.DataFrame)
    assert table["params"][1] == 25_557_032
    assert table["params_ratio"][1] == pytest.approx(25_557_032 / 11_689_512)
    predicted = archlens.predict(archlens.load("resnet18"), "rtx4090").frame()
    assert len(predicted) > 3
    assert io.StringIO(predicted.to_csv()).readline().startswith(",name")
