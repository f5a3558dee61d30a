"""Options of the commands that measure: what they turn into."""

import pytest

import archlens
from archlens.cli.latency_options import in_turns
from archlens.errors import MissingDependencyError
from archlens.latency import requirements
from archlens.latency.requirements import conditions_for


def test_conditions() -> None:
    found = conditions_for("cpu", "bfloat16", "channels_last", "export", 1, 7)
    assert (found.device, found.dtype, found.layout, found.mode, found.threads, found.seed) == (
        "cpu", "bfloat16", "channels_last", "export", 1, 7,
    )  # fmt: skip


def test_what_is_missing_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="measuring needs PyTorch"):
        conditions_for("cpu", "float32", "nchw", "eager", None, 0)


def test_names_are_those_of_the_table() -> None:
    conditions = conditions_for("cpu", "float32", "nchw", "eager", 1, 0)
    graph = archlens.load("lenet5")
    found = in_turns(
        [graph, graph], ["lenet5", "lenet5 (2)"], conditions, baseline=0, fused=False, min_time=0.0
    )
    assert [each.subject.model for each in found.measurements] == ["lenet5", "lenet5 (2)"]
    assert (found.ratios[0].model, found.ratios[0].baseline) == ("lenet5 (2)", "lenet5")
