"""What is different when a terminal is looking: width, bold headings, a progress bar."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable

import pytest

from tests.cli.conftest import ROOT

Terminal = Callable[..., tuple[str, str]]


@pytest.fixture
def terminal() -> Terminal:
    """Run `archlens` in a terminal of 80 columns: what it prints there, and on the other stream in a pipe."""

    def called(*arguments: str, stream: str = "stdout", **environment: str) -> tuple[str, str]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        surroundings = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR")}
        process = subprocess.Popen(
            [sys.executable, "-m", "archlens", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=theirs if stream == "stdout" else subprocess.PIPE,
            stderr=theirs if stream == "stderr" else subprocess.PIPE,
            env={**surroundings, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment},
        )
        os.close(theirs)
        shown = b"".join(iter(lambda: read(ours), b""))
        os.close(ours)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        return shown.decode().replace("\r\n", "\n"), ((out or b"") + (err or b"")).decode()

    return called


def read(descriptor: int) -> bytes:
    """What stands in a terminal; nothing when its other end is closed, which Linux calls an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_a_table_fits_and_its_headings_are_bold(terminal: Terminal) -> None:
    shown, errors = terminal("profile", "resnet50")
    assert errors == ""
    assert "\x1b[1m" in shown
    plain = re.sub(r"\x1b\[[01]m", "", shown)
    assert "\x1b" not in plain
    assert plain.encode() == (ROOT / "tests" / "golden" / "profile_resnet50_80_columns.txt").read_bytes()


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(terminal: Terminal, environment: dict[str, str]) -> None:
    shown, _ = terminal("profile", "lenet5", **environment)
    assert shown.startswith("lenet5, input")
    assert "\x1b" not in shown


@pytest.mark.parametrize("format", ["csv", "json", "markdown"])
def test_other_formats_are_the_same_everywhere(terminal: Terminal, format: str) -> None:
    shown, _ = terminal("profile", "lenet5", "--format", format)
    piped = subprocess.run(
        [sys.executable, "-m", "archlens", "profile", "lenet5", "--format", format],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert shown == piped.stdout.decode()


def test_progress_is_shown_on_a_terminal_and_leaves_the_result_alone(terminal: Terminal) -> None:
    shown, result = terminal("verify", "lenet5", stream="stderr")
    assert "verifying" in shown
    assert result.startswith("                shapes,  torch's\nmodel ")
    assert "verifying" not in result
