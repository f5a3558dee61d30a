"""The page as one file."""

import re

import pytest

from archlens.errors import DeviceError
from archlens.report.page import Model, catalogue, page
from archlens.report.page.write import HERE, SCRIPTS
from tests.report.page.unpacked import unpacked
from tests.wiring import three_nodes

MOST_BYTES = 3_000_000


def test_it_is_the_same_wherever_it_is_written() -> None:
    model = Model(three_nodes())
    assert page([model], ["rtx4090"], studies=False) == page([three_nodes()], ["rtx4090"], studies=False)


def test_every_script_is_in_it() -> None:
    assert {path.name for path in HERE.glob("*.js")} == set(SCRIPTS)
    text = page([three_nodes()], ["rtx4090"], studies=False)
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert text.count("<script") == 3
    assert all((HERE / name).read_text(encoding="utf-8") in text for name in SCRIPTS)


def test_it_asks_for_nothing(written: str) -> None:
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", written)
    assert not re.findall(r"@import|url\(|fetch\(|XMLHttpRequest|WebSocket|import\(", written)
    assert set(re.findall(r"https?://[\w./]+", written)) == {
        "http://www.w3.org/2000/svg"
    }  # a name, no address


def test_its_data_can_be_read(written: str, models: tuple[Model, ...]) -> None:
    data = unpacked(written)
    assert data["models"]["model"] == [model.graph.model for model in models]
    assert data["start"]["device"] in {device["name"] for device in data["devices"]}


def test_a_device_that_nobody_knows() -> None:
    with pytest.raises(DeviceError):
        page([three_nodes()], ["rtx9999x"])


def test_names_cannot_end_the_script() -> None:
    from dataclasses import replace

    text = page(
        [replace(three_nodes(), model="</script><script>alert(1)</script>")], ["rtx4090"], studies=False
    )
    assert text.count("<script") == 3


def test_the_whole_catalogue_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings of lint take half a minute and a twentieth of the bytes: they are left out here."""
    from archlens.report.page import data

    monkeypatch.setattr(data, "lint_data", lambda graph: {"scores": {}, "moved": 1, "findings": []})
    models = catalogue()
    assert len(models) >= 305
    assert len(page(models).encode()) < 0.9 * MOST_BYTES
