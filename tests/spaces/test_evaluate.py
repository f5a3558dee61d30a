"""Variants, beside what the commands say of their graphs."""

import pickle

import pytest

import archlens
from archlens.devices import find
from archlens.errors import ArchlensError, DeviceError, UsageError
from archlens.spaces.evaluate import Evaluator, metrics_of_variants

EVERYTHING = metrics_of_variants()


def test_a_variant_costs_what_its_graph_does() -> None:
    evaluate = Evaluator("shufflenet_v2", EVERYTHING, device="pixel1")
    found = evaluate({"head": 2048}, input_shape=(3, 160, 160))
    graph = archlens.load("shufflenet_v2", head=2048, input=(3, 160, 160))
    profile = archlens.profile(graph)
    assert [*found] == [*EVERYTHING]
    assert found["params"] == profile.totals.params
    assert found["peak_activations_in_place"] == profile.whole.peak_in_place
    assert found["latency"] == pytest.approx(archlens.predict(graph, "pixel1").estimate.seconds, rel=1e-12)
    assert found["receptive_field"] == 527


def test_a_batch_counts() -> None:
    one, four = (Evaluator("vgg11", ("multiply_adds", "params"), batch=batch)({}) for batch in (1, 4))
    assert four == {"multiply_adds": 4 * one["multiply_adds"], "params": one["params"]}


def test_settings_of_the_reference_stand_unless_others_are_given() -> None:
    evaluate = Evaluator("resnet50[groups=32,base=4]", ("params",))
    assert evaluate({})["params"] == 25_028_904  # ResNeXt-50 32x4d
    assert evaluate({"groups": 1, "base": 64})["params"] == 25_557_032


def test_it_pickles_as_what_it_was_made_of() -> None:
    evaluate = Evaluator("resnet18", ("params", "latency"), device=find("rtx4090"), batch=2)
    before = len(pickle.dumps(evaluate))
    found = evaluate({})
    again = pickle.dumps(evaluate)
    assert len(again) == before < 10_000
    assert pickle.loads(again)({}) == found


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"heat": 4}, "shufflenet_v2_x1_0 has no setting heat; did you mean head"),
        (
            {"widths": [115, 232, 464]},
            r"specs/shufflenet_v2.yaml:\d+ stage2.0.* 115 channels",
        ),
        ({"depths": [3, 4]}, r"lists of different lengths .* depth has 2"),
    ],
)
def test_a_variant_that_does_not_fit_says_why(settings: dict[str, object], message: str) -> None:
    evaluate = Evaluator("shufflenet_v2", ("params",))
    with pytest.raises(ArchlensError, match=message):
        evaluate(settings)
    assert evaluate({})["params"] == 2_278_604


def test_a_time_too_far_from_what_was_seen_is_refused() -> None:
    evaluate = Evaluator("mobilenet_v2", ("latency",), device="pixel1", batch=100_000)
    with pytest.raises(DeviceError, match=r"^mobilenet_v2.* is too far from all that"):
        evaluate({})


def test_metrics_have_to_be_numbers_of_a_network() -> None:
    with pytest.raises(UsageError, match="parms is no metric of a variant; did you mean params"):
        Evaluator("resnet18", ("parms",))
    with pytest.raises(UsageError, match="channel_ratio is no metric of a variant"):
        Evaluator("resnet18", ("channel_ratio",))
    with pytest.raises(UsageError, match="latency takes a device"):
        Evaluator("resnet18", ("latency",))
    with pytest.raises(UsageError, match="float12"):
        Evaluator("resnet18", ("params",), dtype="float12")
