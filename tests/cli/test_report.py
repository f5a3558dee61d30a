"""`archlens report`: which files there are, the same bytes anew, and what is refused."""

import sys
from pathlib import Path

import pytest

from archlens.cli.report_files import BESIDE
from tests.cli.conftest import Refused, Run

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


def test_measured_times_are_told_where_they_do_not_fit(
    run: Run, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of no times before anything is computed; times of other networks in a line."""
    monkeypatch.setattr("archlens.cli.report_files.BESIDE", ("lenet5",))
    spec, times, out = tmp_path / "mine.yaml", tmp_path / "times.json", tmp_path / "out"
    spec.write_text(SPEC, encoding="utf-8")
    measured = run("measure", "lenet5", "squeezenet1_1", "--no-save", "--min-time", "0.05", "-f", "json")
    times.write_text(measured.out, encoding="utf-8")
    outcome = run("report", str(spec), "-o", str(out), "--measured", str(times))
    assert outcome.code == 0
    assert outcome.err.splitlines()[0] == (
        f"archlens: {times}: 1 of 2 times left out, of no network of this page "
        "(another name, input or cost): squeezenet1_1"
    )
    assert "Measured times" in (out / "index.html").read_text(encoding="utf-8")
    said = refused("report", str(spec), "-o", str(tmp_path / "none"), "--measured", str(spec))
    assert said.startswith(f"{spec}: no JSON")
    assert not (tmp_path / "none").exists()
    said = refused("report", str(spec), "--no-page", "--measured", str(times), code=2)
    assert "--measured is shown on the page alone" in said


def test_a_place_that_cannot_be_written(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    said = refused("report", "lenet5", "--no-page", "-o", str(file))
    assert said == f"{file / 'networks'}: cannot be made: Not a directory"


def test_what_has_to_be_installed(refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tabulate", None)
    assert "tabulate" in refused("report", "lenet5", "-o", str(tmp_path))
