"""A guided search: every variant once, the same by the same seed, within conditions, better than chance."""

from pathlib import Path

import pytest

from archlens.errors import UsageError
from archlens.report.choice import Condition, Where
from archlens.spaces.guided import excess
from tests.spaces.conftest import Swept

pytest.importorskip("optuna")

FAR = {"input": "1x32x32..1x96x96", "classes": "2..201"}
"""13,000 variants of LeNet-5; the smallest is the first."""


def guided(swept: Swept, path: Path | None, count: int, **given: object) -> list[int]:
    """The numbers of the variants in the order in which they were evaluated."""
    found = swept(path, sample=None, size=10, guided=count, over=FAR, **given)
    return [each.number for each in found.all()]


def test_every_variant_once_and_the_same_by_the_same_seed(swept: Swept) -> None:
    numbers = guided(swept, None, 60, seed=1)
    assert len(set(numbers)) == len(numbers) == 60
    assert guided(swept, None, 60, seed=1) == numbers
    assert guided(swept, None, 60, seed=2) != numbers


def test_it_goes_on_where_it_was(swept: Swept, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    first = guided(swept, path, 40)
    more = guided(swept, path, 70)
    assert more[:40] == first
    assert len(set(more)) == 70
    assert guided(swept, path, 70) == more


def test_it_meets_the_conditions_and_ends_with_a_small_space(swept: Swept) -> None:
    found = swept(
        guided=1000, require=("classes > 3",), over={"input": "1x32x32..1x40x40", "classes": "2..5"}
    )
    assert {each.settings["classes"] for each in found.all()} == {4, 5}
    assert found.store.counts()[1] <= 9 * 2


def test_it_comes_closer_than_chance(swept: Swept) -> None:
    """The smallest network of the space after 300 of 13,000 evaluations, seed by seed."""

    def best(**given: object) -> list[int]:
        return [
            swept(over=FAR, size=50, seed=seed, minimise=("params",), **given).top(1)[0].metrics["params"]
            for seed in range(3)
        ]

    assert sum(best(guided=300)) < sum(best(sample=300))


def test_how_far_beyond_a_budget() -> None:
    where = Where(
        (
            (Condition("params", "<=", 100.0), Condition("layers", "<=", 10.0)),
            (Condition("latency", "<", 2.0),),
        )
    )
    known: dict[str, object] = {"params": 150.0, "layers": 5.0, "latency": 8.0}
    assert excess(where, known.get) == pytest.approx(0.5)
    assert excess(where, {**known, "params": 100.0}.get) == 0
    assert excess(where, {**known, "latency": 2.2}.get) == pytest.approx(0.1)
    nothing: dict[str, object] = {}
    assert excess(where, nothing.get) == 1.0
    assert excess(None, known.get) == 0


def test_a_sample_and_a_search_are_two_things(swept: Swept) -> None:
    with pytest.raises(UsageError, match="--sample draws uniformly"):
        swept(sample=10, guided=10)
