"""Turns: who is timed when, what is kept, and what a real contest leaves behind."""

import json
import random
from itertools import count

import pytest
import torch

import archlens
from archlens.errors import UsageError
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling import turns as module
from archlens.latency.sampling.timing import PATIENCE, Timer
from archlens.latency.sampling.turns import SITTINGS, Contestant, contest, move, sit

ONE = Conditions(threads=1)


class Turns:
    """Contestants that note who had a turn; each call takes one second."""

    def __init__(self, contestants: int, *, interrupted_at: int = 10**9) -> None:
        self.order: list[int] = []
        self.moved = 0
        self.interrupted_at = interrupted_at
        self.contestants = [Contestant(self.timer(i), 3, move=self.move) for i in range(contestants)]

    def timer(self, which: int) -> Timer:
        def timed(repeats: int) -> float:
            if repeats > 1:
                self.order.append(which)
            if len(self.order) >= self.interrupted_at:
                raise KeyboardInterrupt
            return float(which + 1)

        return timed

    def move(self) -> None:
        self.moved += 1


def test_every_round_is_whole_and_in_random_order() -> None:
    turns = Turns(3)
    ticks = count()
    sit(turns.contestants, seconds=50, order=random.Random(0), clock=lambda: float(next(ticks)))
    rounds = [tuple(turns.order[i : i + 3]) for i in range(0, len(turns.order), 3)]
    assert len(rounds) > 10
    assert all(sorted(each) == [0, 1, 2] for each in rounds)
    assert len(set(rounds)) == 6
    assert turns.moved == 3
    assert [each.sittings[0][0] for each in turns.contestants] == [1.0, 2.0, 3.0]
    assert {len(each.sittings[0]) for each in turns.contestants} == {len(rounds)}


def test_three_rounds_at_least() -> None:
    turns = Turns(2)
    sit(turns.contestants, seconds=0, order=random.Random(0))
    assert [len(each.sittings[0]) for each in turns.contestants] == [3, 3]


def test_half_a_round_is_not_kept() -> None:
    turns = Turns(2, interrupted_at=4)
    with pytest.raises(KeyboardInterrupt):
        sit(turns.contestants, seconds=100, order=random.Random(0))
    assert [len(each.sittings[0]) for each in turns.contestants] == [1, 1]


def sittings(contestants: list[Contestant], seconds: float = 10.0) -> int:
    ticks = count()

    def known() -> bool:
        ratios = module.ratios_of(["a", "b"], contestants, 0, 0)
        return all(ratio.width < module.PRECISE for ratio in ratios)

    assert not module.sit_often(
        contestants, known, 0, seconds, lambda share: None, clock=lambda: float(next(ticks))
    )
    (found,) = {len(each.sittings) for each in contestants}
    return found


def test_sittings_go_on_until_the_ratios_are_known() -> None:
    assert sittings(Turns(2).contestants) == SITTINGS
    noise = random.Random(0)
    scattered = [Contestant(lambda repeats: noise.uniform(1, 9), 1) for _ in range(2)]
    assert SITTINGS < sittings(scattered) <= PATIENCE * SITTINGS
    again = [Contestant(lambda repeats: noise.uniform(1, 9), 1) for _ in range(2)]
    assert sittings(again, 0.0) == SITTINGS


@pytest.mark.parametrize(("brief", "calls"), [(True, [1, 3]), (False, [3])])
def test_a_turn_of_short_calls_begins_with_one_that_does_not_count(brief: bool, calls: list[int]) -> None:
    asked: list[int] = []

    def timed(repeats: int) -> float:
        asked.append(repeats)
        return float(repeats)

    assert Contestant(timed, 3, brief).turn() == 3.0
    assert asked == calls


def test_weights_move_and_stay_the_same() -> None:
    prepared = prepare(archlens.load("squeezenet1_1"), ONE)
    tensors = [*prepared.module.parameters(), *prepared.module.buffers()]
    places = [tensor.data_ptr() for tensor in tensors]
    with inference(ONE):
        before = prepared.run().clone()
        move(prepared)
        after = prepared.run()
    assert torch.equal(before, after)
    assert all(tensor.data_ptr() != place for tensor, place in zip(tensors, places, strict=True))


def test_a_contest() -> None:
    graphs = [archlens.load(name) for name in ("lenet5", "lenet5", "squeezenet1_1")]
    found = contest(graphs, ONE, baseline=1, min_time=0.0)
    assert [each.subject.model for each in found.measurements] == ["lenet5", "lenet5", "squeezenet1_1"]
    assert [each.model for each in found.ratios] == ["lenet5", "squeezenet1_1"]
    assert {each.baseline for each in found.ratios} == {"lenet5"}
    assert {len(each.samples) for each in found.measurements} == {3 * SITTINGS}
    assert not found.interrupted
    for each in found.ratios:
        low, high = each.interval
        assert low <= each.ratio <= high
        assert each.strict[0] <= low
        assert high <= each.strict[1]
    json.dumps([each.as_dict() for each in found.measurements] + [each.as_dict() for each in found.ratios])


def test_an_interruption_after_two_sittings_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = module.sit
    sittings = count(1)

    def interrupted(*arguments: object, **options: object) -> None:
        if next(sittings) == 3:
            raise KeyboardInterrupt
        whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "sit", interrupted)
    found = contest([archlens.load("lenet5")] * 2, ONE, min_time=0.0)
    assert found.interrupted
    assert {len(each.samples) for each in found.measurements} == {6}


def test_an_interruption_before_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "sit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        contest([archlens.load("lenet5")] * 2, ONE, min_time=0.0)


def test_one_network_is_no_contest() -> None:
    with pytest.raises(UsageError, match="two models or more, not 1"):
        contest([archlens.load("lenet5")], ONE)
