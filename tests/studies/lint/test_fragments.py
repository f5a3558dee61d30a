"""G3: cells found, and merged into one chain."""

import archlens
from archlens.analyses import totals
from archlens.graph import verify
from archlens.studies.lint.fragments import fragmented_parts, parallel_parts, repeated_fragments
from tests.spec.written import network

FOUR = """
    - {conv: {out: 8}}
    - name: cell
      do:
        - add:
            - {name: a, do: [{conv: {out: 8}}]}
            - {name: b, do: [{conv: {out: 8}}]}
            - {name: c, do: [{conv: {out: 8}}]}
            - {name: d, do: [{conv: {out: 8}}]}
    - {conv: {out: 4}}
"""


def test_four_in_parallel_worked_by_hand() -> None:
    """Table 3's 4-fragment-parallel at 64 places: 4·64·8·8 multiply-adds, which one layer of 16 → 16 has.

    Four layers move 64·16 + 64 elements each, three sums 3·512 each; the one layer 64·32 + 256.
    """
    graph = network(FOUR)
    (finding,) = fragmented_parts(graph)
    (place,) = finding.places
    assert (finding.guideline, finding.subject) == ("g3", "up to 4 fragments side by side")
    assert place.path == "cell"
    assert place.memory_access == 4 * (64 * 16 + 64) + 3 * 3 * 512
    assert place.memory_access - place.saved == 64 * 32 + 256
    assert place.multiply_adds == 1.0
    assert place.kernels == 4 + 3 - 1
    assert place.now == "4 fragments in 1 step, 7 kernels at 8×8"
    assert place.instead == "1 kernel in a chain of 1, 2.00 times the channels"


def test_both_are_networks_by_themselves() -> None:
    graph = archlens.load("googlenet")
    for finding in fragmented_parts(graph):
        for place in finding.places:
            assert place.pair is not None
            verify(place.pair.now)
            verify(place.pair.instead)
            assert place.memory_access == totals(place.pair.now).memory_access


def test_a_shortcut_that_projects_is_no_fragmentation() -> None:
    graph = archlens.load("resnet50")
    assert parallel_parts(graph)
    assert fragmented_parts(graph) == ()


def test_parts_are_googlenet_s_modules() -> None:
    modules = ["stage3.a", "stage3.b", *(f"stage4.{each}" for each in "abcde"), "stage5.a", "stage5.b"]
    assert list(parallel_parts(archlens.load("googlenet"))) == modules


def test_a_chain_has_no_parts() -> None:
    assert parallel_parts(archlens.load("vgg16")) == {}


def test_pools_that_compute_the_same() -> None:
    pool = "{max_pool: {kernel: 3, stride: 1, padding: 1}}"
    (finding,) = repeated_fragments(network(f"[{{conv: {{out: 4}}}}, {{add: [{pool}, {pool}]}}]"))
    assert (finding.guideline, len(finding.places), finding.saved) == ("g3", 1, 2 * 4 * 64)
