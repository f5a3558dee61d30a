"""What stands in for torchvision where it is missing: timm imports names of it that no network here uses."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

__all__ = ["stand_in"]


class Member(type):
    """A class whose every attribute is there: its name."""

    def __getattr__(cls, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class Package(ModuleType):
    """A package whose every member is an empty class."""

    __path__: list[str] = []  # noqa: RUF012  # as the import system wants it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Member(name, (), {})


class Finder(MetaPathFinder, Loader):
    """Finds a package, and whatever is asked for below it."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A package, if it is the one."""
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] == self.package else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty one."""
        return Package(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


@contextmanager
def stand_in(package: str) -> Iterator[None]:
    """While this lasts, a package can be imported though it is missing; one that is there is left alone."""
    if find_spec(package) is not None:
        yield
        return
    finder = Finder(package)
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
