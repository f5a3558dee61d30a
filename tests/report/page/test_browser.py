"""The page in a real browser: from a file, nothing asked of a network, nothing wrong in the console."""

from typing import TYPE_CHECKING, Literal

import pytest

from tests.report.page.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

VIEWS = (
    "networks", "network/resnet50", "network/googlenet?tab=graph", "network/resnet50?tab=roofline",
    "network/resnet50?tab=field", "network/resnet50?tab=live", "network/mobilenet_v2?tab=lint",
    "network/resnet50?tab=claims", "network/wired", "compare/resnet50,resnext50_32x4d", "compare",
    "guidelines", "savings", "claims",
)  # fmt: skip

CUT = """[...document.querySelectorAll("main svg.plot text")].filter((text) => {
  const [box, whole] = [text, text.closest("svg")].map((each) => each.getBoundingClientRect());
  return box.width > 0 && (box.left < whole.left - 1 || box.right > whole.right + 1);
}).map((text) => text.textContent)"""
"""What charts write outside of themselves, where it is cut."""


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws_for_everybody(look: Open, view: str) -> None:
    """It has a heading and no loose ends; axe has nothing serious in either theme; a phone is wide enough."""
    with look(view) as found:
        text = found.page.inner_text("main")
        assert found.texts("main h1")
        assert not [word for word in ("undefined", "NaN", "[object", "null") if word in text]
        for scheme in SCHEMES:
            found.page.emulate_media(color_scheme=scheme)
            assert serious(found.page) == []
        found.page.set_viewport_size({"width": 390, "height": 844})
        assert found.run("render().then(() => document.documentElement.scrollWidth)") <= 390
        assert found.run(CUT) == []


def serious(page: "Page") -> list[tuple[str, list[str]]]:
    """What axe finds that keeps people from using the page: the rule, and some of the elements."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
