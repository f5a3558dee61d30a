"""G4: what is left after the fold, worked by hand."""

import pytest
import torch

from archlens.passes import fold
from archlens.studies.lint.element_wise import (
    DROPPED,
    FUSED,
    MOVED,
    ONCE,
    REPLACED,
    element_wise_access,
    element_wise_operators,
    repeated,
)
from tests.recorder.networks import Applied
from tests.recorder.recordings import recorded
from tests.spec.written import network

MAP = 4 * 8 * 8


def test_what_folds_is_not_there() -> None:
    graph = fold(network("[{conv: {out: 4}}, batch_norm, relu, {conv: {out: 4}}]"))
    assert element_wise_operators(graph) == ()
    assert element_wise_access(graph) == 0


def test_a_sum_that_a_convolution_can_go_on_with() -> None:
    """It reads two maps and writes one; fused, one is neither written nor read again."""
    graph = fold(network("[{add: [identity, {conv: {out: 4}}]}]"))
    (finding,) = element_wise_operators(graph)
    assert (finding.guideline, finding.subject, finding.advice) == ("g4", "add", FUSED)
    assert (finding.memory_access, finding.saved, finding.kernels) == (3 * MAP, 2 * MAP, 1)
    assert element_wise_access(graph) == 3 * MAP
    pair = finding.worst.pair
    assert pair is not None
    assert not pair.whole
    assert [node.op.kind for node in pair.now.nodes] == ["input", "conv", "add"]
    assert [node.op.kind for node in pair.instead.nodes] == ["input", "conv"]


def test_a_sum_of_what_others_read_too() -> None:
    """Nothing to go on with: the input is read twice."""
    (finding,) = element_wise_operators(network("[{conv: {out: 4}}, {add: [identity, identity]}]"))
    assert (finding.advice, finding.saved) == (DROPPED, 3 * MAP)


def test_an_activation_of_what_others_read_too() -> None:
    graph = fold(network("[{conv: {out: 4}}, {add: [identity, [relu, {conv: {out: 4}}]]}]"))
    by_advice = {finding.advice: finding for finding in element_wise_operators(graph)}
    assert by_advice[MOVED].saved == 2 * MAP
    assert by_advice[FUSED].saved == 2 * MAP


def test_the_same_on_the_same_is_needed_once() -> None:
    branches = ", ".join(["[relu, {conv: {out: 4}}]"] * 3)
    graph = network(f"[{{conv: {{out: 4}}}}, {{concat: [{branches}]}}]")
    by_advice = {finding.advice: finding for finding in element_wise_operators(graph)}
    assert len(by_advice[ONCE].places) == len(repeated(graph)) == 2
    assert by_advice[ONCE].saved == 2 * 2 * MAP


def test_other_weights_are_not_the_same() -> None:
    assert repeated(network("[{add: [{conv: {out: 4}}, {conv: {out: 4}}]}]")) == []


@pytest.mark.parametrize(
    ("items", "moved", "saved"),
    [
        ("[{conv: {out: 4}}, {channel_shuffle: {groups: 2}}, {conv: {out: 4}}]", 2, 2),
        ("[{conv: {out: 4}}, {split: 2, concat: [identity, {conv: {out: 2}}]}]", 2, 1),  # a view stays
        ("[{concat: [{conv: {out: 4}}, {conv: {out: 4}}]}]", 4, 4),
    ],
)
def test_copies_are_written_where_they_are_read(items: str, moved: int, saved: int) -> None:
    (finding,) = element_wise_operators(network(items))
    assert finding.advice == FUSED
    assert (finding.memory_access, finding.saved) == (moved * MAP, saved * MAP)


def test_pools_are_no_element_wise_operators() -> None:
    graph = network("[{conv: {out: 4}}, {max_pool: {kernel: 2}}, global_average_pool]")
    assert element_wise_access(graph) == 0


def test_a_normalisation_by_its_own_statistics_does_not_fold() -> None:
    graph = fold(network("[{conv: {out: 4}}, {group_norm: {groups: 2}}, {conv: {out: 4}}]"))
    (finding,) = element_wise_operators(graph)
    assert finding.advice == REPLACED
    assert finding.saved == finding.memory_access == element_wise_access(graph)


def test_a_softmax_counts_without_a_finding() -> None:
    graph = network("[{conv: {out: 4}}, softmax, {conv: {out: 4}}]")
    assert element_wise_operators(graph) == ()
    assert element_wise_access(graph) == 2 * MAP


def test_a_product_with_a_number_that_was_computed() -> None:
    """The number is one place, and not worth a finding by itself."""
    graph = recorded(Applied(lambda x: (x + 1) * x.sum()), torch.zeros(1, 4, 8, 8))
    found = {finding.subject: finding for finding in element_wise_operators(graph)}
    assert found["multiply"].memory_access == 4 * 64 + 1 + 4 * 64
    assert found["multiply"].saved == 2 * 4 * 64
