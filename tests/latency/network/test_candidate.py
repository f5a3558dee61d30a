"""What is to be timed: a graph, or a graph and the module that runs for it."""

import archlens
from archlens.latency.network.candidate import Candidate


def test_a_graph_stands_for_what_is_built_from_it() -> None:
    graph = archlens.load("lenet5")
    found = Candidate.of(graph)
    assert found == Candidate(graph)
    assert found.load is None
    assert found.any_batch
    assert Candidate.of(found) is found
