"""All networks: any number against any other, search, filters, a table to sort and to copy."""

import archlens
from archlens.report.page import Model
from tests.report.page.conftest import NAMES, Open


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
