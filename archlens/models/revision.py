"""Files as they were at a git revision."""

import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TypeVar

from archlens.errors import ArchlensError, UsageError
from archlens.spec.reference import ENDINGS, split_revision

__all__ = ["at_revision", "files_of", "prefix_of"]

T = TypeVar("T")

UNPACKED = (*ENDINGS, ".toml", ".json")
"""What a model may be made of: the rest of a repository may be large."""


def at_revision(model: str, load: Callable[[str], T]) -> T:
    """What `load` makes of a model, which may be a file at a git revision: `HEAD~1:nets/small.yaml`.

    Any other model is loaded as it stands. The path is told from the root of the repository, as git does, or
    from the current folder. Errors name the file at its revision, and not where it was unpacked.

    Raises a UsageError for a revision or a file that git does not know, and what `load` raises.
    """
    found = split_revision(model)
    if found is None:
        return load(model)
    revision, file, rest = found
    with files_of(revision) as root:
        path = _within(root, file, model)
        try:
            return load(f"{path}{rest}")
        except ArchlensError as error:
            raise UsageError(str(error).replace(f"{root}/", f"{revision}:")) from error


@contextmanager
def files_of(revision: str, folder: Path = Path()) -> Iterator[Path]:
    """A temporary folder that holds a revision of the repository around `folder`: its files, as far as models
    are made of them.

    Raises a UsageError where there is no repository, no git, or no such revision.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel", revision=revision).decode().rstrip("\n"))
    names = _git(
        top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", f"{revision}^{{commit}}", revision=revision
    )
    kept = [name for name in names.decode(errors="surrogateescape").split("\0") if name.endswith(UNPACKED)]
    with tempfile.TemporaryDirectory(prefix="archlens-") as made:
        root = Path(made).resolve()
        if kept:
            archive = _git(
                top, "archive", "--format=tar", f"{revision}^{{commit}}", "--", *kept, revision=revision
            )
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(root, filter="data")
        yield root


def prefix_of(folder: Path) -> PurePosixPath:
    """Where a folder lies in its repository."""
    return PurePosixPath(_git(folder, "rev-parse", "--show-prefix", revision="").decode().strip() or ".")


def _within(root: Path, path: str, model: str) -> Path:
    """A path from the root of the repository, or from the current folder."""
    for candidate in (root / path, root / prefix_of(Path()) / path):
        inside = candidate.resolve()
        if inside.is_file() and inside.is_relative_to(root):
            return inside
    raise UsageError(f"{model}: there is no file {path} at that revision")


def _git(folder: Path, *arguments: str, revision: str) -> bytes:
    """What a git command prints. Raises a UsageError with git's own reason."""
    if revision.startswith("-"):
        raise UsageError(f"{revision}: is no git revision")
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError(f"{revision}: reading a git revision needs git, which is not installed") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(
            f"{revision}: git cannot read this revision: {reason[0] if reason else 'no reason given'}"
        )
    return done.stdout
