"""`archlens profile`: the contract of its JSON, golden tables, and every option."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]
FILES = "networks are written in files that end in .yaml, .yml, .py, .onnx or .pt2"
PAIR = "expected key=value, such as groups=32 or depths=[3,4,6,3]"
SHAPE = "expected channels, height and width, such as 3x224x224"
METRICS = ["params", "multiply_adds", "elementwise", "reads", "writes", "memory_access", "activations"]


def as_json(run: Run, *arguments: str) -> Any:
    outcome = run("profile", *arguments, "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    return json.loads(outcome.out)


def test_the_contract(run: Run) -> None:
    shown = as_json(run, "resnet50")
    assert list(shown) == [
        "model", "family", "input", "dtype", "complete", "totals", "receptive_field", "peak_node", "rows",
    ]  # fmt: skip
    assert shown["model"] == "resnet50"
    assert shown["family"] == "resnet"
    assert shown["input"] == [1, 3, 224, 224]
    assert shown["dtype"] == "float32"
    assert shown["complete"] is True
    assert list(shown["totals"])[:8] == [*METRICS, "memory_access_bytes"]
    assert {
        "fragments", "parallel_width", "serial_depth", "kernels", "peak_activations", "memory_access_bound",
    } <= set(shown["totals"])  # fmt: skip
    assert {key: shown["receptive_field"][key] for key in ("size", "stride", "padding", "global")} == {
        "size": [427, 427],
        "stride": [32, 32],
        "padding": [213, 213],
        "global": False,
    }
    assert shown["rows"][-1]["receptive_field"]["global"] is True
    assert shown["totals"]["params"] == 25557032
    assert shown["totals"]["multiply_adds"] == 4089184256
    assert shown["totals"]["memory_access"] == shown["totals"]["reads"] + shown["totals"]["writes"]
    assert shown["totals"]["memory_access_bytes"] == 4 * shown["totals"]["memory_access"]
    assert [row["name"] for row in shown["rows"]] == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    for row in shown["rows"]:
        assert {"name", "kind", "output", *METRICS, "memory_access_bytes"} <= set(row)
    assert shown["rows"][1]["output"] == [1, 256, 56, 56]
    for metric in (*METRICS, "memory_access_bytes"):
        assert sum(row[metric] for row in shown["rows"]) == shown["totals"][metric]
        assert all(isinstance(row[metric], int) for row in shown["rows"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("profile_resnet50.txt", []),
        ("profile_resnet50.md", ["--format", "markdown"]),
        ("profile_resnet50.csv", ["--format", "csv"]),
        ("profile_resnet50.json", ["--format", "json"]),
        ("profile_resnet50_depth_2.txt", ["--depth", "2"]),
        ("profile_resnet50_by_operator.txt", ["--by", "operator"]),
        ("profile_resnet50_by_operator.csv", ["--by", "operator", "--format", "csv"]),
        ("profile_resnet50_by_work.txt", ["--by", "work"]),
        ("profile_resnet50_by_work_fused.txt", ["--by", "work", "--fused"]),
        ("profile_resnet50_receptive_field.txt", ["--columns", "receptive_field"]),
        ("profile_resnet50_all_columns.txt", ["--columns", "all"]),
        ("profile_resnet50_all_columns.csv", ["--columns", "fragmentation,peak", "--format", "csv"]),
        ("profile_resnet50_batch_8.txt", ["--batch", "8", "--dtype", "float16", "--input", "3x160x160"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("profile", "resnet50", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_golden_in_a_narrow_terminal(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    outcome = run("profile", "resnet50")
    assert max(map(len, outcome.out.splitlines())) <= width
    golden(f"profile_resnet50_{width}_columns.txt", outcome.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ["mobilenet_v1", "--by", "operator"],
        ["densenet121", "--depth", "3"],
        ["shufflenet_v1_g8_x0_25", "--depth", "2"],
        ["resnet50", "-s", "depths=[1,1,1,1]", "-s", "groups=2", "-s", "classes=123456789"],
    ],
)
def test_no_line_is_longer_than_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("profile", *arguments)
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_settings(run: Run) -> None:
    """ResNeXt-50 32x4d is ResNet-50 with two settings changed."""
    changed = as_json(run, "resnet50", "-s", "groups=32", "--set", "base=4")
    assert changed["model"] == "resnet50 groups=32 base=4"
    assert changed["totals"] == as_json(run, "resnext50_32x4d")["totals"]


@pytest.mark.parametrize("depths", ["[2,2,2,2]", "[2, 2, 2, 2]", " [2,2,2,2] "])
def test_a_list_and_a_word_as_settings(run: Run, depths: str) -> None:
    changed = as_json(run, "resnet50", "-s", "block=basic", "-s", f"depths={depths}")
    assert changed["totals"]["params"] == 11689512


def test_a_later_setting_wins(run: Run) -> None:
    assert as_json(run, "resnet50", "-s", "classes=3", "-s", "classes=1000")["totals"]["params"] == 25557032


@pytest.mark.parametrize("text", ["3x112x112", "3×112×112", "3,112,112"])
def test_input(run: Run, text: str) -> None:
    shown = as_json(run, "resnet18", "--input", text)
    assert shown["input"] == [1, 3, 112, 112]
    assert shown["model"] == "resnet18"
    assert shown["totals"]["params"] == 11689512


def test_batch_and_dtype(run: Run) -> None:
    shown = as_json(run, "lenet5", "--batch", "7", "--dtype", "float16")
    assert shown["input"] == [7, 1, 32, 32]
    assert shown["totals"]["multiply_adds"] == 7 * 416520
    assert shown["totals"]["memory_access_bytes"] == 2 * shown["totals"]["memory_access"]


def test_the_best_order(run: Run) -> None:
    """NASNet-A's cells leave a choice of what to do first; VGG is a chain, and leaves none."""
    shown = as_json(run, "nasnet_a_mobile", "--best-order")
    assert shown["best_order"] == {"peak_activations": 1026880, "lower_bound": 1026880, "exact": True}
    assert shown["totals"]["peak_activations"] == 1127915
    outcome = run("profile", "nasnet_a_mobile", "--columns", "peak", "--best-order")
    assert "in the best order 1.027M are alive at once, 9.0% less" in outcome.out
    assert "0.0% less" in run("profile", "vgg11", "--best-order").out
    assert "best_order" not in as_json(run, "nasnet_a_mobile")


def test_a_spec_file_of_ones_own(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my.yaml").write_text(
        "family: mine\ninput: [3, 8, 8]\nsettings: {out: 4}\nvariants: {wide: {out: 8}}\n"
        "network: [{conv: {out: out, kernel: 3}}, relu]\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert as_json(run, "my.yaml")["totals"]["params"] == 108
    assert as_json(run, "my.yaml:wide")["totals"]["params"] == 216
    assert as_json(run, str(tmp_path / "my.yaml:wide"))["model"] == "wide"
    assert as_json(run, "my.yaml", "-s", "out=5")["totals"]["params"] == 135


def test_huge_numbers_are_no_problem(run: Run) -> None:
    outcome = run("profile", "resnet50", "--input", "3x999999999x999999999", "--batch", "1000000000")
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["alexnett"], 1, "no model is called alexnett; did you mean alexnet?"),
        (["qqqqqqqq"], 1, "no model is called qqqqqqqq; `archlens list` shows all"),
        (["/"], 1, f"/ is a folder; {FILES}"),
        (["none.yaml"], 1, "none.yaml: cannot be read: No such file or directory"),
        (["resnet50", "-s", "grops=3"], 2, "resnet50 has no setting grops; did you mean groups?"),
        (["resnet50", "-s", "groups"], 2, f"-s groups: {PAIR}"),
        (["resnet50", "-s", "=3"], 2, f"-s =3: {PAIR}"),
        (["resnet50", "-s", "groups="], 2, f"-s groups=: {PAIR}"),
        (
            ["resnet50", "-s", "groups=[1"],
            2,
            f"-s groups=[1: {PAIR}",
        ),
        (
            ["resnet50", "-s", "groups={a: 1}"],
            2,
            f"-s groups={{a: 1}}: {PAIR}",
        ),
        (["resnet50", "--input", "big"], 2, f"--input big: {SHAPE}"),
        (["resnet50", "--input", "3x0x3"], 2, f"--input 3x0x3: {SHAPE}"),
        (["resnet50", "--input", "-3x3x3"], 2, f"--input -3x3x3: {SHAPE}"),
        (["resnet50", "--input", "224x224"], 2, "--input 224x224: resnet50 takes 3 axes, such as 3x224x224"),
        (["lenet5", "--input", "32"], 2, "--input 32: lenet5 takes 3 axes, such as 1x32x32"),
        (
            ["resnet50", "--dtype", "float31"],
            2,
            "dtype float31 is not one of float64, float32, tfloat32, bfloat16, float16, float8, int8",
        ),
        (["resnet50", "-c", "parms"], 2, "--columns parms: no such column; did you mean params?"),
        (
            ["resnet50", "--by", "operator", "--depth", "2"],
            2,
            "depth=2 is for rows by stage, not for rows by operator",
        ),
    ],
)  # fmt: skip
def test_errors_are_one_line(refused: Refused, arguments: list[str], code: int, message: str) -> None:
    assert refused("profile", *arguments, code=code) == message


def test_a_folder_and_a_file_that_is_no_text(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
    assert refused("profile", str(tmp_path / "folder.yaml")).endswith("cannot be read: Is a directory")
    assert "is not UTF-8 text" in refused("profile", str(tmp_path / "binary.yaml"))


def test_a_setting_of_two_lines_is_not_half_taken(run: Run) -> None:
    outcome = run("profile", "resnet50", "-s", "groups=1\nbase: 3")
    assert outcome.code == 2
    assert "expected key=value" in outcome.err


def test_an_unknown_format(refused: Refused) -> None:
    said = refused("profile", "resnet50", "--format", "marked", code=2)
    assert said.startswith("--format marked is not one of text, markdown, ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["resnet50", "--batch", "0"],
        ["resnet50", "--batch", "-1"],
        ["resnet50", "--batch", "1" + "0" * 400],
        ["resnet50", "--depth", "0"],
        ["resnet50", "--by", "colour"],
        ["resnet50", "extra"],
        ["resnet50", "--nonsense"],
        [],
    ],
)
def test_usage_errors(run: Run, arguments: list[str]) -> None:
    outcome = run("profile", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("Usage: ")
    assert outcome.err.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in outcome.err
