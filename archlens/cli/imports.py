"""Large packages, named on a terminal while they are imported: PyTorch alone takes one to five seconds."""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from archlens.cli.progress import Progress

__all__ = ["announce_imports"]

LARGE = {"torch": "PyTorch", "altair": "Altair", "pandas": "pandas", "onnxruntime": "onnxruntime"}
"""By the name under which it is imported, what a package is called."""


def announce_imports() -> None:
    """From now on, name each large package while it is imported; nothing where stderr is no terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.meta_path.insert(0, Announcing())


class Announcing(MetaPathFinder):
    """Finds what the finders after it find, to be loaded with a word about it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a large package is; None for others, and where it is not installed."""
        if fullname not in LARGE:
            return None
        others = (each for each in sys.meta_path if each is not self)
        found = next(filter(None, (each.find_spec(fullname, path, target) for each in others)), None)
        if found is not None and found.loader is not None:
            found.loader = Announced(found.loader, LARGE[fullname])
        return found


class Announced(Loader):
    """Loads a package as its own loader does, which is the one that is known afterwards."""

    def __init__(self, loader: Loader, title: str) -> None:
        self.loader = loader
        self.title = title

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The empty module, as the package's own loader makes it."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the package, with its name on the terminal meanwhile."""
        module.__loader__ = self.loader
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        with Progress() as progress:
            progress.show(f"importing {self.title}", now=True)
            self.loader.exec_module(module)
