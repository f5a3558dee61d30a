"""`archlens spec show|check|schema`"""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cli.conftest import ROOT, Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("spec_show_lenet5.txt", ["lenet5"]),
        ("spec_show_lenet5.json", ["lenet5", "--format", "json"]),
        ("spec_show_lenet5.csv", ["lenet5", "--format", "csv"]),
        ("spec_show_lenet5_batch_2.txt", ["lenet5", "--batch", "2", "-s", "classes=7", "--input", "1x36x36"]),
    ],
)
def test_show(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("spec", "show", *arguments)
    assert outcome.code == 0
    assert ("is another network" in outcome.err) == ("--input" in arguments)  # lenet5 has a linear layer
    assert outcome.err.count("\n") <= 1
    golden(name, outcome.out)


def test_show_in_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("spec", "show", "densenet121")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_show_of_an_unknown_model(refused: Refused) -> None:
    assert refused("spec", "show", "lenet6") == "no model is called lenet6; did you mean lenet5?"


def test_check_of_our_own(run: Run) -> None:
    files = [str(ROOT / "specs" / name) for name in ("lenet.yaml", "resnet.yaml")]
    assert run("spec", "check", *files) == (
        0,
        "".join(f"{file}: no mistakes\n" for file in files),
        "",
    )


def test_check_names_every_mistake(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text("input: [3, 8, 8]\nnetwork: [relu]\n", encoding="utf-8")
    Path("bad.yaml").write_text(
        "input: [3, 8, 8]\nnetwork:\n  - {conv: {ot: 4}}\n  - relo\n", encoding="utf-8"
    )
    outcome = run("spec", "check", "good.yaml", "bad.yaml", "none.yaml")
    assert outcome.code == 1
    assert outcome.out == "good.yaml: no mistakes\n"
    lines = outcome.err.splitlines()
    assert lines[0].startswith("bad.yaml:3 ")
    assert lines[0].endswith("did you mean out?")
    assert lines[1].startswith("bad.yaml:4 ")
    assert lines[1].endswith("did you mean relu?")
    assert lines[2:] == ["none.yaml: cannot be read: No such file or directory", "3 mistakes"]


def test_check_of_one_mistake(run: Run, tmp_path: Path) -> None:
    outcome = run("spec", "check", str(tmp_path))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"{tmp_path}: cannot be read: Is a directory\n1 mistake\n"


def test_schema(run: Run, tmp_path: Path) -> None:
    outcome = run("spec", "schema")
    assert (outcome.code, outcome.err) == (0, "")
    schema = json.loads(outcome.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    spec = yaml.safe_load((ROOT / "specs" / "lenet.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(spec, schema)
    file = tmp_path / "schema.json"
    assert run("spec", "schema", "-o", str(file)) == (0, "", "")
    assert file.read_text(encoding="utf-8") == outcome.out


def test_spec_alone_shows_its_commands(run: Run) -> None:
    outcome = run("spec")
    assert outcome.code in (0, 2)
    shown = outcome.out + outcome.err
    assert all(command in shown for command in ("show", "check", "schema"))


def test_the_source_is_the_text_of_the_file(run: Run, tmp_path: Path, refused: Refused) -> None:
    text = (ROOT / "specs" / "resnet.yaml").read_text(encoding="utf-8")
    assert run("spec", "show", "resnet50", "--source").out == text
    assert run("spec", "show", "resnet50[groups=32]", "--source").out == text
    own = tmp_path / "own.yaml"
    own.write_text("input: [3, 8, 8]\nnetwork: [relu]\n", encoding="utf-8")
    assert run("spec", "show", str(own), "--source").out == own.read_text(encoding="utf-8")
    assert refused("spec", "show", "net.onnx", "--source", code=2).startswith(
        "net.onnx is an ONNX file, and only"
    )


def test_a_new_spec_has_no_mistakes(run: Run, refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert run("spec", "new", str(file)).out == f"{file}: written; next: archlens profile {file}\n"
    assert run("spec", "check", str(file)).code == 0
    assert run("profile", str(file)).code == 0
    wide, plain = (run("profile", f"{file}:{name}", "-f", "json").out for name in ("mine_wide", "mine"))
    assert json.loads(wide)["totals"]["params"] > json.loads(plain)["totals"]["params"]
    assert "THIS_FILE" not in file.read_text(encoding="utf-8")
    file.write_text("mine", encoding="utf-8")
    assert refused("spec", "new", str(file), code=2).startswith(f"{file} exists: choose another name")
    assert file.read_text(encoding="utf-8") == "mine"
    assert run("spec", "new", str(file), "--force").code == 0
    assert refused("spec", "new", "mine.json", code=2) == "mine.json: a spec is a .yaml file"
    assert refused("spec", "new", str(tmp_path / "no" / "x.yaml")).startswith(str(tmp_path / "no" / "x.yaml"))


def test_operators(run: Run) -> None:
    outcome = run("spec", "operators", "batch_norm")
    assert outcome.code == 0
    assert "batch_norm" in outcome.out
    assert json.loads(run("spec", "operators", "batch_norm", "-f", "json").out)[0]["operator"] == "batch_norm"
