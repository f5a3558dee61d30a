"""Processes that measure into one store, and are stopped at any moment. Run as a program; see test_store.

What a process knows to be kept, because the store returned, it notes in a file of its own: a line for
each run begun, sample added and run finished.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import archlens.latency.store.store
from archlens.latency.store.store import Store

__all__ = ["seconds"]

KILLED = 50
INTERRUPTED = 20
TOGETHER = 8

Job = Callable[[Path, int], None]


def seconds(run: int, position: int) -> float:
    """The sample that a run has at a position, so that a damaged one would be seen."""
    return 1.0 + run + position / 7


def note(file: int, *words: object) -> None:
    """One line, written at once: what stands there survives this process."""
    os.write(file, (" ".join(map(str, words)) + "\n").encode())


def keep_measuring(store: Path, file: int) -> None:
    """Runs of 30 samples one after the other, each in a store opened anew, until killed."""
    while True:
        measure(store, file)


def measure_for_a_while(store: Path, file: int) -> None:
    """The same for as long as the parent keeps its end of the standard input open."""
    while os.getppid() == int(os.environ["DRIVER"]) and not (store.parent / "stop").exists():
        measure(store, file)


def measure(store: Path, file: int) -> None:
    """One run of 30 samples."""
    with Store.open(store) as opened:
        run = opened.begin({"model": "fake", "process": os.getpid()}, {"fingerprint": "here"})
        note(file, "begun", run.id)
        for position in range(30):
            time.sleep(0.0005)  # the sample is taken, and others can write
            run.add(seconds(run.id, position))
            note(file, "added", run.id, position)
        run.finish({"median_s": 1.0})
        note(file, "finished", run.id)


def measure_until_interrupted(store: Path, file: int) -> None:
    """Samples until Ctrl-C, and then an end in good order."""
    with Store.open(store) as opened:
        run = opened.begin({"model": "interrupted"}, {"fingerprint": "here"})
        position = 0
        try:
            note(file, "begun", run.id)
            while True:
                run.add(seconds(run.id, position))
                note(file, "added", run.id, position)
                position += 1
        except KeyboardInterrupt:
            run.finish({"interrupted": True})
            note(file, "finished", run.id)


def start(job: Job, store: Path, name: str) -> tuple[int, Path]:
    """A child process at its job; its number, and where it notes what is kept."""
    notes = store.parent / f"{name}.notes"
    notes.touch()
    child = os.fork()
    if not child:
        work(job, store, notes)
    return child, notes


def work(job: Job, store: Path, notes: Path) -> NoReturn:
    """What a child process does, and all that it does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        job(store, os.open(notes, os.O_WRONLY | os.O_APPEND))
    except BaseException as error:
        sys.stderr.write(f"{notes.stem}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """What a child ended with; negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill(store: Path, chance: random.Random) -> None:
    """Two processes measure, and a third is killed and started again, 50 times."""
    steady = [start(measure_for_a_while, store, f"steady{i}")[0] for i in range(2)]
    for i in range(KILLED):
        child, _ = start(keep_measuring, store, f"killed{i}")
        time.sleep(chance.uniform(0.001, 0.1))
        os.kill(child, signal.SIGKILL)
        assert ended(child) == -signal.SIGKILL
    (store.parent / "stop").touch()
    assert [ended(child) for child in steady] == [0, 0]


def interrupt(store: Path, chance: random.Random) -> None:
    """A process is interrupted once it measures, 20 times."""
    for i in range(INTERRUPTED):
        child, notes = start(measure_until_interrupted, store, f"interrupted{i}")
        while not notes.stat().st_size:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGINT)
        assert ended(child) == 0


def crowd(store: Path, chance: random.Random) -> None:
    """Eight processes open a store that none of them has made yet, several times."""
    for i in range(5):
        place = store.parent / f"crowd{i}.sqlite"
        children = [start(measure, place, f"crowd{i}-{j}")[0] for j in range(TOGETHER)]
        assert [ended(child) for child in children] == [0] * TOGETHER


if __name__ == "__main__":
    archlens.latency.store.store.LOG_LIMIT = 2**16  # so that the log is emptied often while others write
    os.environ["DRIVER"] = str(os.getpid())
    {"kill": kill, "interrupt": interrupt, "crowd": crowd}[sys.argv[1]](Path(sys.argv[2]), random.Random(1))
