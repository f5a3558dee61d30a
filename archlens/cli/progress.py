"""A progress bar on a terminal, which draws only when told to: a thread of its own would disturb times."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["Progress"]

PAUSE = 0.25
"""Seconds between two drawings."""


class Progress:
    """A bar on stderr with a line of text and how long it may still take; nothing in what is no terminal.

    There is one bar on a terminal: inside another's `with`, what one shows is shown on that of the other.
    """

    _outer: ClassVar["Progress | None"] = None
    _bar: "Bar"
    _task: "TaskID"

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._last = 0.0
        self._own = False

    def __enter__(self) -> "Progress":
        if self._shown and Progress._outer is not None:
            self._bar, self._task = Progress._outer._bar, Progress._outer._task
        elif self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                TimeRemainingColumn(compact=True),
                console=Console(stderr=True),
                transient=True,
                auto_refresh=False,
                # what else is printed goes above the bar, but not to a terminal what was meant for a pipe
                redirect_stdout=sys.stdout is not None and sys.stdout.isatty(),
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=1.0)
            self._own, Progress._outer = True, self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own:
            Progress._outer = None
            self._bar.stop()

    def show(self, text: str, share: float = 0.0, *, now: bool = False) -> None:
        """Say how it stands, unless it was said a quarter of a second ago."""
        if not self._shown or (not now and time.monotonic() - self._last < PAUSE):
            return
        self._bar.update(self._task, description=text, completed=min(share, 1.0))
        self._bar.refresh()
        self._last = time.monotonic()
