"""What is wrong with an ONNX file, on one line."""

from archlens.errors import RecordError

__all__ = ["OnnxError", "quoted"]

MAX_QUOTED = 60


class OnnxError(RecordError):
    """An ONNX file that holds no network which can be read. The caller adds the file."""


def quoted(text: object) -> str:
    """A name or a message out of a file, cut to one short line that cannot steer a terminal."""
    line = " ".join(str(text)[: 4 * MAX_QUOTED].split())
    line = line if len(line) <= MAX_QUOTED else line[:MAX_QUOTED] + "…"
    return "".join(c if c.isprintable() else "?" for c in line)
