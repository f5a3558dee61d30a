"""Times that were measured: read from files, matched to networks, shown with machine and date."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import archlens
from archlens.errors import ArchlensError
from archlens.report.page import page, read_measured
from archlens.report.page.measured import measured_data, strangers
from tests.report.page.browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MACHINE = {
    "fingerprint": "12345678", "processor": "Abacus 9 (beads 4)", "logical_cores": 8, "memory_gib": 16,
    "system": "Linux 6", "python": "3.11.7", "torch": "2.13.0", "gpu": None, "cuda": None,
}  # fmt: skip


def run(model: str, median: float, **changed: Any) -> dict[str, Any]:
    """What `archlens measure -f json` writes of a network."""
    graph = archlens.load(model)
    products = sum(node.cost.multiply_adds for node in graph.nodes)
    return {
        "model": model, "device": "cpu", "batch": 1, "input": list(graph.input_shape), "dtype": "float32",
        "layout": "nchw", "mode": "eager", "threads": 2, "seed": 0, "fused": False, "median_s": median,
        "interval_s": [0.9 * median, 1.1 * median], "reliable": True, "warnings": [],
        "multiply_adds_per_second": products / median, "machine": MACHINE,
        "started": "2026-11-20T08:00:00+00:00", "archlens": "0.1.0", **changed,
    }  # fmt: skip


def file(path: Path, *runs: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(runs), encoding="utf-8")
    return path


def test_what_was_measured_is_read(tmp_path: Path) -> None:
    (found,) = read_measured(file(tmp_path / "times.json", run("resnet18", 0.02)))
    assert (found.model, found.date) == ("resnet18", "2026-11-20")
    assert found.conditions == "cpu, 2 threads, batch 1, float32, nchw, eager"
    assert found.machine == (
        "Abacus 9 (beads 4), 8 cores, 16 GiB; Linux 6, Python 3.11.7, PyTorch 2.13.0, archlens 0.1.0; "
        "machine 12345678"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("model,median", "no JSON"),
        ('{"model": "resnet18"}', "input is missing or wrong"),
        ("[3]", "an object a network is missing or wrong"),
        (json.dumps([run("lenet5", 0.001, median_s="fast")]), "median_s is missing or wrong"),
        (json.dumps([run("lenet5", 0.001, median_s=float("nan"))]), "median_s is missing or wrong"),
        (json.dumps([run("lenet5", 0.001, interval_s=[0.001])]), "interval_s is missing or wrong"),
        (json.dumps([run("lenet5", 0.001, input="1x32x32")]), "input is missing or wrong"),
        (json.dumps([run("lenet5", 0.001, machine={"processor": "Abacus"})]), "machine is missing or wrong"),
    ],
)
def test_other_files_are_refused_in_a_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "times.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArchlensError, match=why) as told:
        read_measured(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
    with pytest.raises(ArchlensError, match="cannot be read"):
        read_measured(tmp_path / "none.json")


def test_a_time_belongs_to_one_network_alone(tmp_path: Path) -> None:
    """Another name, another input, or a network that was changed since: left out, and told."""
    runs = (
        run("resnet18", 0.02),
        run("resnet50", 0.05),
        run("alexnet", 0.01, input=[1, 3, 64, 64]),
        run("lenet5", 0.001, multiply_adds_per_second=1.0),
    )
    found = read_measured(file(tmp_path / "times.json", *runs))
    graphs = [archlens.load(name) for name in ("lenet5", "resnet18", "alexnet")]
    (line,) = strangers(found, graphs)
    assert line == (
        f"{tmp_path / 'times.json'}: 3 of 4 times left out, of no network of this page "
        "(another name, input or cost): resnet50, alexnet, lenet5"
    )
    (column,) = measured_data(found, graphs)
    assert column["seconds"] == [None, 0.02, None]
    assert column["dates"] == ["", "2026-11-20", ""]
    assert strangers(found[:1], graphs) == []
    assert measured_data(found[1:], graphs) == []


def test_a_batch_is_of_the_same_network() -> None:
    from archlens.report.page import Measured

    graph = archlens.load("lenet5", batch=8)
    products = sum(node.cost.multiply_adds for node in graph.nodes)
    timed = run("lenet5", 0.002, batch=8, input=[8, 1, 32, 32], multiply_adds_per_second=products / 0.002)
    assert Measured(timed, "times.json").of(archlens.load("lenet5"))


def test_conditions_and_machines_are_columns_of_their_own(tmp_path: Path) -> None:
    """Of the same network under the same conditions, the last that was started counts."""
    later = run("lenet5", 0.003, started="2026-11-21T08:00:00+00:00")
    elsewhere = run("lenet5", 0.005, machine={**MACHINE, "fingerprint": "87654321"})
    runs = (later, run("lenet5", 0.001), run("lenet5", 0.004, threads=1), elsewhere)
    found = read_measured(file(tmp_path / "times.json", *runs))
    columns = measured_data(found, [archlens.load("lenet5")])
    assert sorted(column["seconds"][0] for column in columns) == [0.003, 0.004, 0.005]


def test_the_page_shows_them_beside_predicted_times(browser: "Browser", tmp_path: Path) -> None:
    doubted = run("resnet50", 0.05, reliable=False, warnings=["load: others kept it busy"])
    found = read_measured(file(tmp_path / "times.json", run("resnet18", 0.02), doubted))
    path = tmp_path / "index.html"
    graphs = [archlens.load(name) for name in ("resnet18", "resnet50", "lenet5")]
    path.write_text(page(graphs, ["rtx4090"], studies=False, measured=found), encoding="utf-8")
    machine, url = "Abacus 9 (beads 4), 8 cores, 16 GiB; Linux 6", path.as_uri()
    with opened(browser, f"{url}#networks?y=measured") as view:
        assert "measured time against multiply-adds: 2 networks" in view.texts("figcaption")[0]
        assert machine in view.texts(".source")[0]
        assert "2026-11-20" in view.texts(".source")[0]
        rows = {row.split("\t")[0]: row for row in view.texts("tbody tr")}
        assert "20.00 ms (18.00–22.00 ms)" in rows["resnet18"]
        assert "50.00 ms (45.00–55.00 ms), unreliable" in rows["resnet50"]
        assert " ms (" not in rows["lenet5"].split("\t")[7]
        assert view.page.locator("path.mark.hatched").count() >= 1
        view.page.get_by_label("where").fill("measured < 30 ms")
        assert [row.split("\t")[0] for row in view.texts("tbody tr")] == ["resnet18"]
    with opened(browser, f"{url}#network/resnet50") as view:
        facts = " ".join(view.texts(".facts li"))
        assert "50.00 ms (45.00–55.00 ms), unreliable" in facts
        sources = " ".join(view.texts("main .source"))
        assert f"Measured 2026-11-20 on {machine}" in sources
        assert "load: others kept it busy" in sources
    with opened(browser, f"{url}#compare/resnet18,resnet50") as view:
        (row,) = [row for row in view.texts("tbody tr") if row.startswith("measured")]
        assert "2.50×" in row
    with opened(browser, f"{url}#network/lenet5") as view:
        assert "easured" not in view.page.inner_text("main")
    with opened(browser, url, java_script_enabled=False) as view:
        assert "50.00 ms" in view.page.locator("table", has_text="Measured times").inner_text()
