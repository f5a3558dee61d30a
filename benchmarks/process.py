"""Runs a process and says how long it took and how much memory it held."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ARCHLENS", "Finished", "ProcessFailedError", "python", "run"]

ROOT = Path(__file__).parent.parent
ARCHLENS = str(Path(sys.executable).parent / "archlens")
TIMEOUT = 300
MEBIBYTE = 1 << 20
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
NOT_PASSED_ON = {"PYTHONDONTWRITEBYTECODE", "PYTHONSAFEPATH", "PYTHONPROFILEIMPORTTIME", "COLUMNS"}

# A process inherits its parent's peak when it is spawned, so the parent must be smaller than what it
# measures: a bare interpreter, which also keeps the clock. Its last line tells seconds, peak and exit status.
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class ProcessFailedError(Exception):
    """A process that did not end well; the message is the last line that it wrote."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended well.

    seconds  from spawn to exit
    peak     of its resident set, in MiB
    output   what it printed
    """

    seconds: float
    peak: float
    output: str


def python(code: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs some code in a fresh interpreter, in the folder that holds `benchmarks`."""
    return (sys.executable, "-c", code, *arguments)


def run(*command: str) -> Finished:
    """Run a command to its end. Raises a ProcessFailedError when it fails or takes minutes."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    launcher = (sys.executable, "-I", "-S", "-c", LAUNCHER)
    try:
        done = subprocess.run(
            (*launcher, *command),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=TIMEOUT,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ProcessFailedError(f"{command[0]} could not be run: {type(error).__name__}") from error
    output, _, measured = done.stdout.rstrip("\n").rpartition("\n")
    seconds, peak, status = measured.split()
    if status != "0":
        said = (done.stderr or output).strip().splitlines() or [f"exit status {status}"]
        raise ProcessFailedError(said[-1])
    return Finished(float(seconds), float(peak) * RSS_UNIT / MEBIBYTE, output)
