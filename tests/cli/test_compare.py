"""`archlens compare`: golden tables, and every option."""

import csv
import io
import json
from collections.abc import Callable

import pandas
import pytest

from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("compare_shufflenets.txt", ["shufflenet_v1", "shufflenet_v2"]),
        ("compare_shufflenets.md", ["shufflenet_v1", "shufflenet_v2", "--format", "markdown"]),
        ("compare_shufflenets.csv", ["shufflenet_v1", "shufflenet_v2", "--format", "csv"]),
        ("compare_shufflenets.json", ["shufflenet_v1", "shufflenet_v2", "--format", "json"]),
        ("compare_baseline.txt", ["resnet18", "resnet34", "resnet50", "--baseline", "resnet34"]),
        ("compare_inputs.txt", ["resnet18", "resnet18", "--input", "3x224x224", "--input", "3x112x112"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("compare", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


def test_part_by_part(run: Run) -> None:
    outcome = run("compare", "resnet18", "resnet34", "--depth", "1", "--columns", "multiply_adds")
    assert (outcome.code, outcome.err) == (0, "")
    (stage1,) = [line for line in outcome.out.splitlines() if line.startswith("stage1")]
    assert stage1.split() == ["stage1", "462.4M", "693.6M", "1.50×"]
    shown = json.loads(run("compare", "resnet18", "resnet34", "--depth", "2", "--format", "json").out)
    assert "stage1.2" in shown["parts"]


@pytest.mark.parametrize("option", [["--rows", "models"], ["--latency"], ["--device", "rtx3090"]])
def test_parts_are_for_counts(refused: Refused, option: list[str]) -> None:
    assert "--depth is for counts" in refused(
        "compare", "resnet18", "resnet34", "--depth", "1", *option, code=2
    )


def test_golden_folded_in_a_narrow_terminal(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    models = [
        "vgg16",
        "shufflenet_v1_g1_x0_25",
        "shufflenet_v1_g3_x1_5",
        "wide_resnet101_2",
        "resnext101_32x8d",
    ]
    outcome = run("compare", *models)
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert all(model in outcome.out for model in models)
    assert outcome.out.count("ratio ") + outcome.out.count("ratio\n") == 4
    golden("compare_80_columns.txt", outcome.out)


def test_ratios_in_json(run: Run) -> None:
    shown = json.loads(run("compare", "resnet18", "resnet50", "--format", "json").out)
    assert shown["baseline"] == "resnet18"
    first, second = shown["models"]
    assert {value for key, value in first.items() if key.endswith("_ratio")} == {1.0}
    assert second["params_ratio"] == pytest.approx(25557032 / 11689512)
    assert second["totals"]["params"] == 25557032


def test_a_baseline_by_its_other_name(run: Run) -> None:
    by_alias = run("compare", "shufflenet_v1", "shufflenet_v2", "--baseline", "shufflenet_v2")
    by_name = run("compare", "shufflenet_v1", "shufflenet_v2", "--baseline", "shufflenet_v2_x1_0")
    assert by_alias == by_name
    assert "ratios against shufflenet_v2_x1_0" in by_alias.out


def test_a_baseline_with_settings(run: Run) -> None:
    outcome = run(
        "compare", "resnet50", "resnext50_32x4d", "-s", "classes=10", "--baseline", "resnext50_32x4d"
    )
    assert "ratios against resnext50_32x4d classes=10" in outcome.out


def test_one_input_is_for_all(run: Run) -> None:
    shown = json.loads(run("compare", "resnet18", "vgg11", "--input", "3x64x64", "-f", "json").out)
    assert [model["input"] for model in shown["models"]] == [[1, 3, 64, 64]] * 2


def test_batch_and_dtype(run: Run) -> None:
    arguments = ["--batch", "4", "--dtype", "int8", "-f", "json"]
    shown = json.loads(run("compare", "resnet18", "resnet34", *arguments).out)
    for model in shown["models"]:
        assert model["input"][0] == 4
        assert model["totals"]["memory_access_bytes"] == model["totals"]["memory_access"]


def test_csv_is_raw(run: Run) -> None:
    rows = {
        row["model"]: row
        for row in csv.DictReader(io.StringIO(run("compare", "resnet18", "resnet50", "-f", "csv").out))
    }
    assert rows["resnet50"]["params"] == "25557032"
    assert float(rows["resnet50"]["multiply_adds_ratio"]) == pytest.approx(4089184256 / 1814073344)


def test_pandas_reads_numbers_under_the_names_that_json_has(run: Run) -> None:
    written = run("compare", "resnet18", "resnet50", "-f", "csv").out
    read = pandas.read_csv(io.StringIO(written))
    shown = json.loads(run("compare", "resnet18", "resnet50", "-f", "json").out)
    for row, model in zip(read.to_dict("records"), shown["models"], strict=True):
        for key, value in model["totals"].items():
            if isinstance(value, list):  # a number an axis
                assert row[key] == "x".join(map(str, value))
                continue
            assert row[key] == pytest.approx(value, rel=1e-15), key  # pandas 2 reads the last bit as it likes
            assert not isinstance(row[key], str)
        ratios = [key for key in model if key.endswith("_ratio")]
        assert len(ratios) > 10
        for key in ratios:
            assert row[key] == pytest.approx(model[key])


def test_a_row_a_model(run: Run) -> None:
    shown = run("compare", "resnet50", "inception_v4", "--rows", "models", "--units", "M", "--digits", "1")
    lines = [line.split() for line in shown.out.splitlines()]
    assert lines[3] == ["resnet50", "3×224×224", "25.6M", "4089.2M", "106.5M", "11.1M", "50"]
    assert lines[4][0] == "inception_v4"
    assert lines[4][-1] == "76"


def test_rows_of_models_have_predicted_times(run: Run) -> None:
    shown = run("compare", "resnet18", "resnet50", "--rows", "models", "--device", "rtx4090").out
    assert shown.splitlines()[0].split()[-1] == "predicted"
    rows = pandas.read_csv(
        io.StringIO(run("compare", "resnet18", "resnet50", "--device", "rtx4090", "-f", "csv").out)
    )
    slower, quicker = rows["latency_s"][1], rows["latency_s"][0]
    assert rows["latency_ratio"][1] == pytest.approx(slower / quicker)
    assert (rows["low_s"] < rows["latency_s"]).all()
    assert (rows["latency_s"] < rows["high_s"]).all()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["resnet18"], 2, "a comparison takes two models or more, not only resnet18"),
        (["resnet18", "alexnett"], 1, "no model is called alexnett; did you mean alexnet?"),
        (
            ["resnet18", "resnet50", "--baseline", "vgg16"],
            2,
            "the baseline vgg16 is none of the models compared: resnet18, resnet50",
        ),
        (
            ["resnet18", "resnet50", "--input", "3x8x8", "--input", "3x8x8", "--input", "3x8x8"],
            2,
            "--input stands 3 times for 2 models: once, or once a model",
        ),
        (
            ["resnet18", "lenet5", "--input", "3x32x32", "--input", "32x32"],
            2,
            "--input 32x32: lenet5 takes 3 axes, such as 1x32x32",
        ),
        (
            ["resnet18", "resnet50", "-s", "clases=3"],
            2,
            "resnet18 has no setting clases; did you mean classes?",
        ),
    ],
)  # fmt: skip
def test_errors_are_one_line(refused: Refused, arguments: list[str], code: int, message: str) -> None:
    assert refused("compare", *arguments, code=code) == message


def test_a_condition_and_an_order(run: Run, refused: Refused) -> None:
    options = ["--where", "params < 30M", "--sort", "-params", "-f", "json"]
    shown = json.loads(run("compare", "resnet18", "resnet101", "resnet50", "resnet34", *options).out)
    assert [each["model"] for each in shown["models"]] == ["resnet50", "resnet34", "resnet18"]
    said = refused("compare", "resnet18", "resnet50", "--where", "params<12M", code=2)
    assert said == "--where 'params<12M' leaves 1 model, and a comparison takes two"
