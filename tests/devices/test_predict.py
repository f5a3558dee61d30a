"""Predictions, by arithmetic that a reader can follow."""

import time
from dataclasses import replace

import pytest

import archlens
from archlens.devices.predict import predict_seconds
from archlens.devices.profile import DeviceProfile, Seen
from archlens.devices.terms import VIEWS
from archlens.ops import Conv, ReLU
from archlens.passes import chain
from tests.devices.test_profile import EVIDENCE

NETWORK = chain((1, 4, 6, 6), [Conv(8, 3), ReLU()])
PROFILE = DeviceProfile(
    name="toy", title="A toy", device="Toy", engine="eager", evidence=EVIDENCE,
    coefficients={
        "arithmetic.dense": 1e-9, "memory.dense": 1e-8, "memory.activation": 2e-8, "weights": 3e-8,
        "launches.dense": 1e-5, "launches.activation": 2e-5, "constant": 1e-3,
    },
)  # fmt: skip


def test_seconds_are_amounts_times_coefficients() -> None:
    found = predict_seconds(NETWORK, PROFILE, batch=2)
    convolution, relu = found.rows
    assert convolution.arithmetic == pytest.approx(2 * 36 * 8 * 36 * 1e-9)
    assert convolution.memory == pytest.approx(2 * (36 * 4 + 36 * 8) * 1e-8)
    assert convolution.weights == pytest.approx(288 * 3e-8)
    assert convolution.launches == 1e-5
    assert relu.memory == pytest.approx(2 * 2 * 36 * 8 * 2e-8)
    assert (relu.arithmetic, relu.launches, relu.bound) == (
        0,
        2e-5,
        "memory" if relu.memory > 2e-5 else "launches",
    )
    assert found.seconds == pytest.approx(1e-3 + convolution.seconds + relu.seconds)
    assert found.low == pytest.approx(0.8 * found.seconds)
    assert found.high == pytest.approx(1.3 * found.seconds)
    assert found.images_per_second == pytest.approx(2 / found.seconds)


def test_the_batch_of_the_graph_is_no_matter() -> None:
    one, four = archlens.load("lenet5"), archlens.load("lenet5", batch=4)
    assert predict_seconds(one, PROFILE, 8).seconds == pytest.approx(
        predict_seconds(four, PROFILE, 8).seconds
    )


def test_a_profile_without_evidence_has_no_interval() -> None:
    found = predict_seconds(NETWORK, replace(PROFILE, evidence=None))
    assert (found.low, found.high, found.outside) == (None, None, ())


SEEN = Seen(
    batch=(1, 4), seconds=(1e-4, 1e-2),
    shares={"arithmetic.dense": 0.1, "memory.dense": 0.1, "memory.activation": 0.1, "weights": 0.1,
            "launches.dense": 0.1, "launches.activation": 0.1},
)  # fmt: skip


def test_inside_of_what_was_seen() -> None:
    assert predict_seconds(NETWORK, replace(PROFILE, seen=SEEN)).outside == ()


def test_outside_of_what_was_seen_is_said_and_widens_the_interval() -> None:
    profile = replace(PROFILE, seen=replace(SEEN, batch=(4, 64)))
    found = predict_seconds(NETWORK, profile)
    assert [each.sentence for each in found.outside] == ["a batch of 1, and batches of 4 to 64 were seen"]
    assert found.high == pytest.approx(1.3**1.5 * found.seconds)


def test_far_outside() -> None:
    slow = replace(PROFILE, coefficients={"arithmetic.dense": 1e-9}, seen=replace(SEEN, seconds=(1e-4, 1e-2)))
    assert [each.far for each in predict_seconds(NETWORK, slow).outside] == [True, False]


def test_resnet_50_takes_less_than_5_ms_of_computing() -> None:
    graph = archlens.load("resnet50")
    for view in VIEWS:
        profile = replace(PROFILE, view=view, seen=SEEN)
        taken = []
        for _ in range(9):
            start = time.process_time()
            predict_seconds(graph, profile)
            taken.append(time.process_time() - start)
        assert min(taken) < 0.005


def test_work_that_was_never_seen_is_not_free() -> None:
    """A depthwise convolution of 4 channels: 36 places, 9 taps each. Dense ones take 1 ns, 1×1 ones 4 and
    linear layers 2: it takes 2, the one in the middle, and that nothing of the kind was seen is said.
    """
    network = chain((1, 4, 6, 6), [Conv(4, 3, groups=4)])
    coefficients = {**PROFILE.coefficients, "arithmetic.pointwise": 4e-9, "arithmetic.linear": 2e-9}
    known = replace(PROFILE, coefficients=coefficients, seen=SEEN)
    (row,) = predict_seconds(network, known).rows
    assert row.arithmetic == pytest.approx(36 * 4 * 9 * 2e-9)
    assert predict_seconds(network, replace(known, seen=None)).rows[0].arithmetic == 0
    slow = {term: 1e3 * value for term, value in coefficients.items() if term != "constant"}
    said = [each.sentence for each in predict_seconds(network, replace(known, coefficients=slow)).outside]
    assert any(sentence.startswith("memory.depthwise is ") and "0% was" in sentence for sentence in said)
