"""Two sets of runs side by side: what a selector picks, which runs are compared, and what is claimed."""

import random
from collections.abc import Mapping
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from archlens.errors import StoreError, UsageError
from archlens.latency.store.selection import Difference, Selector, differences
from archlens.latency.store.store import StoredRun

USUAL: dict[str, Any] = {
    "model": "resnet50", "device": "cpu", "batch": 1, "input": [3, 224, 224], "dtype": "float32",
    "fused": False, "threads": 2, "seed": 0, "torch": "2.13.0",
}  # fmt: skip


class Kept:
    """Runs and their samples, as a store gives them."""

    def __init__(self) -> None:
        self.runs: list[StoredRun] = []
        self.by_run: dict[int, tuple[float, ...]] = {}

    def keep(
        self, seconds: float = 1.0, *, machine: Mapping[str, Any] | str = "7f3a", count: int = 40, **what: Any
    ) -> int:
        """One more run, the newest first; samples scatter by 1 % about a time."""
        id = len(self.runs) + 1
        chance = random.Random(id)
        samples = tuple(seconds * chance.gauss(1, 0.01) for _ in range(count))
        where = {"fingerprint": machine} if isinstance(machine, str) else dict(machine)
        middle = median(samples) if samples else None
        self.runs.insert(0, StoredRun(id, "then", "now", {**USUAL, **what}, where, {}, count, middle))
        self.by_run[id] = samples
        return id

    def diff(self, a: str, b: str) -> tuple[Difference, ...]:
        return differences(self.runs, self.by_run.__getitem__, Selector.parse(a), Selector.parse(b))

    def pairs(self, a: str, b: str) -> list[tuple[int, int]]:
        return [(each.baseline.id, each.run.id) for each in self.diff(a, b)]


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", [2]),
        ("7f3a9b01", [3, 1]),
        ("7f", [3, 1]),
        ("machine=22", [2]),
        ("machine=2*0", [2]),
        ("22000000", [2]),
        ("torch=2.13.0", [3]),
        ("torch=2.1*", [3, 2, 1]),
        ("torch=2.12.0,device=cpu", [1]),
        ("torch = 2.12.0 , device = cpu", [1]),
        ("batch=1", [3, 2, 1]),
        ("input=3x224x224,fused=false", [3, 2, 1]),
        ("device=cuda,7f", [3]),
        ("gpu=*H200*", [3]),
    ],
)
def test_what_a_selector_picks(kept: Kept, text: str, expected: list[int]) -> None:
    kept.keep(machine="7f3a9b01", torch="2.12.0")
    kept.keep(machine="22000000", torch="2.12.0", device="cuda")
    kept.keep(machine={"fingerprint": "7f3a9b01", "gpu": "NVIDIA H200"}, device="cuda")
    assert [run.id for run in Selector.parse(text).select(kept.runs)] == expected


def test_a_version_is_also_its_builds() -> None:
    kept = Kept()
    kept.keep(torch="2.13.0+cpu")
    kept.keep(torch="2.13.0+cu130")
    kept.keep(torch="2.13.1+cpu")
    assert [run.id for run in Selector.parse("torch=2.13.0").select(kept.runs)] == [2, 1]
    assert [run.id for run in Selector.parse("torch=2.13.0+cpu").select(kept.runs)] == [1]


@pytest.mark.parametrize("text", ["", "=", "torch=", "=2.13", "torch=2.13,", ",", " "])
def test_what_is_no_selector(text: str) -> None:
    with pytest.raises(
        UsageError, match="names no runs: expected a number of one, a fingerprint, or settings"
    ):
        Selector.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9", "no run matches 9; a fingerprint of digits is machine=9; `archlens results` lists all"),
        ("beef", "no run matches beef; `archlens results` lists all"),
        ("torch=1.0", "no run matches torch=1.0; `archlens results` lists all"),
        (
            "trch=2.13.0",
            "no run matches trch=2.13.0: trch is no setting; did you mean torch?; "
            "`archlens results` lists all",
        ),
    ],
)
def test_a_selector_that_picks_nothing(kept: Kept, text: str, message: str) -> None:
    kept.keep()
    with pytest.raises(StoreError) as caught:
        kept.diff(text, "1")
    assert str(caught.value) == message


def test_the_networks_that_both_have(kept: Kept) -> None:
    for torch, models in (("2.12.0", "abc"), ("2.13.0", "bcd")):
        for model in models:
            kept.keep(model=model, torch=torch)
    assert [each.run.model for each in kept.diff("torch=2.12.0", "torch=2.13.0")] == ["b", "c"]
    assert kept.pairs("torch=2.12.0", "torch=2.13.0") == [(2, 4), (3, 5)]


@pytest.mark.parametrize(
    "setting", [{"batch": 8}, {"dtype": "float16"}, {"input": [3, 160, 160]}, {"fused": True}]
)
def test_another_question_is_not_compared(kept: Kept, setting: dict[str, Any]) -> None:
    kept.keep(torch="2.12.0")
    kept.keep(torch="2.13.0", **setting)
    with pytest.raises(StoreError, match=r"torch=2\.12\.0 and torch=2\.13\.0 have no measurement in common$"):
        kept.diff("torch=2.12.0", "torch=2.13.0")


def test_a_question_that_is_asked_for(kept: Kept) -> None:
    kept.keep(dtype="float32")
    kept.keep(dtype="float16")
    (found,) = kept.diff("dtype=float32", "dtype=float16")
    assert (found.baseline.id, found.run.id, found.also) == (1, 2, ())


def test_a_batch_in_the_input_is_no_other_input(kept: Kept) -> None:
    kept.keep(batch=1, input=[1, 3, 224, 224])
    kept.keep(batch=8, input=[8, 3, 224, 224])
    (found,) = kept.diff("batch=1", "batch=8,input=3x224x224")
    assert (found.baseline.id, found.run.id, found.also) == (1, 2, ())


def test_two_single_runs_are_compared_as_they_are(kept: Kept) -> None:
    kept.keep(batch=1)
    kept.keep(batch=8, threads=4, seed=3)
    (found,) = kept.diff("1", "2")
    assert found.also == ("batch", "threads")


def test_runs_of_two_networks(kept: Kept) -> None:
    kept.keep(model="a")
    kept.keep(model="b")
    with pytest.raises(
        StoreError, match="1 is of a, 2 of b; `archlens compare A B --latency` compares networks"
    ):
        kept.diff("1", "2")


def test_a_run_is_not_compared_with_itself(kept: Kept) -> None:
    kept.keep()
    for text in ("1", "torch=2.13.0"):
        with pytest.raises(StoreError, match="have no measurement in common"):
            kept.diff(text, text)


def test_the_newest_of_equal_runs(kept: Kept) -> None:
    for torch in ("2.12.0", "2.13.0", "2.12.0", "2.13.0"):
        kept.keep(torch=torch)
    assert kept.pairs("torch=2.12.0", "torch=2.13.0") == [(3, 4)]


def test_the_most_alike_come_before_the_newest(kept: Kept) -> None:
    kept.keep(torch="2.12.0", machine="here")
    kept.keep(torch="2.13.0", machine="here")
    kept.keep(torch="2.13.0", machine="there", threads=8)
    assert kept.pairs("torch=2.12.0", "torch=2.13.0") == [(1, 2)]
    (found,) = kept.diff("torch=2.12.0", "machine=there")
    assert found.also == ("threads",)
    (found,) = kept.diff("1", "3")
    assert found.also == ("machine", "threads", "torch")


def test_a_run_without_samples_is_left_out(kept: Kept) -> None:
    kept.keep(torch="2.12.0")
    kept.keep(torch="2.13.0")
    kept.keep(torch="2.13.0", count=0)
    assert kept.pairs("torch=2.12.0", "torch=2.13.0") == [(1, 2)]
    with pytest.raises(StoreError, match="one of them has no samples"):
        kept.diff("1", "3")


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0.5, "faster"),
        (0.9, "faster"),
        (0.97, "no difference shown"),
        (1.0, "no difference shown"),
        (1.03, "no difference shown"),
        (1.1, "slower"),
        (2.0, "slower"),
    ],
)
def test_the_verdict(kept: Kept, seconds: float, verdict: str) -> None:
    kept.keep(1.0)
    kept.keep(seconds)
    (found,) = kept.diff("1", "2")
    first, second = (median(kept.by_run[id]) for id in (1, 2))
    assert found.ratio == pytest.approx(second / first)
    assert found.interval is not None
    assert found.interval[0] <= found.ratio <= found.interval[1]
    assert found.verdict == verdict


@pytest.mark.parametrize("changed", [{"finished": None}, {"summary": {"reliable": False}}])
@pytest.mark.parametrize("position", [0, 1])
def test_runs_that_cannot_be_trusted_show_nothing(kept: Kept, position: int, changed: dict[str, Any]) -> None:
    kept.keep(1.0)
    kept.keep(2.0)
    kept.runs[position] = replace(kept.runs[position], **changed)
    (found,) = kept.diff("1", "2")
    assert found.ratio > 1.9
    assert found.verdict == "no difference shown"


def test_the_other_way_round(kept: Kept) -> None:
    kept.keep(1.0)
    kept.keep(1.5)
    (there,), (back,) = kept.diff("1", "2"), kept.diff("2", "1")
    assert there.ratio == pytest.approx(1 / back.ratio)
    assert (there.verdict, back.verdict) == ("slower", "faster")


@pytest.mark.parametrize("count", [1, 9])
def test_few_samples_show_nothing(kept: Kept, count: int) -> None:
    kept.keep(1.0)
    kept.keep(2.0, count=count)
    (found,) = kept.diff("1", "2")
    assert (found.interval, found.verdict) == (None, "no difference shown")


def test_the_interval_holds_the_true_ratio(kept: Kept) -> None:
    """Of 100 pairs, 95 on average: fewer than 85 come once in ten thousand times."""
    for _ in range(200):
        kept.keep(1.0)
    hits = 0
    for id in range(1, 200, 2):
        (found,) = kept.diff(str(id), str(id + 1))
        assert found.interval is not None
        hits += found.interval[0] <= 1 <= found.interval[1]
    assert hits >= 85
