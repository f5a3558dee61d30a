"""The networks by column: every number is that of the profile, which is that of the CSV."""

import archlens
from archlens.report.page.data import page_data, profiles
from archlens.report.page.model import Model
from archlens.report.profile import profile
from tests.wiring import incomplete, three_nodes


def test_numbers_are_those_of_the_profile() -> None:
    graphs = [archlens.load("resnet50"), archlens.load("vit_b_16"), three_nodes()]
    models = [Model(graph) for graph in graphs]
    columns = page_data(models, profiles(models), ["rtx4090"], "0")["models"]
    for place, graph in enumerate(graphs):
        numbers = profile(graph).as_dict()["totals"]
        told = {key: column[place] for key, column in columns.items() if key in numbers}
        assert told == {key: numbers[key] for key in told}
        assert {"params", "multiply_adds", "peak_activations", "layers", "memory_access_bytes"} <= told.keys()


def test_what_cannot_be_bounded_is_not_told_of_a_network_that_is_not_complete() -> None:
    models = [Model(incomplete())]
    columns = page_data(models, profiles(models), ["rtx4090"], "0")["models"]
    assert columns["complete"] == [0]
    assert columns["params"] == [profile(incomplete()).totals.params]
    assert columns["layers"] == [None]
    assert columns["multiply_adds_per_byte"] == [None]
