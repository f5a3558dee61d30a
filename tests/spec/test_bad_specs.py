"""A bad spec costs an error message, nothing else: one clear line, and neither time nor memory.

All messages stand in tests/golden/bad_specs.txt, to be read as a user would.
"""

import re
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlens.errors import SpecError
from archlens.spec import load
from archlens.spec.check import check
from tests.spec.bad_specs import BAD_SPECS, NASTIEST

LOADERS = (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
"""The parser in Python and the one in C: they look ahead differently, and word their errors differently."""
MAX_PEAK = 50_000_000
MAX_LINE = 700
SHOWN = 4

ALONE = """
import resource, sys
from archlens.errors import SpecError
from archlens.spec import load

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load("bad.yaml")
except SpecError as error:
    print(len(error.problems), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str) -> None:
    text = BAD_SPECS[name]
    Path("bad.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())


@cache
def messages(name: str) -> tuple[str, ...]:
    """What `spec check` says, line by line."""
    write(name)
    return tuple(str(problem) for problem in check(Path("bad.yaml")))


@pytest.mark.parametrize("name", BAD_SPECS)
def test_every_line_has_its_place_and_can_be_read(name: str) -> None:
    found = messages(name)
    assert found
    assert len(set(found)) == len(found)
    for line in found:
        assert line.startswith("bad.yaml")
        assert line.isprintable()
        assert len(line) < MAX_LINE


@pytest.mark.parametrize("name", [name for name in BAD_SPECS if name not in NASTIEST])
def test_is_refused_with_these_lines_and_takes_little_memory(name: str) -> None:
    write(name)
    tracemalloc.start()
    try:
        with pytest.raises(SpecError) as caught:
            load("bad.yaml")
        assert tracemalloc.get_traced_memory()[1] < MAX_PEAK
    finally:
        tracemalloc.stop()
    assert {str(problem) for problem in caught.value.problems} <= set(messages(name))


def limit() -> None:
    """A minute of processor time and a gigabyte, then the kernel ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))


@pytest.mark.parametrize("name", NASTIEST)
def test_does_not_take_the_interpreter_down(name: str) -> None:
    write(name)
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, preexec_fn=limit, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    problems, kilobytes = map(int, done.stdout.split())
    assert problems > 0
    assert kilobytes * 1000 < MAX_PEAK


def without_words_of_the_parser(line: str) -> str:
    """A message without what the YAML library says, which differs from version to version.

    >>> without_words_of_the_parser("a.yaml:4: is not YAML: no ',' (while reading from line 3); quote it")
    'a.yaml:4: is not YAML: … (… from line 3); quote it'
    """
    return re.sub(r"(?<=is not YAML: )[^;(]*[^;( ]", "…", re.sub(r"\(.*(?= from line \d)", "(…", line))


@pytest.mark.parametrize("loader", LOADERS)
def test_the_messages(
    loader: Any, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archlens.spec.read.LOADER", loader)
    lines = []
    for name in BAD_SPECS:
        write(name)
        found = [str(problem) for problem in check(Path("bad.yaml"))]
        more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        lines += [f"── {name}", *map(without_words_of_the_parser, found[:SHOWN]), *more, ""]
    golden("bad_specs.txt", "\n".join(lines))
