"""Where results go: the terminal, a pipe, or a file, in the format asked for."""

import json
import os
import shutil
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from archlens.errors import ArchlensError
from archlens.report import Table, render_csv, render_markdown, render_text
from archlens.report.render import to_ascii

__all__ = ["Format", "emit", "fit_encoding", "write_atomically"]


class Format(StrEnum):
    """How a table is written."""

    text = "text"
    markdown = "markdown"
    csv = "csv"
    json = "json"


def emit(table: Table, as_json: Any, format: Format, output: Path | None) -> None:
    """Write a result to a file, or to stdout when there is none.

    On a terminal a text table is cut to its width, by columns; in a pipe or a file it has them all.
    """
    if output is None:
        sys.stdout.write(fit_encoding(_rendered(table, as_json, format, _width(), _colour()), sys.stdout))
        sys.stdout.flush()
    else:
        write_atomically(output, _rendered(table, as_json, format, None, False))


def _rendered(table: Table, as_json: Any, format: Format, width: int | None, colour: bool) -> str:
    if format is Format.json:
        return json.dumps(as_json, indent=2, ensure_ascii=False) + "\n"
    if format is Format.csv:
        return render_csv(table)
    if format is Format.markdown:
        return render_markdown(table)
    return render_text(table, width=width, colour=colour)


def _width() -> int | None:
    """Columns of the terminal, or of COLUMNS where that is set; None in a pipe."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size().columns


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def fit_encoding(text: str, stream: TextIO) -> str:
    """The text in what the stream can encode: as it is, or with its signs spelled in ASCII."""
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return to_ascii(text)
    return text


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or none: what stood there stays until the new text is complete."""
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # a device or a pipe, such as /dev/stdout
            return
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
