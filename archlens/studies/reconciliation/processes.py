"""Runs each counter in a process of its own."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from archlens.errors import MissingDependencyError, UsageError, nearest
from archlens.studies.reconciliation.conventions import CONVENTIONS

if TYPE_CHECKING:
    from archlens.studies.reconciliation.counters import Network

__all__ = ["Count", "asked", "chosen", "count", "installed"]

NEEDS = {"calflops": ("calflops", "transformers")}
"""What has to be installed for a counter, where that is not just itself."""

ROOT = Path(__file__).parents[3]
AT_ONCE = 2
LONGEST = 900


@dataclass(frozen=True, slots=True)
class Count:
    """What a counter came to.

    total   as it reports it; None where it failed
    failed  why, in one line
    """

    counter: str
    version: str
    total: int | None
    failed: str = ""


def installed() -> tuple[str, ...]:
    """The counters that are there, found without importing any."""
    return tuple(name for name in CONVENTIONS if not missing(name))


def missing(counter: str) -> tuple[str, ...]:
    """The packages that a counter needs and that are not installed."""
    return tuple(package for package in NEEDS.get(counter, (counter,)) if find_spec(package) is None)


def asked(names: Iterable[str]) -> tuple[str, ...]:
    """The counters of these names, once each.

    Raises a UsageError for one that archlens does not know, a MissingDependencyError for one that is not
    installed.
    """
    found = tuple(dict.fromkeys(names))
    if not found:
        raise UsageError(f"--with names no counter; there are {', '.join(CONVENTIONS)}")
    for name in found:
        if name not in CONVENTIONS:
            hint = nearest(name, CONVENTIONS) or f"; there are {', '.join(CONVENTIONS)}"
            raise UsageError(f"--with {name} is no counter that archlens knows{hint}")
    if absent := [name for name in found if missing(name)]:
        packages = " ".join(package for name in absent for package in missing(name))
        raise MissingDependencyError(f"{' and '.join(absent)} cannot count here", packages=packages)
    return found


def chosen(names: Iterable[str] | None) -> tuple[str, ...]:
    """The counters of these names, or all that are installed. Raises what `asked` raises."""
    return asked(names) if names is not None else installed() or ("torch",)


def count(network: "Network", counters: Iterable[str]) -> Iterator[Count]:
    """What each counter says of a network, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda name: counted(network, name), counters)


def counted(network: "Network", counter: str) -> Count:
    """What one counter says of a network, run in a process of its own."""
    path = [place for place in sys.path if place]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *path])}
    try:
        done = subprocess.run(
            (sys.executable, "-m", "archlens.studies.reconciliation.counters"),
            input=pickle.dumps((counter, network, path)),
            env=environment,
            capture_output=True,
            check=False,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return Count(counter, release(counter), None, f"no answer after {LONGEST} seconds")
    answer = {"failed": f"its process ended with status {done.returncode}"}
    for line in reversed(done.stdout.decode("utf-8", "replace").splitlines()):
        if line.startswith("{"):
            answer = json.loads(line)
            break
    return Count(counter, release(counter), answer.get("total"), answer.get("failed", ""))  # type: ignore[arg-type]


def release(counter: str) -> str:
    """The version of a counter's package."""
    try:
        return version(counter)
    except PackageNotFoundError:
        return ""
