"""What a store keeps, and what it says of a sweep that is another one."""

import sqlite3
from pathlib import Path

import pytest

from archlens.errors import StoreError
from archlens.spaces.launch import started
from archlens.spaces.sweep import Sweep
from tests.spaces.conftest import SMALL, Swept, small_plan


def test_what_is_kept_is_not_evaluated_again(swept: Swept, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    first = [*swept(path).all()]
    seen: list[object] = []
    with started(small_plan(), path, seen=seen.append) as again:
        assert [*again.all()] == first
    assert seen == []


def test_a_longer_sample_adds_what_is_missing(swept: Swept, tmp_path: Path) -> None:
    """10 are chunks of 4, 4 and 2; 15 of 4, 4, 4 and 3: the third is done again."""
    path = tmp_path / "a.sqlite"
    swept(path, sample=10).close()
    seen: list[int] = []
    with started(
        small_plan(sample=15), path, seen=lambda outcome: seen.append(outcome.chunk.place)
    ) as longer:
        assert seen == [2, 3]
        found = [*longer.all()]
        assert longer.store.counts()[1] == 15
    assert found == [*swept(sample=15).all()]


def test_fewer_metrics_and_other_budgets_go_on(swept: Swept, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    swept(path, metrics=("layers",)).close()
    seen: list[object] = []
    other = small_plan(minimise=("layers", "params"), where="params < 70k")
    with started(other, path, seen=seen.append) as again:
        assert seen == []
        assert again.front()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"version": "1.1"}, "it was made by archlens 1.0, and this is 1.1"),
        (
            {"model": "lenet5[classes=9]", "over": {"input": "1x28x28"}},
            "it is of lenet5, not lenet5[classes=9]",
        ),
        ({"over": {**SMALL, "classes": "2..6"}}, "classes has other values"),
        ({"over": {"classes": "2..5"}}, "input differs among its variants"),
        ({"over": dict(reversed(SMALL.items()))}, "its settings stand in another order"),
        ({"require": ("classes > 2",)}, "its conditions are others"),
        ({"metrics": ("layers",)}, "its variants were not asked for layers"),
        ({"device": "pixel1"}, "were not asked for latency; times are those of no device, not pixel1"),
        ({"batch": 2}, "its batch is 1, not 2"),
        ({"sample": 10}, "its variants are all of the space, not a sample by seed 0"),
        ({"size": 5}, "its chunks are of 4 variants, not of 5"),
    ],
)
def test_another_sweep_is_told(swept: Swept, tmp_path: Path, given: dict[str, object], said: str) -> None:
    path = tmp_path / "a.sqlite"
    before = [*swept(path).all()]
    with pytest.raises(StoreError) as raised:
        swept(path, **given)
    assert str(raised.value).startswith(f"{path}: holds another sweep: ")
    assert said in str(raised.value)
    assert "--restart" in str(raised.value)
    with Sweep.open(path) as kept:
        assert [*kept.all()] == before
    swept(path, restart=True, **given)


def test_another_seed_is_told(swept: Swept, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    swept(path, sample=8, seed=1).close()
    with pytest.raises(StoreError, match="are a sample by seed 1, not a sample by seed 2"):
        swept(path, sample=8, seed=2)


def test_a_changed_spec_is_told(swept: Swept, tmp_path: Path) -> None:
    spec, path = tmp_path / "net.yaml", tmp_path / "a.sqlite"
    text = "input: [3, 8, 8]\nsettings: {width: 4}\nnetwork: [{conv: {out: width}}]\n"
    spec.write_text(text, encoding="utf-8")
    swept(path, model=str(spec), over={"width": "1..8"}).close()
    spec.write_text(text.replace("out: width", "out: width + 1"), encoding="utf-8")
    with pytest.raises(StoreError, match=r"the spec of .*net\.yaml has changed"):
        swept(path, model=str(spec), over={"width": "1..8"})


def test_numbers_beyond_sqlite(swept: Swept, tmp_path: Path) -> None:
    """A space of 10^24, whose numbers no SQLite integer holds."""
    over = {f"widths[{i}]": "8..8000/8" for i in range(4)} | {f"depths[{i}]": "1..1000" for i in range(4)}
    found = swept(tmp_path / "a.sqlite", model="regnet", over=over, sample=3, size=2)
    _, variants, fitted = found.store.counts()
    assert (variants, found.space.size) == (3, 10**24)
    assert fitted + len([*found.store.misfits()]) == 3
    if fitted:
        assert [*found.all()]


def test_files_of_something_else(swept: Swept, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for restart in (False, True):
        with pytest.raises(StoreError, match="is an SQLite database of something else"):
            swept(other, restart=restart)
    text = tmp_path / "text.sqlite"
    text.write_text("This is no database at all, and it is long enough to tell. " * 20, encoding="utf-8")
    with pytest.raises(StoreError, match="is no SQLite database"):
        swept(text)
    with pytest.raises(StoreError, match="is not a file"):
        swept(tmp_path)
    with pytest.raises(StoreError, match=r"does not exist.*-o FILE"):
        swept(tmp_path / "nowhere" / "a.sqlite")
    with pytest.raises(StoreError, match="there is no such store"):
        Sweep.open(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()


def test_a_store_of_another_format(swept: Swept, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    swept(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(StoreError, match="is a store of format 9, and this archlens reads 1"):
        swept(path)
    assert len([*swept(path, restart=True).all()]) == 20


def test_a_full_disk_is_one_line_and_keeps_what_was_finished(tmp_path: Path) -> None:
    """SQLite's own limit on pages stands for a disk: it ends a transaction with the same error."""
    path = tmp_path / "a.sqlite"
    kept: list[int] = []
    plan = small_plan(over={"input": "1x32x32..1x44x44", "classes": "1..70"}, size=50)

    def limited(sweep: Sweep, found: object) -> None:
        (pages,) = sweep.store._connection.execute("PRAGMA page_count").fetchone()
        sweep.store._connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    with pytest.raises(StoreError, match=r"(disk is full|cannot be read or written)"):
        started(plan, path, began=limited, seen=lambda outcome: kept.append(outcome.chunk.place))
    assert kept
    with Sweep.open(path) as found:
        assert found.store.counts()[:2] == (len(kept), 50 * len(kept))
        assert len([*found.all()]) == 50 * len(kept)
