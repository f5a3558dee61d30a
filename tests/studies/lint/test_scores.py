"""Scores, by their definitions, and those of well-known networks recomputed."""

import pytest

import archlens
from archlens.analyses import fragmentation, totals
from archlens.passes import fold
from archlens.studies.lint import GUIDELINES, KNOWN, lint
from archlens.studies.lint.groups import grouped_layers
from archlens.studies.lint.scores import scores
from archlens.studies.lint.widths import unequal_widths
from tests.spec.written import network


@pytest.mark.parametrize("name", KNOWN)
def test_those_of_well_known_networks(name: str) -> None:
    found = lint(archlens.load(name))
    assert found.graph.model == name
    assert {guideline: round(score or 0, 2) for guideline, score in found.scores.items()} == KNOWN[name]


def test_which_networks_are_known() -> None:
    assert [name.split("_x")[0] for name in KNOWN] == [
        "vgg16", "resnet50", "mobilenet_v2", "shufflenet_v1_g3", "shufflenet_v2", "nasnet_a_mobile",
    ]  # fmt: skip
    assert all([*known] == [*GUIDELINES] for known in KNOWN.values())


def test_by_hand() -> None:
    """4·64 → 8·64 → 32·64 → 4·64 elements, with 32, 256 and 128 weights; the middle layer saves 512 of 2816.

    Of the last, the sum moves 3·256, and its two sides are one fragment and none.
    """
    graph = fold(
        network("[{conv: {out: 8}}, {conv: {out: 32}}, {conv: {out: 4}}, {add: [identity, identity]}]")
    )
    moved = 64 * (4 + 8) + 32 + 64 * (8 + 32) + 256 + 64 * (32 + 4) + 128 + 3 * 256
    assert totals(graph).memory_access == moved
    found = scores(graph, unequal_widths(graph), grouped_layers(graph))
    assert found == {"g1": moved / (moved - 512), "g2": 1.0, "g3": 1.0, "g4": moved / (moved - 768)}


def test_fragments_for_each_step() -> None:
    graph = archlens.load("googlenet")
    found = fragmentation(graph)
    assert lint(graph).scores["g3"] == found.fragments / found.serial_depth == 70 / 25
