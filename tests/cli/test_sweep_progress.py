"""What a sweep says while it goes on; the ends of interrupted sweeps are in test_sweep.py."""

from pathlib import Path

import pytest

from archlens.cli.sweep_progress import Teller
from archlens.errors import ArchlensError, StoreError
from archlens.spaces.launch import started
from tests.spaces.conftest import small_plan


def test_size_progress_and_ends(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    for sample, told in ((8, "8 of them drawn by seed 0"), (12, "12 of them drawn by seed 0")):
        teller = Teller(path)
        started(small_plan(sample=sample), path, began=teller.began, seen=teller.seen).close()
        said = capsys.readouterr().err
        assert said.startswith(f"archlens: 7 × 4 = 28 variants, {told}, kept in {path}")
        assert ("8 already there" in said) == (sample == 12)
        assert teller.before + teller.done == sample
    teller.stopped("interrupted")
    assert capsys.readouterr().err == (
        f"archlens: interrupted: 12 of 12 variants are kept in {path}, "
        "and the same command goes on from there\n"
    )
    assert teller.how_to_go_on(ArchlensError("gone")).startswith("; 12 of 12 variants are kept: ")
    assert teller.how_to_go_on(StoreError("another: --restart")) == ""
    assert Teller(path).how_to_go_on(ArchlensError("gone")) == ""
