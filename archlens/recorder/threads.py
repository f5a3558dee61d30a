"""Copies of what threads share: locks, queues, pools of threads, and what each thread has for itself."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from archlens.recorder.copying import Copy, Handler

__all__ = ["THREADS"]


def lock(copy: Copy, x: Any) -> Any:
    """A new lock, which nobody holds."""
    return copy.note(x, threading.Lock())


def reentrant_lock(copy: Copy, x: Any) -> Any:
    """A new reentrant lock, which nobody holds."""
    return copy.note(x, threading.RLock())


def local(copy: Copy, x: Any) -> Any:
    """A copy of a `threading.local`: it holds what the current thread has in it."""
    made = copy.note(x, type(x)())
    made.__dict__.update({name: copy.copied(value) for name, value in x.__dict__.items()})
    return made


def pool(copy: Copy, x: ThreadPoolExecutor) -> Any:
    """A pool of as many threads, none of which runs yet.

    The original's threads were there before the recording, which could not see what they do.
    """
    made = ThreadPoolExecutor(
        x._max_workers,
        getattr(x, "_thread_name_prefix", ""),
        copy.copied(getattr(x, "_initializer", None)),
        copy.copied(getattr(x, "_initargs", ())),
    )
    copy.closing.append(made.shutdown)
    return copy.note(x, made)


def simple_queue(copy: Copy, x: Any) -> Any:
    """A new queue with the same in it. The original is emptied for that and filled again."""
    made = copy.note(x, queue.SimpleQueue())
    held = []
    while not x.empty():
        held.append(x.get_nowait())
    for each in held:
        x.put(each)
        made.put(copy.copied(each))
    return made


THREADS: dict[type, Handler] = {
    type(threading.Lock()): lock,
    type(threading.RLock()): reentrant_lock,
    threading.local: local,
    ThreadPoolExecutor: pool,
    queue.SimpleQueue: simple_queue,
}
"""How objects of these classes are copied."""
