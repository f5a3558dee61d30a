"""What is looked at stands in the address, whatever networks are called."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archlens.report.page import page
from tests.report.page.browser import opened
from tests.report.page.conftest import Open
from tests.wiring import three_nodes

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_comparison_is_its_address(look: Open) -> None:
    with look("compare") as found:
        page = found.page
        for name in ("resnet18", "resnet50", "alexnet"):
            page.get_by_label("add a network").fill(name)
            page.get_by_label("add a network").press("Enter")
        page.wait_for_function("location.hash.includes('alexnet')")
        address = page.url
    with look(address.partition("#")[2]) as found:
        assert [text.split()[0] for text in found.texts(".pickers span")] == [
            "resnet18",
            "resnet50",
            "alexnet",
        ]
        assert "ratio" in " ".join(found.texts("thead th"))


def test_names_may_hold_whatever_an_address_is_made_of(browser: "Browser", tmp_path: Path) -> None:
    names = ("resnet50[depths=[3,4,6,3]]", "nets/mine.py:Net?", "50%2C#1", "plain")
    path = tmp_path / "index.html"
    text = page([replace(three_nodes(), model=name) for name in names], ["rtx4090"], studies=False)
    path.write_text(text, encoding="utf-8")
    for name in names:
        with opened(browser, path.as_uri()) as found:
            found.page.get_by_role("link", name=name, exact=True).click()
            found.page.wait_for_selector("main h1")
            address = found.page.url
        with opened(browser, address) as found:
            assert found.texts("main h1")[0].startswith(name)
    with opened(browser, f"{path.as_uri()}#compare") as found:
        for name in names:
            found.page.get_by_label("add a network").fill(name)
            found.page.get_by_label("add a network").press("Enter")
        found.page.wait_for_function("document.querySelectorAll('.pickers > span').length === 4")
        address = found.page.url
    with opened(browser, address) as found:
        assert [text.removesuffix("×").strip() for text in found.texts(".pickers > span")] == [*names]
