"""Signals: Ctrl-C and SIGTERM end a command in order, at any moment."""

import math
import os
import signal
import sys
import threading
import time
from types import FrameType

__all__ = ["Interruptions"]

GRACE = 5.0
"""Seconds that cleaning up may take after SIGTERM."""
LONGEST_IMPORT = 20.0
"""Seconds that a signal waits for imports to be over. PyTorch's take one to five."""
AGAIN = 0.05
"""Seconds until a signal that came in an import is tried again."""

PROGRAMS = ("<module>", "_run_module_as_main")
"""What a program's outermost frame is called: that of a script, and that of `python -m`."""


class Interruptions:
    """What SIGINT and SIGTERM do: raise once, so that files and processes are cleaned up on the way out.

    Nothing is raised in an import: libraries swallow exceptions there, and a compiled one that calls Python
    ends the process with SIGABRT. Nor while a worker is started, which would wait for the rest of what it is
    told. The signal is tried again until that is over.

    received  the number of the signal that came; 0 while none did
    """

    def __init__(self) -> None:
        self.received = 0
        self.latest = math.inf
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.raised)

    def raised(self, number: int, frame: FrameType | None) -> None:
        """Raise a KeyboardInterrupt for Ctrl-C, a SystemExit for SIGTERM."""
        if shuts_down(frame):  # nobody catches what is raised there
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        if not self.received:
            self.received = number
            self.latest = time.monotonic() + LONGEST_IMPORT
        if hasattr(signal, "setitimer") and unsafe(frame) and time.monotonic() < self.latest:
            signal.signal(signal.SIGALRM, lambda _, where: self.raised(number, where))
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
            return
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        # What a library swallows in spite of all that does not go on for ever.
        last = threading.Timer(GRACE, os._exit, [128 + number])
        last.daemon = True
        last.start()
        sys.exit(128 + number)

    def end(self) -> None:
        """The command is over: a signal that waits for an import to be over comes no more."""
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


def shuts_down(frame: FrameType | None) -> bool:
    """Whether the program is over where a signal came: Python itself waits for threads, or cleans up."""
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame is None or frame.f_code.co_name not in PROGRAMS


def unsafe(frame: FrameType | None) -> bool:
    """Whether an import statement runs where a signal came, or a worker process is started.

    A file that a user names is loaded without an import statement.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_name == "_find_and_load" and code.co_filename.startswith("<frozen importlib"):
            return True
        if code.co_name == "_launch" and "multiprocessing" in code.co_filename:
            return True
        frame = frame.f_back
    return False
