"""All formats: what each must do, and what is said where the package it needs is missing."""

import sys
from pathlib import Path

import pytest

from archlens.errors import MissingDependencyError
from archlens.report.formats import FORMATS, format_of, renderer_for
from archlens.report.render import notebook, render
from tests.report.tables import RESULT, TABLE


@pytest.mark.parametrize("name", FORMATS)
def test_a_result_in_every_format(name: str) -> None:
    text = render(RESULT, name)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", FORMATS)
def test_the_extension_of_a_file_tells_the_format(name: str) -> None:
    assert format_of(Path(f"a.b/result{FORMATS[name]}")) == name
    assert format_of(Path(f"RESULT{FORMATS[name].upper()}")) == name


@pytest.mark.parametrize("path", ["result", "result.dat", ".md", "/dev/stdout"])
def test_any_other_file_holds_text(path: str) -> None:
    assert format_of(Path(path)) == "text"


@pytest.mark.parametrize("name", [name for name in FORMATS if renderer_for(name).package])
def test_a_missing_package_is_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = renderer_for(name).package
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=rf"^\w+ needs {package}: pip install .*\[tables\]'$"):
        render(RESULT, name)


def test_a_notebook_shows_text_without_tabulate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (notebook(TABLE) or "").startswith("<table>")
    monkeypatch.setitem(sys.modules, "tabulate", None)
    assert notebook(TABLE) is None
