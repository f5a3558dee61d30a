"""`archlens report`: which files, the same bytes anew, and that those committed are what is counted."""

import sys
from pathlib import Path

import pytest

from archlens.cli.report import BESIDE, explored, reported, studies
from archlens.report.page import catalogue
from archlens.spec.catalog import model_names
from tests.cli.conftest import Refused, Run

COMMITTED = Path(__file__).parent.parent.parent / "reports"
FEW = ("lenet5", "resnet50", "shufflenet_v2_x1_0", "nasnet_a_mobile")
"""Networks whose committed pages are held against what is counted now; `make check-reports` holds all."""

SPEC = """
family: mine
title: Mine
input: [3, 32, 32]
network: [{conv: {out: 8, kernel: 3}}, relu, global_average_pool, {linear: {out: 10}}]
"""


def test_models_of_ones_own(run: Run, tmp_path: Path) -> None:
    spec, out = tmp_path / "mine.yaml", tmp_path / "out"
    spec.write_text(SPEC, encoding="utf-8")
    options = ("report", str(spec), "resnet18", "-o", str(out), "--no-page")
    outcome = run(*options)
    assert outcome == (0, "", f"archlens: {6 + 2 + len(BESIDE) - 2} files written to {out}/\n")
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*")}
    own = {"zoo.md", "zoo.csv", "ledger.md", "ledger.csv", "networks/mine.md", "networks/resnet18.md"}
    assert own | {f"networks/{name}.md" for name in BESIDE} == {*files}
    assert b"[mine](networks/mine.md)" in files["zoo.md"]
    run(*options)
    assert files == {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*")}


def test_the_page(tmp_path: Path) -> None:
    text = explored(catalogue(["lenet5"]), "pixel3", lambda name, share: None, studies=False)
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "lenet5" in text


def test_networks_beside_ones_own_exist() -> None:
    assert {*BESIDE} <= {*model_names()}


def test_what_is_committed_is_what_is_counted() -> None:
    found = reported(catalogue(FEW), None)
    assert len(found.files) == len(FEW)
    for name, text in (*found.files, *studies()):
        assert (COMMITTED / name).read_text(encoding="utf-8") == text, (
            f"make reports-static writes {name} anew"
        )
    rows = (COMMITTED / "zoo.csv").read_text(encoding="utf-8")
    for row in found.rows:
        assert f"\n{row.model},{row.family}," in rows


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("resnet5000",), "no model is called resnet5000"),
        (("resnet18", "--device", "abacus"), "no device is called abacus"),
    ],
)
def test_what_does_not_exist(
    refused: Refused, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    assert message in refused("report", *options, "-o", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    said = refused("report", "lenet5", "--no-page", "-o", str(file))
    assert said == f"{file / 'networks'}: cannot be made: Not a directory"


def test_what_has_to_be_installed(refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tabulate", None)
    assert "tabulate" in refused("report", "lenet5", "-o", str(tmp_path))
