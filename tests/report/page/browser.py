"""A real browser for pages: Chromium by Playwright, and what it said while it drew one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["Opened", "chromium", "opened"]

WITHOUT = "ARCHLENS_WITHOUT_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def chromium() -> "Iterator[Browser]":
    """A browser; without one the test fails, unless somebody has set ARCHLENS_WITHOUT_BROWSER=1."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get(WITHOUT) == "1":
            pytest.skip(f"{WITHOUT} is set")
        pytest.fail(
            f"pages are tested in Chromium; none is here: apt-get install chromium, or set {WITHOUT}=1"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page in the browser, with what went wrong and what was asked of a network meanwhile."""

    page: "Page"
    wrong: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def asked(self, url: str) -> None:
        """Note what lies elsewhere than in a file."""
        if not url.startswith(("file:", "data:", "blob:")):
            self.requests.append(url)

    def run(self, script: str) -> Any:
        """What a script of the page gives."""
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that match."""
        return self.page.locator(selector).all_inner_texts()


@contextmanager
def opened(browser: "Browser", url: str, **options: Any) -> Iterator[Opened]:
    """A page, drawn. Whatever it writes to the console, throws or asks of a network fails the test."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    found = Opened(page)
    page.on("console", lambda message: found.wrong.append(message.text))
    page.on("pageerror", lambda error: found.wrong.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("file:", "data:", "blob:"))
            else found.requests.append(request.url)
        ),
    )
    page.goto(url)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html[data-complete]")
    yield found
    context.close()
    assert (found.wrong, found.requests) == ([], [])
