"""Counters and printed figures as a table."""

import csv
import io
from collections.abc import Callable

import archlens
from archlens.graph import Graph
from archlens.quantity import Quantity
from archlens.report import render_csv, render_markdown, render_text
from archlens.report.reconciliation import how, reconciliation_as_dict, reconciliation_table
from archlens.studies.reconciliation.claim import Claim, Way, check_claim
from archlens.studies.reconciliation.processes import Count
from archlens.studies.reconciliation.reconcile import Difference
from archlens.studies.reconciliation.terms import Part, Term

Golden = Callable[[str, str], None]
OURS = 4_089_184_256


def differences() -> list[Difference]:
    """One of each kind."""
    norm = Term("normalisation", 22_227_968, (Part(11_113_984, "inputs", 2),))
    soft = Term("activations", 16_737_120, (Part(5_588_496, "inputs", 3), Part(28_368, "rows", -1)))
    missed = Term("attention missed", -400, (Part(400, "multiply-adds", -1),))
    return [
        Difference(Count("fvcore", "0.1.5", OURS + norm.amount), OURS, (norm,)),
        Difference(Count("thop", "0.1.1", OURS + soft.amount - 400), OURS, (soft, missed)),
        Difference(Count("calflops", "0.3.2", OURS), OURS, ()),
        Difference(Count("ptflops", "0.7.5", OURS + 7), OURS, ()),
        Difference(Count("torchinfo", "1.8.0", None, "ValueError: no way"), OURS, ()),
    ]


def claim(graph: Graph, text: str) -> Claim:
    """Without other sizes."""
    return check_claim(graph, Quantity.parse(text))


def test_golden(golden: Golden) -> None:
    graph = archlens.load("resnet50")
    table = reconciliation_table(graph, differences(), claim(graph, "4.12G"))
    golden("reconciliation.txt", render_text(table))
    golden("reconciliation_80_columns.txt", render_text(table, width=80))
    golden("reconciliation.md", render_markdown(table))
    golden("reconciliation.csv", render_csv(table))


def test_a_claim_alone_has_no_columns_of_counters() -> None:
    graph = archlens.load("resnet50")
    table = reconciliation_table(graph, [], claim(graph, "8.2G"))
    assert [column.key for column in table.columns] == ["counter", "count", "term"]
    assert render_text(table).splitlines()[5].split() == [
        "printed:", "8.2G", "8,178,368,512", "2", "per", "multiply-add",
    ]  # fmt: skip


def test_no_convention_gives_it() -> None:
    graph = archlens.load("resnet50")
    text = render_text(reconciliation_table(graph, [], claim(graph, "3.8G")))
    assert "4,087,136,256  none of " in text
    assert "conventions gives it; nearest: without the classifier" in text


def test_many_ways_are_cut() -> None:
    many = tuple(Way((f"term {i}",), 4_120_000_000 + i) for i in range(13))
    graph = archlens.load("resnet50")
    cut = Claim(Quantity.parse("4.12G"), many, 500, many[0])
    lines = render_text(reconciliation_table(graph, [], cut)).splitlines()
    assert sum("term " in line for line in lines) == 10
    assert any("and 3 conventions of as many terms or more" in line for line in lines)


def test_csv_has_raw_numbers_that_add_up() -> None:
    graph = archlens.load("resnet50")
    rows = list(csv.DictReader(io.StringIO(render_csv(reconciliation_table(graph, differences(), None)))))
    ours, *totals = [int(row["count"]) for row in rows if row["counter"] and row["count"]]
    terms = [int(row["count"]) for row in rows if not row["counter"]]
    assert ours == OURS
    assert sum(terms) == sum(total - ours for total in totals)
    assert rows[-1]["term"] == "failed: ValueError: no way"


def test_how_a_term_comes_about() -> None:
    assert how(Term("a", 5, (Part(3, "inputs", 3), Part(4, "rows", -1)))) == "3 inputs × 3 − 4 rows"
    assert (
        how(Term("a", 5, (Part(4, "rows", -2), Part(1_300, "outputs", 1)))) == "−4 rows × 2 + 1,300 outputs"
    )


def test_json_says_the_same() -> None:
    graph = archlens.load("resnet50")
    shown = reconciliation_as_dict(graph, differences(), claim(graph, "8.2G"))
    assert (shown["model"], shown["input"], shown["multiply_adds"]) == ("resnet50", [1, 3, 224, 224], OURS)
    fvcore, _, _, ptflops, torchinfo = shown["counters"]
    assert fvcore["difference"] == fvcore["terms"][0]["count"] == 22_227_968
    assert (ptflops["difference"], ptflops["unexplained"]) == (7, 7)
    assert (torchinfo["total"], torchinfo["difference"]) == (None, None)
    assert shown["claim"]["conventions"] == [
        {"term": "2 per multiply-add", "terms": ["2 per multiply-add"], "count": 2 * OURS}
    ]
    assert "claim" not in reconciliation_as_dict(graph, [], None)
