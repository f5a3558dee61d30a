"""`archlens sweep … --page FILE.html`, in a browser: the command and the page tell of the same front."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Refused, Run
from tests.report.page.browser import chromium, opened

LENET = ("sweep", "lenet5", "--over", "input=1x28x28..1x40x40/2", "--over", "classes=2..5")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own, in which stores are kept."""
    monkeypatch.chdir(tmp_path)


def test_the_page_of_a_sweep(run: Run, tmp_path: Path) -> None:
    made = run(*LENET, "--minimise", "memory_access", "--maximise", "params", "--page", "page.html")
    assert made.code == 0
    front = json.loads(run("sweep", "front", "lenet5.sqlite", "--format", "json").out)["front"]
    with chromium() as browser, opened(browser, (tmp_path / "page.html").as_uri()) as found:
        assert found.texts("main h1") == ["lenet5: 7 × 4 = 28 variants"]
        assert f"20 variants, {len(front)} on the front" in found.texts("figcaption")[0]
        assert [*map(len, [found.texts("main tbody tr")])] == [20]
        found.page.get_by_label("budget").fill("1")
        best = found.texts('main p[role="status"] b')
        most = max(front, key=lambda each: each["params"])["settings"]
        assert best == [f"input {'x'.join(map(str, most['input']))}, classes {most['classes']}"]
        found.page.get_by_role("link", name="Networks").click()
        assert len(found.texts("main tbody tr")) == min(8, len(front))


def test_written_over_with_a_word_and_under_another_budget(run: Run, tmp_path: Path) -> None:
    assert run(*LENET, "--minimise", "params,memory_access", "--page", "page.html").code == 0
    again = run("sweep", "front", "lenet5.sqlite", "--where", "params < 100k", "--page", "page.html")
    assert (again.code, again.err) == (0, "archlens: page.html: overwritten\n")
    with chromium() as browser, opened(browser, (tmp_path / "page.html").as_uri()) as found:
        assert found.page.get_by_role("searchbox", name="where").input_value() == "params < 100k"
        assert re.search(r"^\d+ variants$", found.texts(".count")[0])


def test_where_it_cannot_be_written(run: Run) -> None:
    ended = run(*LENET, "--minimise", "params", "--page", "nowhere/page.html")
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == (
        "archlens: nowhere/page.html: cannot be written: No such file or directory"
    )


def test_a_page_without_what_draws_it_is_told_before_anything_is_computed(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    store, page = tmp_path / "a.sqlite", tmp_path / "a.html"
    space = ("sweep", "lenet5", "--over", "classes=1,2", "--minimise", "params", "-o", str(store))
    assert refused(*space, "--page", str(page)).startswith("a page draws graphs with igraph: pip install ")
    assert [*tmp_path.iterdir()] == []
