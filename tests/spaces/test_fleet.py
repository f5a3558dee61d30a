"""The front measured here, and on a fleet of real Dask workers in processes of their own."""

import signal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archlens.errors import ArchlensError
from archlens.spaces.fleet import Measured, Task, machine_name, measure_front, measure_here
from archlens.spaces.measured import measured_result
from archlens.version import __version__
from tests.spaces.conftest import Swept

pytest.importorskip("torch")
pytest.importorskip("psutil")

pytestmark = pytest.mark.filterwarnings("ignore")  # of Dask's and PyTorch's own

QUICK: dict[str, Any] = {"min_time": 0.02, "threads": 1}


def test_here(swept: Swept) -> None:
    found = swept(device="i7-12700h", minimise=("latency",), maximise=("params",))
    front = found.front()
    measure_front(found, front[:2], **QUICK)
    kept = found.store.measurements()
    assert [number for number, *_ in kept] == [each.number for each in front[:2]]
    assert {machine for _, machine, _, _ in kept} == {machine_name()}
    assert all(seconds == content["median_s"] > 0 for _, _, seconds, content in kept)
    assert [content["model"] for *_, content in kept] == [each.model for each in front[:2]]
    measure_front(found, front[:3], **QUICK)
    assert len(found.store.measurements()) == 3
    table = measured_result(found).page().tables[0]
    predicted = {each.model: each.metrics["latency"] for each in front}
    for row in table.rows:
        assert row[4] == predicted[row[1]]
        assert row[5] == pytest.approx(row[2] / row[4])


def test_what_cannot_be_measured_is_told_and_the_others_are(swept: Swept) -> None:
    found = swept()
    said: list[str] = []
    measure_front(found, found.front()[:2], lost=said.append, device="none", **QUICK)
    assert len(said) == len(found.front()[:2])
    assert all("device none is not one of cpu, cuda" in each for each in said)
    with pytest.raises(ArchlensError, match=f"a worker has archlens {__version__}, and this is 0.0"):
        measure_here(Task(number=0, model="lenet5", version="0.0"))


def test_a_fleet(swept: Swept, tmp_path: Path) -> None:
    """Two boards of two threads each, and a worker without a device, which measures nothing."""
    pytest.importorskip("distributed")
    from tests.spaces.test_cluster import cluster

    found = swept(minimise=("params",), maximise=("memory_access",))
    front = found.front()[:4]
    with cluster(tmp_path) as made:
        for name in ("board-1", "board-2"):
            made.worker("--name", name, "--resources", "device=1", "--nthreads", "2")
        made.worker("--name", "desk")
        wait_for(made.address, 3)
        measure_front(found, front, scheduler=made.address, **QUICK)
        kept = found.store.measurements()
        assert sorted((number, machine) for number, machine, _, _ in kept) == sorted(
            (each.number, name) for each in front for name in ("board-1", "board-2")
        )
        for name in ("board-1", "board-2"):
            spans = sorted((c["begun"], c["ended"]) for _, machine, _, c in kept if machine == name)
            assert all(end <= start for (_, end), (start, _) in pairwise(spans)), "two at a time on a device"
        measure_front(found, front, scheduler=made.address, **QUICK)
        assert len(found.store.measurements()) == len(kept)
        with pytest.raises(ArchlensError, match="has a gpu: start them with"):
            measure_front(found, front, scheduler=made.address, resource="gpu", **QUICK)


def test_a_board_that_dies_is_told(swept: Swept, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from tests.spaces.test_cluster import cluster

    found = swept(minimise=("params",), maximise=("memory_access",))
    front = found.front()[:4]
    with cluster(tmp_path) as made:
        boards = [made.worker("--name", name, "--resources", "device=1") for name in ("board-1", "board-2")]
        wait_for(made.address, 2)
        said: list[str] = []

        def seen(measured: Measured) -> None:
            if boards[0].poll() is None:
                boards[0].send_signal(signal.SIGKILL)

        measure_front(
            found, front, scheduler=made.address, seen=seen, lost=said.append, min_time=0.3, threads=1
        )
    kept = found.store.measurements()
    by_second = {number for number, machine, _, _ in kept if machine == "board-2"}
    assert by_second == {each.number for each in front}
    assert said
    assert [each for each in said if not each.endswith(" on board-1: the worker is gone")] == []
    assert len(kept) + len(said) == 2 * len(front)


def wait_for(address: str, count: int) -> None:
    """Wait until so many workers have joined."""
    from archlens.spaces.cluster import connected

    with connected(address) as client:
        client.wait_for_workers(count, timeout=60)
