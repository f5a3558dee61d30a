"""A user's Python, imported as `python -m` would."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from archlens.errors import ArchlensError, MissingDependencyError, RecordError, nearest

__all__ = ["imported"]


def imported(model: str, place: str, name: str) -> Any:
    """What stands under a name in a module or a file, `package.module` or `file.py`.

    Raises a RecordError for a module or file that is not there, that raises, or that has no such name, a
    MissingDependencyError for one that cannot be imported without PyTorch.
    """
    module = from_file(Path(place)) if place.endswith(".py") else from_path(place)
    found: Any = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            hint = nearest(part, (known for known in vars(module) if not known.startswith("_")))
            raise RecordError(f"{model}: {place} has no {part}{hint}") from None
    return found


def from_path(place: str) -> ModuleType:
    """A module by its dotted path, also one in the folder that the user is in."""
    if not all(part.isidentifier() for part in place.split(".")):
        raise RecordError(f"{place} is no module's name: expected package.module:name or file.py:name")
    with searched(Path.cwd()):
        try:
            return importlib.import_module(place)
        except ModuleNotFoundError as error:
            name = error.name
            if name is None or name == "torch" or not f"{place}.".startswith(f"{name}."):
                raise failed(place, error) from error
            raise RecordError(f"there is no module {name}, here or among the installed ones") from error
        except Exception as error:
            raise failed(place, error) from error


def from_file(path: Path) -> ModuleType:
    """A module from a file, whose neighbours it may import."""
    if not path.is_file():
        raise RecordError(f"{path}: {'is not a file' if path.exists() else 'no such file'}")
    name = path.stem if path.stem not in sys.modules else f"{path.stem}_of_the_user"
    loader = SourceFileLoader(name, str(path))  # whatever the file's name ends in
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses and pickle look for it
    with searched(path.resolve().parent):
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise failed(str(path), error) from error
    return module


@contextmanager
def searched(folder: Path) -> Iterator[None]:
    """Put a folder first where Python looks for modules.

    It stays there afterwards, as the user's code may import more when it runs.
    """
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    yield


def failed(place: str, error: Exception) -> ArchlensError:
    """Why an import failed, and where in the user's code; without PyTorch, what installs it."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] == "torch":
        return MissingDependencyError(f"{place} needs PyTorch", extra="torch")
    said = next(iter(str(error).strip().splitlines()), "no reason given")
    return RecordError(f"{place} cannot be imported: {type(error).__name__}: {said}")
