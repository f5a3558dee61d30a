"""For everybody who reads: by keyboard, dark and light, on paper, without JavaScript."""

import pytest

from tests.report.page.conftest import NAMES, Open


def test_a_click_on_a_dot_opens_its_network(look: Open) -> None:
    with look("networks?search=resnet50&x=params&y=multiply_adds") as found:
        found.page.locator("svg.plot").focus()
        found.page.keyboard.press("ArrowRight")
        name = found.texts(".tip b")[0]
        found.page.keyboard.press("Enter")
        found.page.wait_for_selector(".facts")
        assert found.texts("main h1") == [name]


def test_everything_is_reached_by_keyboard(look: Open) -> None:
    """Every control is reached by Tab, in the order in which it stands."""
    with look("network/resnet50") as found:
        page = found.page
        able = "a[href], button, select, input, [tabindex='0']"
        total = page.evaluate(
            f'[...document.querySelectorAll("{able}")]'
            ".filter(each => each.tabIndex >= 0 && each.offsetParent !== null).length"
        )
        reached = set()
        for _ in range(total + 2):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert len(reached) >= total


def test_tabs_by_arrow_keys(look: Open) -> None:
    with look("network/resnet50") as found:
        found.page.get_by_role("tab", name="Layers").focus()
        found.page.keyboard.press("ArrowRight")
        assert found.run("document.activeElement.textContent") == "Graph"
        assert found.texts('[role="tab"][aria-selected="true"]') == ["Graph"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_and_the_button_between(look: Open, scheme: str) -> None:
    with look(color_scheme=scheme) as found:
        paper = "getComputedStyle(document.body).backgroundColor"
        before = found.run(paper)
        assert (before == "rgb(255, 255, 255)") == (scheme == "light")
        found.page.get_by_role("button", name="dark or light").click()
        assert found.run(paper) != before


def test_the_first_view_prints_on_a_page(look: Open) -> None:
    with look("networks") as found:
        found.page.emulate_media(media="print")
        assert found.run("getComputedStyle(document.querySelector('nav')).display") == "none"
        pdf = found.page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == 1


def test_without_javascript_there_are_tables_and_a_picture(look: Open) -> None:
    with look(java_script_enabled=False) as found:
        assert found.page.locator("table").first.locator("tbody tr").count() == len(NAMES) + 1
        assert found.page.locator("svg").first.locator("circle").count() == len(NAMES) + 1
        assert found.page.locator("details").count() == len(NAMES) + 1
        assert "resnet50" in found.page.locator("table").first.inner_text()
        assert found.page.locator("table", has_text="1:12").count() == 1
        assert found.page.locator("svg.bars").count() == 4
        found.page.get_by_text("resnet50", exact=True).last.click()
        assert "stage4" in found.page.locator("details[open]").inner_text()


def test_a_browser_that_cannot_inflate_shows_the_tables(look: Open) -> None:
    with look() as found:
        found.page.evaluate("delete window.DecompressionStream; start().catch(() => 0)")
        found.page.wait_for_selector("#app table")
        assert "cannot draw" in found.texts(".wrong")[0]
