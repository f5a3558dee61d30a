"""SIGKILL at random moments: no finished chunk is lost, and the same sweep goes on to the same end."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archlens.spaces.sweep import Found, Sweep
from tests.cli.conftest import ROOT
from tests.cli.test_signals import alive

KILLS = int(os.environ.get("ARCHLENS_KILLS", "3"))
"""How many; 50 take about five minutes on a busy machine."""

CLASSES = max(64, 8 * KILLS)
VARIANTS = 13 * CLASSES

SCRIPT = """
import os, sys
from pathlib import Path
from archlens.spaces.launch import started
from tests.spaces.test_kills import larger_plan

if __name__ == "__main__":
    def seen(outcome):
        os.write(1, f"{outcome.chunk.place}\\n".encode())
    started(larger_plan(), Path(sys.argv[1]), workers=int(sys.argv[2]), seen=seen).close()
    os.write(1, b"end\\n")
"""


def larger_plan() -> object:
    """Variants of LeNet-5 in chunks of 4, enough for all kills; those of fewer than 32 pixels do not fit."""
    from tests.spaces.conftest import small_plan

    return small_plan(over={"input": "1x28x28..1x40x40", "classes": f"1..{CLASSES}"}, size=4)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("workers", [1, 2])
def test_no_finished_chunk_is_lost(workers: int, tmp_path: Path) -> None:
    path, script = tmp_path / "a.sqlite", tmp_path / "sweep.py"
    script.write_text(SCRIPT, encoding="utf-8")
    draw = random.Random(os.environ.get("ARCHLENS_SEED", workers))
    told: set[int] = set()
    killed = 0
    for kill in range(10 * KILLS):
        with subprocess.Popen(
            [sys.executable, str(script), str(path), str(workers)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            if kill < KILLS:
                # Anywhere: while it imports, while it opens the store, while chunks are written.
                time.sleep(draw.uniform(0.0, 0.5))
                for _ in range(draw.randrange(0, 8)):
                    if not (line := process.stdout.readline()) or line == "end\n":
                        break
                    told.add(int(line))
                time.sleep(draw.uniform(0.0, 0.05))
                process.send_signal(signal.SIGKILL)
            lines = process.stdout.read().split()
            killed += process.wait(60) == -signal.SIGKILL
        told |= {int(line) for line in lines if line != "end"}
        if path.exists() and told:
            with Sweep.open(path) as found:
                finished = found.store.finished()
                assert told <= finished.keys(), "a finished chunk is lost"
                rows = len([*found.all()]) + len([*found.store.misfits()])
                assert rows == 4 * len(finished), "a chunk is kept in part"
        if "end" in lines:
            break
    deadline = time.monotonic() + 10
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(process.pid) == []
    assert killed == KILLS
    with Sweep.open(path) as found:
        assert found.store.counts()[:2] == (VARIANTS // 4, VARIANTS)
        assert [*found.all()] == uninterrupted()


def uninterrupted() -> list[Found]:
    """What comes out where nobody is killed."""
    from archlens.spaces.launch import Plan, started

    plan = larger_plan()
    assert isinstance(plan, Plan)
    with started(plan, None) as found:
        return [*found.all()]
