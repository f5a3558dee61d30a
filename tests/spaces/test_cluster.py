"""A real Dask scheduler with workers in processes of their own: killed, late, and gone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archlens.errors import ArchlensError
from archlens.spaces.chunks import Outcome
from archlens.spaces.launch import Plan, started
from archlens.spaces.sweep import Found, Sweep
from archlens.version import __version__
from tests.cli.conftest import ROOT
from tests.spaces.conftest import small_plan

pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")  # of Dask's own; ours are told by other tests


def larger_plan() -> Plan:
    """2,288 variants of LeNet-5, in chunks of 8: 286 tasks."""
    return small_plan(over={"input": "1x28x28..1x40x40", "classes": "2..177"}, size=8, version=__version__)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """A scheduler and its workers, each a process that a test may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[str]] = []
        self.scheduler = self.start(
            "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        code = "import sys; from dask.__main__ import main; sys.argv[0] = 'dask'; main()"
        log = (self.folder / f"{len(self.processes)}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], stdout=log, stderr=subprocess.STDOUT, text=True,
            cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, *more: str) -> "subprocess.Popen[str]":
        return self.start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder / f"worker{len(self.processes)}"), *more,
        )  # fmt: skip


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Such a cluster; its processes end with it."""
    made = Cluster(folder)
    try:
        yield made
    finally:
        for process in made.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


@pytest.fixture(scope="module")
def expected() -> list[Found]:
    """What comes out in one process."""
    with started(larger_plan(), None, workers=1) as found:
        return [*found.all()]


def test_a_worker_killed_and_one_that_joins_late(expected: list[Found], tmp_path: Path) -> None:
    """Two workers begin; after 20 chunks the first is killed by SIGKILL, after 40 a third joins."""
    path = tmp_path / "a.sqlite"
    with cluster(tmp_path) as made:
        first = made.worker("--name", "first")
        made.worker("--name", "second")
        seen: list[Outcome] = []

        def watch(outcome: Outcome) -> None:
            seen.append(outcome)
            if len(seen) == 20:
                first.send_signal(signal.SIGKILL)
            if len(seen) == 40:
                made.worker("--name", "third")
                time.sleep(3)

        with started(larger_plan(), path, scheduler=made.address, seen=watch) as found:
            assert first.wait(10) == -signal.SIGKILL
            assert [*found.all()] == expected
            assert found.store.counts()[:2] == (286, 2288)
            workers = found.store.workers()
        assert len(workers) >= 2
        assert str(first.pid) not in {name.split()[1] for each in seen[60:] for name in [each.worker]}


def test_the_scheduler_gone(expected: list[Found], tmp_path: Path) -> None:
    """Killed after 30 chunks: one clear error, and all that was finished is kept; the same call goes on."""
    path = tmp_path / "a.sqlite"
    kept: list[int] = []
    with cluster(tmp_path) as made:
        made.worker()

        def watch(outcome: Outcome) -> None:
            kept.append(outcome.chunk.place)
            if len(kept) == 30:
                made.scheduler.send_signal(signal.SIGKILL)

        begun = time.monotonic()
        with pytest.raises(ArchlensError, match=r"the Dask scheduler at tcp://127\.0\.0\.1:\d+ is gone"):
            started(larger_plan(), path, scheduler=made.address, seen=watch)
        assert time.monotonic() - begun < 120
    with Sweep.open(path) as found:
        assert set(kept) <= found.store.finished().keys()
    with started(larger_plan(), path, workers=1) as found:
        assert [*found.all()] == expected


def test_a_spec_of_the_user_travels(tmp_path: Path) -> None:
    """The worker does not find the file: its name is that of another folder's."""
    here = tmp_path / "here"
    here.mkdir()
    spec = here / "net.yaml"
    spec.write_text(
        "input: [3, 8, 8]\nsettings: {width: 4}\nnetwork: [{conv: {out: width}}]\n", encoding="utf-8"
    )
    with cluster(tmp_path) as made:
        made.worker()
        before = Path.cwd()
        os.chdir(here)
        try:
            plan = small_plan(model="net.yaml", over={"width": "1..9"}, version=__version__)
            with started(plan, None, scheduler=made.address) as found:
                assert [each.metrics["params"] for each in found.all()] == [3 * n for n in range(1, 10)]
        finally:
            os.chdir(before)


def test_another_version_and_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(ArchlensError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1:"):
        started(larger_plan(), None, scheduler="tcp://127.0.0.1:1")
    with cluster(tmp_path) as made:
        made.worker()
        with pytest.raises(ArchlensError, match=f"a worker has archlens {__version__}, and this is 9.9"):
            started(small_plan(version="9.9"), None, scheduler=made.address)


def test_a_guided_search_hears_before_it_proposes(tmp_path: Path) -> None:
    """With one thread, the same variants in the same order as in one process."""
    pytest.importorskip("optuna")
    guided = small_plan(
        over={"input": "1x32x32..1x64x64", "classes": "2..60"}, maximise=("memory_access",),
        minimise=("params",), guided=100, size=20, version=__version__,
    )  # fmt: skip
    with started(guided, None, workers=1) as alone:
        expected = [*alone.all()]
    with cluster(tmp_path) as made:
        made.worker()
        with started(guided, None, scheduler=made.address) as found:
            assert [*found.all()] == expected
