"""A progress bar that is seen on terminals only, and draws when it is told to."""

import io
import re
import sys

import pytest

from archlens.cli.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def test_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress.show("building", now=True)
        progress.show("measuring", 0.5)
    assert capsys.readouterr() == ("", "")


def test_a_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Progress() as progress:
        progress.show("building", now=True)
        progress.show("too soon after it", 0.5)
        progress.show("12.34 ms (12.30–12.40 ms)", 0.5, now=True)
        shown = terminal.getvalue()
    assert "building" in shown
    assert "12.34 ms (12.30–12.40 ms)" in shown
    assert "too soon" not in shown


def test_how_long_it_may_still_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes on by a second whenever the bar looks at it."""
    terminal, seconds = Terminal(), iter(range(1000))
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Progress() as progress:
        progress._bar.get_time = lambda: float(next(seconds))
        for share in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5):
            progress.show("halfway", share, now=True)
    assert re.search(r"halfway.*00:\d\d", terminal.getvalue())
