"""The spec files that come with archlens: where they are, and what messages call them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from archlens.errors import Problem, SpecError
from archlens.spec.items import Block
from archlens.spec.parse import parse_shared_blocks
from archlens.spec.read import read_file

__all__ = ["SHARED", "folder", "shared_blocks", "shown", "spec_files"]

PACKAGE = Path(__file__).parent.parent
SHARED = "shared_blocks.yaml"


def spec_files() -> tuple[Path, ...]:
    """The files of the specs that come with archlens, in alphabetical order."""
    return tuple(sorted(path for path in folder().glob("*.yaml") if path.name != SHARED))


@cache
def shared_blocks() -> Mapping[str, Block]:
    """The blocks that every family may use. A file of the package: it does not change under us."""
    path = folder() / SHARED
    return parse_shared_blocks(read_file(path), shown(path))


def folder() -> Path:
    """The folder of the specs: inside the installed package, or beside it in a checkout."""
    for folder in (PACKAGE / "specs", PACKAGE.parent / "specs"):
        if (folder / SHARED).is_file():
            return folder
    raise SpecError([Problem(str(PACKAGE / "specs"), 0, "", "the specs are missing: install archlens again")])


def shown(path: Path) -> str:
    """A file as messages call it: specs/resnet.yaml for our own, the user's path for others."""
    return f"specs/{path.name}" if path.parent == folder() else str(path)
