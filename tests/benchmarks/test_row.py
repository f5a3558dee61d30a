"""What a row says about its samples."""

import pytest

from benchmarks.row import Row
from benchmarks.samples import Samples, interleave


def row(*values: float, target: float | None = None) -> Row:
    """A row of milliseconds."""
    return Row("warm", "someone", Samples(values), "ms", target=target)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((3.0, 4.0, 5.0), "≤ 5 ms: met"),
        ((4.0, 5.0, 6.0), "≤ 5 ms: met 2 times in 3"),
        ((6.0, 7.0, 8.0), "≤ 5 ms: not met"),
    ],
)
def test_a_target_is_met_when_every_sample_meets_it(values: tuple[float, ...], verdict: str) -> None:
    assert row(*values, target=5.0).verdict() == verdict


def test_no_ratio_where_ranges_overlap() -> None:
    first = row(1.0, 2.0, 3.0)
    assert row(2.5, 20.0, 30.0).ratio(first) == "too close"
    assert row(10.0, 20.0, 30.0).ratio(first) == "10×"
    assert first.ratio(first) == ""


def test_contestants_take_turns_after_one_that_is_not_counted() -> None:
    turns: list[str] = []

    def turn(name: str) -> float:
        turns.append(name)
        return float(len(turns))

    found = interleave({"a": lambda: turn("a"), "b": lambda: turn("b")}, 5)
    rounds = [turns[i : i + 2] for i in range(0, len(turns), 2)]
    assert len(rounds) == 6
    assert all(sorted(pair) == ["a", "b"] for pair in rounds)
    assert ["b", "a"] in rounds
    assert min(found["a"].values) > 2
    assert len(found["b"].values) == 5
