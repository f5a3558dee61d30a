"""Every error that archlens raises on purpose.

    ArchlensError
    ├── OperatorError          attributes or shapes that an operator refuses
    ├── ExpressionError        an expression that cannot be parsed or evaluated
    ├── SpecError              a spec that cannot be read or lowered; carries its problems
    ├── UnknownModelError      a model name that no spec defines
    ├── GraphError             a graph that breaks one of its own rules
    ├── BuildError             a graph that cannot be turned into a PyTorch module
    ├── RecordError            a module that cannot be found, made or recorded
    ├── MissingDependencyError an optional package that is not installed
    ├── StoreError             measured results that cannot be kept or read
    ├── DeviceError            a device that nobody knows; a profile, sheet or table that cannot be read
    └── UsageError             options that do not fit together

The command line catches these, prints their text on one line a problem, and exits with 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "ArchlensError",
    "BuildError",
    "DeviceError",
    "ExpressionError",
    "GraphError",
    "MissingDependencyError",
    "OperatorError",
    "Problem",
    "RecordError",
    "SpecError",
    "StoreError",
    "UnknownModelError",
    "UsageError",
    "install_command",
    "nearest",
    "printable",
]

DISTRIBUTION = "archlens-nn"
"""The name on the Python package index, where `archlens` is another project."""
MAX_MESSAGE = 300
MAX_NAME = 40
MAX_KNOWN = 1000


class ArchlensError(Exception):
    """Anything that a user can put right."""


class OperatorError(ArchlensError):
    """Attributes or input shapes that an operator refuses. The caller adds the place."""


class ExpressionError(ArchlensError):
    """An expression that cannot be parsed or evaluated. The caller adds the place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a spec: where, which item, and what."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f"{place} {_on_a_line(self.path)}" if self.path else place
        return f"{where}: {_on_a_line(self.message)}"


def _on_a_line(text: str) -> str:
    """A text cut to one line of bounded length, in which nothing can steer a terminal."""
    text = " ".join(text[: 2 * MAX_MESSAGE].split())
    return printable(text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + "…")


def printable(text: str) -> str:
    """A text in which nothing can steer a terminal: what cannot be printed stands there as its escape.

    >>> print(printable("a\x1b[2Jb"))
    a\\x1b[2Jb
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class SpecError(ArchlensError):
    """A spec that cannot be read or lowered; `problems` holds every one that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownModelError(ArchlensError):
    """A model name that no spec defines."""


class GraphError(ArchlensError):
    """A graph that breaks one of its own rules: order, names, shapes or costs."""


class BuildError(ArchlensError):
    """A graph that cannot be turned into a PyTorch module."""


class RecordError(ArchlensError):
    """A module that cannot be found, made or recorded; names the module or the file."""


class MissingDependencyError(ArchlensError):
    """An optional package that is needed here and is not installed; the message ends with what installs it.

    >>> print(MissingDependencyError("timm:resnet50 needs timm", packages="timm"))
    timm:resnet50 needs timm: pip install timm

    need      what is to be done, and the package that it needs
    extra     the extra of archlens that brings the package
    packages  what to install where no extra brings it
    """

    def __init__(self, need: str, *, extra: str = "", packages: str = "") -> None:
        super().__init__(f"{need}: {install_command(extra) if extra else f'pip install {packages}'}")


def install_command(extra: str) -> str:
    """What installs an extra of archlens: from the checkout that this file lies in, or from the index."""
    checkout = Path(__file__).parents[1] / "pyproject.toml"
    return f"pip install -e '.[{extra}]'" if checkout.is_file() else f"pip install '{DISTRIBUTION}[{extra}]'"


class StoreError(ArchlensError):
    """Measured results that cannot be kept, or kept ones that cannot be read; names the file."""


class DeviceError(ArchlensError):
    """A device that nobody knows, or a profile, a data sheet or a table of times that cannot be read."""


class UsageError(ArchlensError):
    """Options or arguments that do not fit together."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that names what was probably meant, or nothing; upper and lower case are one.

    >>> nearest("relo", ["relu", "conv"])
    '; did you mean relu?'
    """
    if len(name) > MAX_NAME:
        return ""
    from difflib import get_close_matches  # only a mistake needs it

    words = sorted(known, reverse=True)[-MAX_KNOWN:]
    by_lower_case = {word.lower(): word for word in words}
    matches = get_close_matches(name.lower(), sorted(by_lower_case), n=1, cutoff=0.6)
    return f"; did you mean {by_lower_case[matches[0]]}?" if matches else ""
