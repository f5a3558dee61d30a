"""A measurement as a whole, never its times."""

import json

import pytest
import torch

import archlens
from archlens.analyses import totals
from archlens.latency.machine.description import Machine, describe
from archlens.latency.machine.load import Surroundings
from archlens.latency.network.conditions import Conditions
from archlens.latency.sampling import measure as module
from archlens.latency.sampling.measure import Observer, measure
from archlens.latency.sampling.measurement import Measurement, Subject
from archlens.latency.sampling.timing import Timer

ONE = Conditions(threads=1)


@pytest.fixture(scope="module")
def lenet5() -> Measurement:
    return measure(archlens.load("lenet5", batch=2), ONE, min_time=0.01)


def test_all_is_there(lenet5: Measurement) -> None:
    shown = json.loads(json.dumps(lenet5.as_dict()))
    assert shown["model"] == "lenet5"
    assert shown["device"] == "cpu"
    assert shown["batch"] == 2
    assert shown["input"] == [2, 1, 32, 32]
    assert shown["threads"] == 1
    assert len(shown["samples"]) >= 10
    assert all(seconds > 0 for seconds in shown["samples"])
    low, high = shown["interval_s"]
    assert shown["minimum_s"] <= low <= shown["median_s"] <= high
    assert shown["reliable"] is (shown["warnings"] == [])
    assert shown["machine"]["fingerprint"] == lenet5.machine.fingerprint
    assert shown["peak_memory_bytes"] > 0
    assert not shown["interrupted"]


def test_rates_are_costs_over_the_median(lenet5: Measurement) -> None:
    cost = totals(archlens.load("lenet5", batch=2))
    shown = lenet5.as_dict()
    assert shown["images_per_second"] == pytest.approx(2 / shown["median_s"])
    assert shown["multiply_adds_per_second"] == pytest.approx(cost.multiply_adds / shown["median_s"])
    assert shown["gflops_per_second"] == pytest.approx(2 * cost.multiply_adds / shown["median_s"] / 1e9)
    assert shown["gigabytes_per_second"] == pytest.approx(4 * cost.memory_access / shown["median_s"] / 1e9)


def test_bytes_follow_the_dtype() -> None:
    half = measure(archlens.load("lenet5"), Conditions(dtype="bfloat16", threads=1), min_time=0.0)
    assert half.memory_access == 2 * totals(archlens.load("lenet5")).memory_access


def test_observers_hear_of_everything() -> None:
    begun: list[tuple[Subject, Machine]] = []
    heard: list[float] = []
    found = measure(
        archlens.load("lenet5"),
        ONE,
        min_time=0.0,
        observer=Observer(
            begun=lambda subject, machine: begun.append((subject, machine)), sampled=heard.append
        ),
    )
    assert begun == [(found.subject, found.machine)]
    assert tuple(heard) == found.samples


def stopping(after: int) -> Observer:
    """Ctrl-C after so many samples."""
    heard: list[float] = []

    def sampled(seconds: float) -> None:
        heard.append(seconds)
        if len(heard) == after:
            raise KeyboardInterrupt

    return Observer(sampled=sampled)


def test_an_interruption_keeps_every_sample() -> None:
    found = measure(archlens.load("lenet5"), ONE, min_time=5.0, observer=stopping(3))
    assert found.interrupted
    assert len(found.samples) == 3
    assert not found.reliable
    assert any(warning.startswith("few samples") for warning in found.warnings)


def test_an_interruption_before_the_first_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(timed: Timer, *arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "sample", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(archlens.load("lenet5"), ONE)


def test_overflow_is_a_doubt() -> None:
    graph = archlens.load("lenet5")
    samples = module.Samples(
        seconds=(1.0,), repeats=1, finite=False, settled=True, interrupted=False, peak_memory=None,
        surroundings=Surroundings(),
    )  # fmt: skip
    subject = Subject(model="x", input=(1, 1), conditions=ONE, fused=False, threads=1)
    found = module.measurement(graph, subject, samples, describe())
    assert found.warnings[-1] == "overflow: the output has numbers that float32 cannot hold"


def test_one_thread_is_looked_at_where_pytorch_chose_more() -> None:
    """Nobody asked for two threads; a network of small layers may be quicker at one."""
    chosen = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        found = measure(archlens.load("lenet5"), min_time=0.0)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(chosen)
    assert found.subject.threads == 2
    assert found.one_thread is not None
    assert found.one_thread > 0
    assert measure(archlens.load("lenet5"), ONE, min_time=0.0).one_thread is None


def test_one_thread_is_one_call_where_that_is_slower() -> None:
    calls: list[tuple[int, int]] = []

    def timed(repeats: int) -> float:
        calls.append((repeats, torch.get_num_threads()))
        return 3.0

    assert module.at_one_thread(timed, 7, most=2.0) == (3.0, False)
    assert calls == [(1, 1)]
    assert module.at_one_thread(timed, 7, most=4.0) == (3.0, False)
    assert calls[1:] == [(1, 1), (7, 1), (7, 1), (7, 1)]


def test_ctrl_c_while_one_thread_is_looked_at_keeps_what_was_measured() -> None:
    def timed(repeats: int) -> float:
        raise KeyboardInterrupt

    assert module.at_one_thread(timed, 7, most=2.0) == (None, True)
