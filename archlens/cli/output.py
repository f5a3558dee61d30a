"""Where results go: the terminal, a pipe, or a file, in the format asked for."""

import errno
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from archlens.errors import ArchlensError
from archlens.report import Table, render_csv, render_markdown, render_text
from archlens.report.render import to_ascii

__all__ = ["Format", "emit", "emit_json", "write", "write_atomically"]


class Format(StrEnum):
    """How a table is written."""

    text = "text"
    markdown = "markdown"
    csv = "csv"
    json = "json"


def emit(table: Callable[[], Table], as_json: Callable[[], Any], format: Format, output: Path | None) -> None:
    """Write a result to a file, or to stdout when there is none; only the form asked for is made.

    On a terminal a text table is cut to its width, by columns; in a pipe or a file it has them all.
    """
    if format is Format.json:
        emit_json(as_json(), output)
    elif output is None:
        write(_rendered(table(), format, _width(), _colour()))
    else:
        write_atomically(output, _rendered(table(), format, None, False))


def emit_json(value: Any, output: Path | None) -> None:
    """Write a value as JSON; signs that stdout cannot encode are escaped, so that it stays the same value."""
    text = _json(value, escaped=False)
    if output is not None:
        write_atomically(output, text)
    else:
        write(text if _encodes(text, sys.stdout) else _json(value, escaped=True))


def _json(value: Any, *, escaped: bool) -> str:
    buffer = io.StringIO()  # piece by piece: `dumps` would hold all the pieces at once
    json.dump(value, buffer, indent=2, ensure_ascii=escaped)
    return buffer.getvalue() + "\n"


def _rendered(table: Table, format: Format, width: int | None, colour: bool) -> str:
    if format is Format.csv:
        return render_csv(table)
    if format is Format.markdown:
        return render_markdown(table)
    return render_text(table, width=width, colour=colour)


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

    A reader that has gone, such as `head`, is no error. Raises an ArchlensError for a full disk.
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
        if not isinstance(problem, BrokenPipeError) and not error:
            raise ArchlensError(f"the output cannot be written: {problem.strerror}") from problem


def _encodes(text: str, stream: TextIO | None) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or none: what stood there stays until the new text is complete."""
    import tempfile  # which most commands never need

    target = Path(os.path.realpath(path))
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe, such as /dev/stdout
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            os.chmod(temporary, target.stat().st_mode if target.exists() else 0o666 & ~_umask())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be written: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
