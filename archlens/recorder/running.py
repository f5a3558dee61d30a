"""How a forward is run while it is recorded: as it was written, in single operators, its threads watched."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import setprofile
from typing import Any

import torch

from archlens.recorder.mode import Recorder

__all__ = ["COMPILING", "slow_paths", "threads_joining", "uncompiled"]

COMPILING = {"torch._dynamo", "torch.nn.attention.flex_attention"}
"""Python modules whose import tells that `torch.compile` may have wrapped something in this process."""


def uncompiled() -> AbstractContextManager[Any]:
    """While the block of `with` runs, functions that `torch.compile` has wrapped run as they were written.

    For that PyTorch's compiler is imported, which takes more than a second: it is done only where something
    in the module may have been wrapped.
    """
    if not COMPILING & sys.modules.keys():
        return nullcontext()
    stance: AbstractContextManager[Any] = torch.compiler.set_stance("force_eager")
    return stance


@contextmanager
def slow_paths() -> Iterator[None]:
    """While the block of `with` runs, transformer layers run operator by operator.

    PyTorch's fused layers work on nested tensors, which have no shape.
    """
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


@contextmanager
def threads_joining(recorder: Recorder) -> Iterator[None]:
    """While the block of `with` runs, operators of threads that a forward starts are recorded, too.

    Each thread enters the recorder when it calls its first operator. Threads that were there before cannot be
    made to, so fake tensors know who records them.
    """

    def join(*event: Any) -> None:
        sys.setprofile(None)
        torch._C._set_grad_enabled(False)
        recorder.__enter__()  # type: ignore[no-untyped-call]

    setprofile(join)
    try:
        yield
    finally:
        setprofile(None)
