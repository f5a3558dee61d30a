"""What a process does first that another one started."""

import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection

import pytest

from archlens.processes import alone


def told(pipe: Connection) -> None:
    """What has become of Ctrl-C and of the cores in a process that began with `alone`."""
    alone()
    pipe.send((signal.getsignal(signal.SIGINT), os.environ["OMP_NUM_THREADS"]))
    pipe.recv()


def test_ctrl_c_is_for_the_one_that_started_it_and_it_takes_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=told, args=(there,))
    process.start()
    assert here.poll(30)
    assert here.recv() == (signal.SIG_IGN, "1")
    here.send("enough")
    process.join(30)
    assert process.exitcode == 0
