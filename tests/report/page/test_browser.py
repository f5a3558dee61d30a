"""The page in a real browser: from a file, nothing asked of a network, nothing wrong in the console."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

import archlens
from archlens.budgets.align import align
from archlens.devices.catalog import find
from archlens.devices.device import estimate
from archlens.quantity import duration, human, spread
from archlens.report.choice import Where
from archlens.report.page import Model, page
from archlens.report.page.devices import shipped
from tests.report.page.browser import opened
from tests.report.page.conftest import NAMES, Open
from tests.wiring import three_nodes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

VIEWS = (
    "networks", "network/resnet50", "network/googlenet?tab=graph", "network/resnet50?tab=roofline",
    "network/resnet50?tab=field", "network/resnet50?tab=live", "network/mobilenet_v2?tab=lint",
    "network/resnet50?tab=claims", "network/wired", "compare/resnet50,resnext50_32x4d", "compare",
    "guidelines", "savings", "claims",
)  # fmt: skip


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


def serious(page: "Page") -> list[tuple[str, list[str]]]:
    """What axe finds that keeps people from using the page: the rule, and some of the elements."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_numbers_look_as_they_do_in_python(look: Open) -> None:
    counts = [
        0,
        7,
        999,
        1000,
        100250,
        100350,
        999949,
        999950,
        25557032,
        4089184256,
        1234567890123,
        0.5,
        12.3456,
    ]
    times = [0.0123456, 1.0, 2.5, 1e-7, 3.3e-6, 0.00099999, 0.000999951, 123.4567, 4321.1]
    with look() as found:
        assert found.page.evaluate("each => each.map(value => human(value))", counts) == [*map(human, counts)]
        assert found.page.evaluate("each => each.map(duration)", times) == [*map(duration, times)]
        pairs = [[0.01201, 0.01262], [0.00099, 0.0013]]
        assert found.page.evaluate("each => each.map(([a, b]) => spread(a, b))", pairs) == [
            *map(spread, pairs)
        ]


@pytest.mark.parametrize("batch", [1, 64])
def test_predictions_are_those_of_python(look: Open, models: tuple[Model, ...], batch: int) -> None:
    """On every device that ships: seconds, interval, what binds, and what is outside of what was seen."""
    with look() as found:
        told: dict[str, list[Any]] = found.run(
            "readParts().then(() => Object.fromEntries(DATA.devices.map(device => [device.name,"
            f"DATA.models.model.map((_, i) => {{ const p = predict(i, device, {batch}); return [p.seconds,"
            "p.low ?? null, p.high ?? null, p.bound, p.outside.map(each => each.sentence), p.refused]; })])))"
        )
    for device in shipped():
        for model, place in zip(NAMES, range(0, len(NAMES), 4), strict=False):
            graph = archlens.load(model, batch=batch)
            at = [each.graph.model for each in models].index(graph.model)
            expected = estimate(graph, device)
            seconds, low, high, bound, outside, refused = told[device.name][at]
            assert seconds == pytest.approx(expected.seconds, rel=1e-9), (device.name, model, place)
            assert (low, high) == (pytest.approx(expected.interval) if expected.interval else (None, None))
            assert bound == expected.bound_by()
            assert sorted(outside) == sorted(expected.outside)
            assert refused == bool(expected.refused)


def test_conditions_are_those_of_the_command_line(look: Open, models: tuple[Model, ...]) -> None:
    conditions = (
        "params < 5M", "params<5M and multiply_adds < 300M", "year >= 2018 or family = resnet*", "layers=50",
        "model != resnet*", "flops < 1G and family != vgg", "peak-activations > 2M",
        "fragments >= 60 and year < 2016", "top1 > 74 % and params < 30M",
        "memory_access_bytes < 40 MB or title = Deep*",
    )  # fmt: skip
    with look() as found:
        columns = found.run("DATA.models")
        for text in conditions:
            condition = Where.parse(text)
            expected = [
                place
                for place in range(len(models))
                if condition.holds(lambda key, place=place: columns[key][place])  # type: ignore[misc]
            ]
            state = found.page.evaluate("text => { state.where = text; return left(); }", text)
            assert state == expected, text
        for wrong in (
            "params", "params << 5", "parms < 5M", "params < many", "layers = x", "memory_access_bytes < 40",
            "family > a",
        ):  # fmt: skip
            assert found.page.evaluate(
                "text => { try { where(text); return ''; } catch (error) { return error.message; } }", wrong
            ), wrong


def test_accuracy_is_an_axis_where_it_is_printed(look: Open, models: tuple[Model, ...]) -> None:
    printed = {each.graph.model: each.accuracy for each in models if each.accuracy}
    assert len(printed) > 3
    with look() as found:
        chart = found.run("(() => { state.y = 'top1'; return scatter(left()); })()")
        drawn = {mark["name"]: mark["y"] for mark in chart["marks"]}
        assert drawn == {name: accuracy.top1 for name, accuracy in printed.items()}
        assert "as papers and releases print it" in chart["source"]
    name, accuracy = next(iter(printed.items()))
    with look(f"network/{name}") as found:
        assert any(f"{accuracy.top1:g}%, {accuracy.where}" in text for text in found.texts(".facts li"))


PAIRS = (
    ("resnet18", "resnet50"), ("resnet50", "seresnet50"), ("resnet50", "resnext50_32x4d"),
    ("googlenet", "inception_v3"), ("mobilenet_v1", "mobilenet_v2"), ("alexnet", "swin_t"),
    ("shufflenet_v1_g3", "shufflenet_v2_x1_0"), ("densenet121", "nasnet_a_mobile"),
)  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_layers_are_aligned_as_diff_aligns_them(look: Open, pair: tuple[str, str]) -> None:
    before, after = map(archlens.load, pair)
    with look() as found:
        told = found.page.evaluate(
            "pair => align(...pair.map(name => layersOf(DATA.places.get(name))))", [*pair]
        )
    assert [tuple(each) for each in told] == [(each.before, each.after) for each in align(before, after)]


def test_search_and_conditions_and_families(look: Open) -> None:
    with look() as found:
        page = found.page
        page.get_by_role("searchbox", name="name", exact=True).fill("resne")
        assert {row.split("\t")[0] for row in found.texts("tbody tr")} == {
            "resnet18", "resnet50", "resnext50_32x4d", "seresnet50",
        }  # fmt: skip
        page.get_by_label("where").fill("params > 20M")
        assert found.texts(".count") == ["3 networks"]
        page.get_by_label("where").fill("params > ")
        assert "no condition" in found.texts(".wrong")[0]
        page.get_by_label("where").fill("")
        page.get_by_role("button", name="none").click()
        assert found.texts("tbody tr") == []
        assert "without=" in page.url


def test_sorted_by_a_heading(look: Open) -> None:
    with look() as found:
        column = found.page.locator("thead th", has_text="params")
        for order, expected in (("ascending", min), ("descending", max)):
            column.get_by_role("button").click()
            assert column.get_attribute("aria-sort") == order
            first = found.texts("tbody tr")[0].split("\t")[0]
            assert first == expected(NAMES, key=params) or first == "wired"


def params(name: str) -> int:
    return sum(node.cost.params for node in archlens.load(name).nodes)


def test_columns_are_chosen_and_copied(look: Open) -> None:
    with look("networks?search=resnet18") as found:
        page = found.page
        page.locator("summary", has_text="columns").click()
        page.locator(".boxes label", has_text="element-wise").first.click()
        assert "element-wise" in " ".join(found.texts("thead th"))
        page.evaluate("() => { window.copied = []; copy = (text) => copied.push(text); }")
        for name in ("Markdown", "CSV", "LaTeX"):
            page.get_by_role("button", name=name).click()
        markdown, csv, latex = page.evaluate("copied")
        assert markdown.splitlines()[2].startswith("| resnet18 | 2015 | 3×224×224 | 11.69M |")
        assert "11689512" in csv
        assert r"\begin{tabular}" in latex
        assert r"resnet18 & 2015 & 3$\times$224$\times$224" in latex


def test_a_predicted_time_never_stands_without_its_interval(look: Open) -> None:
    (expected,) = [estimate(archlens.load("resnet50", batch=64), find("rtx4090"))]
    assert expected.interval
    text = f"{duration(expected.seconds)} ({spread(expected.interval)})"
    for view in ("networks?batch=64", "network/resnet50?batch=64", "compare/resnet18,resnet50?batch=64"):
        with look(view) as found:
            assert text in found.page.inner_text("main")


def test_lower_bounds_say_so(look: Open) -> None:
    with look("network/wired") as found:
        assert "≥" in found.texts(".facts")[0]
    with look("networks?search=wired") as found:
        assert "≥" in found.texts("tbody tr")[0]


def test_a_tree_opens_to_its_layers(look: Open) -> None:
    with look("network/resnet50") as found:
        page = found.page
        rows = found.texts("table.tree tbody tr")
        assert [row.split("\t")[0].split(" ")[0].strip("▸\n ") for row in rows] == [
            "stem", "stage1", "stage2", "stage3", "stage4", "head",
        ]  # fmt: skip
        page.get_by_role("button", name="open stage1").click()
        page.get_by_role("button", name="open stage1.0").click()
        page.locator('tr[data-path="stage1.0.conv2"] .row-name').click()
        aside = page.inner_text("aside")
        assert "specs/resnet.yaml line " in aside
        assert "36.86k" in aside  # 3 · 3 · 64 · 64
        assert "at=stage1.0.conv2" in page.url
        page.locator("aside").get_by_role("button", name="stage1.0.relu1").click()
        assert "at=stage1.0.relu1" in page.url


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
        assert found.page.locator("svg circle").count() == len(NAMES) + 1
        assert "resnet50" in found.page.locator("table").first.inner_text()
        assert "G1" in found.page.locator("table").nth(1).inner_text()


def test_a_browser_that_cannot_inflate_shows_the_tables(look: Open) -> None:
    with look() as found:
        found.page.evaluate("delete window.DecompressionStream; start().catch(() => 0)")
        found.page.wait_for_selector("#app table")
        assert "cannot draw" in found.texts(".wrong")[0]
