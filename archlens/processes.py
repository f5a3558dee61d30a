"""What a process does first that another one started to share its work."""

import os
import signal
import threading
from multiprocessing import parent_process

__all__ = ["alone", "deaf", "end_with_parent"]


def alone() -> None:
    """What a process does first that shares the machine with others like it: it takes one core."""
    deaf()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # which PyTorch reads when it is imported


def deaf() -> None:
    """What a process does first: it leaves Ctrl-C to the one that started it, and ends when that does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """Wait until the process that started this one is no more, by whatever signal, and end this one."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
