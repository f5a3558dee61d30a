"""What is in the files of `archlens report`; those committed are what is counted."""

from pathlib import Path

from archlens.cli.report_files import BESIDE, explored, reported, studies
from archlens.report.page import catalogue
from archlens.spec.catalog import model_names

COMMITTED = Path(__file__).parent.parent.parent / "reports"
FEW = ("lenet5", "resnet50", "shufflenet_v2_x1_0", "nasnet_a_mobile")
"""Networks whose committed pages are held against what is counted now; `make check-reports` holds all."""


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
