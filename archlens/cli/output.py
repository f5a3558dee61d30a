"""Where results go: the terminal, a pipe, or a file, in the format asked for."""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TextIO

from archlens.errors import ArchlensError
from archlens.file import replace
from archlens.report.formats import format_of
from archlens.report.formats.renderer import Paper
from archlens.report.render import render, to_ascii
from archlens.report.result import Result
from archlens.report.style import Style, restyled

__all__ = ["emit", "format_for", "replace_file", "write", "write_atomically"]


USUAL = Style()


def format_for(format: str | None, output: Path | None) -> str:
    """The format asked for; unless one is, what the extension of the file asks for, or text."""
    return format or (format_of(output) if output else "text")


def emit(result: Result, format: str | None, output: Path | None, style: Style = USUAL) -> None:
    """Write a result to a file, or to stdout when there is none.

    style  how counts and times look

    On a terminal a text table is cut to its width, by columns; in a pipe or a file it has them all.
    """
    result = restyled(result, style)
    chosen = format_for(format, output)
    if output is not None:
        write_atomically(output, render(result, chosen))
        return
    text = render(result, chosen, Paper(_width(), _colour()))
    if chosen == "json" and not _encodes(text, sys.stdout):  # escaped, so that it stays the same value
        text = render(result, chosen, Paper(ascii=True))
    write(text)


def _width() -> int | None:
    """Columns of the terminal, or of COLUMNS where that is set; None in a pipe."""
    if not _is_terminal() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size().columns


def _colour() -> bool:
    return _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def write(text: str, *, error: bool = False) -> None:
    """Print to stdout, or to stderr, as it is or with signs that cannot be encoded spelled in ASCII.

    Once its reader has gone, such as `head`, the command ends without a word, as by SIGPIPE. Raises an
    ArchlensError for a full disk.
    """
    stream = sys.stderr if error else sys.stdout
    if stream is None:  # closed by whoever started us
        return
    try:
        stream.write(text if _encodes(text, stream) else to_ascii(text))
        stream.flush()
    except OSError as problem:
        # Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if isinstance(problem, BrokenPipeError) and not error:
            sys.exit(128 + signal.SIGPIPE)
        if not isinstance(problem, BrokenPipeError) and not error:
            raise ArchlensError(f"the output cannot be written: {problem.strerror}") from problem


def _encodes(text: str, stream: TextIO | None) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or none, and say so where it takes the place of another."""
    if replace_file(path, text):
        write(f"archlens: {path}: overwritten\n", error=True)


def replace_file(path: Path, content: str | bytes) -> bool:
    """Write a whole file or none, and return whether there was such a file before.

    Raises an ArchlensError for what cannot be written.
    """
    try:
        return replace(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be written: {error.strerror or error}") from error
