"""Work in several processes: its order, its errors, an interruption, and a process that is killed."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from archlens.cli.processes import FEW, in_order, one_by_one
from archlens.errors import ArchlensError, Problem, SpecError, UsageError
from tests.cli.conftest import ROOT

MANY = [*range(FEW + 4)]
FATAL = FEW


def squared(task: int) -> tuple[int, int]:
    """The square, and where it was worked out; the first is the slowest."""
    time.sleep(0.2 * (task == 0))
    return task * task, os.getpid()


def refusing(task: int) -> int:
    """A mistake in the options of one of them."""
    if task == FATAL:
        raise UsageError(f"-s {task}: no")
    return task


def misspelt(task: int) -> int:
    """Problems of a spec, a line each."""
    raise SpecError([Problem("a.yaml", 1, "", "one"), Problem("a.yaml", 2, "", "two")])


def interrupting(task: int) -> int:
    """Ctrl-C, which goes to all processes of a terminal, while one of them has work for long."""
    if task == FATAL:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(600)
    return task


def killed(task: int) -> int:
    """As by a system without memory."""
    if task == FATAL:
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_few_are_done_here() -> None:
    assert {process for _, process in in_order(squared, MANY[:FEW], str)} == {os.getpid()}


def test_each_in_a_fresh_process() -> None:
    found = list(one_by_one(squared, MANY[:3], str))
    assert [square for square, _ in found] == [0, 1, 4]
    assert len({process for _, process in found} | {os.getpid()}) == 4


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="there is one core")
class TestMany:
    def test_in_order(self) -> None:
        found = list(in_order(squared, MANY, str))
        assert [square for square, _ in found] == [task * task for task in MANY]
        assert os.getpid() not in {process for _, process in found}
        assert active_children() == []

    def test_errors_come_home(self) -> None:
        with pytest.raises(UsageError, match=f"-s {FATAL}: no"):
            list(in_order(refusing, MANY, str))
        with pytest.raises(ArchlensError) as raised:
            list(in_order(misspelt, MANY, str))
        assert str(raised.value) == "a.yaml:1: one\na.yaml:2: two"

    def test_an_interruption_keeps_what_was_finished_and_ends_the_processes(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        found: list[int] = []
        with pytest.raises(KeyboardInterrupt):
            found.extend(in_order(interrupting, MANY, str))
        assert found == MANY[:FATAL][: len(found)]
        assert active_children() == []
        assert capfd.readouterr().err == ""

    def test_a_process_that_is_killed_is_one_line(self, capfd: pytest.CaptureFixture[str]) -> None:
        found: list[int] = []
        with pytest.raises(ArchlensError) as raised:
            found.extend(in_order(killed, MANY, lambda task: f"net{task}"))
        assert found == MANY[: len(found)]
        assert str(raised.value) == (
            f"a process was killed before net{len(found)} was done, as happens when memory runs out: "
            f"try net{len(found)} by itself"
        )
        assert capfd.readouterr().err == ""


STARTED = """
import signal
from tests.cli.test_processes import MANY, waiting
from archlens.cli.processes import in_order, one_by_one
if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it: nohup
    list({kind}(waiting, MANY, str))
"""


def waiting(task: int) -> int:
    """Tell who works, and work for long."""
    os.write(1, f"{os.getpid()}\n".encode())
    time.sleep(600)
    return task


@pytest.mark.parametrize("kind", ["in_order", "one_by_one"])
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_workers_end_with_their_parent(kind: str, sent: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "started.py"
    script.write_text(STARTED.replace("{kind}", kind), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(sent)
        parent.wait(timeout=30)
    for _ in range(100):
        if not alive(worker):
            break
        time.sleep(0.1)
    assert not alive(worker)


def alive(process: int) -> bool:
    """Whether it runs: one that has ended and that nobody has asked for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
