"""Networks known as sections, against the whole graphs of the catalogue."""

from archlens.graph import Graph
from archlens.report.engine import OF_SECTIONS, Engine
from archlens.report.listing import list_models
from archlens.report.profile import profile
from archlens.spec.catalog import find


def test_every_metric_of_every_network_is_that_of_its_graph(catalogue: dict[str, Graph]) -> None:
    """One engine has seen all networks before the last of them, as in `archlens list`."""
    entries = list_models(columns=sorted(OF_SECTIONS))
    assert sorted(entry.model for entry in entries) == sorted(catalogue)
    for entry in entries:
        found = profile(catalogue[entry.model])
        told = found.metrics(found.whole)
        assert entry.metrics.keys() == OF_SECTIONS
        for key in OF_SECTIONS:
            assert entry.metrics[key] == told[key], f"{entry.model}: {key}"
        assert (entry.params, entry.multiply_adds) == (found.totals.params, found.totals.multiply_adds)


def test_what_takes_the_whole_graph_is_not_told() -> None:
    engine = Engine()
    section = engine.section(find("resnet18"))
    assert engine.tells(section, {"layers", "peak_activations"})
    for key in ("receptive_field", "training_activations", "peak_activations_in_place", "latency"):
        assert not engine.tells(section, {"layers", key})


def test_metrics_come_in_one_order_whatever_the_order_asked_for() -> None:
    (entry,) = list_models("lenet5", columns=["kernels", "writes", "layers", "reads"])
    assert [*entry.metrics] == ["reads", "writes", "layers", "kernels"]
