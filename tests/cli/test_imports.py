"""Large packages are named while they are imported, on a terminal alone, and nothing of that stays."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from archlens.cli import imports
from archlens.cli.imports import announce_imports
from archlens.cli.progress import Progress
from tests.cli.test_progress import Terminal

LARGE = """
import sys
assert "importing the large one" in sys.stderr.getvalue()
whole = True
"""


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal, and a large package that looks at what stands on stderr."""
    made = Terminal()
    (tmp_path / "largest.py").write_text(LARGE, encoding="utf-8")
    monkeypatch.setattr(imports, "LARGE", {"largest": "the large one", "no_such_package": "none"})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delitem(sys.modules, "largest", raising=False)
    return made


def test_a_large_package_is_named(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    announce_imports()
    found = import_module("largest")
    assert found.whole
    assert found.__spec__ is not None
    assert type(found.__spec__.loader) is type(found.__loader__) is type(import_module("json").__loader__)
    with pytest.raises(ModuleNotFoundError):
        import_module("no_such_package")


def test_on_the_bar_that_is_shown(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    announce_imports()
    with Progress() as progress:
        progress.show("before", now=True)
        assert import_module("largest").whole
        progress.show("after", 0.5, now=True)
        assert "after" in terminal.getvalue()
    assert terminal.getvalue().count("\x1b[?25h") == 1  # the cursor comes back once, at the end


def test_nothing_without_a_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(terminal, "isatty", lambda: False)
    before = [*sys.meta_path]
    announce_imports()
    assert sys.meta_path == before
