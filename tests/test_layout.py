"""Where things are: imports point up the list of packages, and files are nouns or verbs of the field."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "archlens"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

ORDER = (
    "version", "errors", "file", "processes", "cost", "quantity", "front", "ops", "graph", "passes", "spec",
    "recorder", "models", "builder", "analyses", "latency", "devices", "studies", "report", "budgets",
    "spaces", "answers", "cli", "testing",
)  # fmt: skip
"""Data flows from left to right; a part imports itself and what stands to its left."""

EVERYWHERE = {"__init__", "__main__"}
"""The front doors, which may import anything."""

VAGUE = ("util", "helper", "misc", "common", "manager")

HEAVY = {"torch", "fvcore", "numpy", "pandas", "onnx", "onnxscript", "matplotlib", "tabulate"}
MAY_BE_HEAVY = {"recorder", "builder", "latency", "devices", "studies", "testing"}

OTHERWISE = {
    "archlens/cli/options.py": "tests/cli/test_profile.py",
    "archlens/cli/sweep_options.py": "tests/cli/test_sweep.py",
}
"""Files whose tests have another name than theirs."""

MIRRORED = {"ops", "passes", "analyses", "studies", "report", "cli"}
"""Packages whose tests mirror them one to one."""


def part(path: Path) -> str:
    """The package or module directly under archlens that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, under TYPE_CHECKING and in functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_imported(path: Path) -> set[str]:
    """The parts of archlens that a file imports."""
    modules = (module.split(".") for module in imports(path))
    found = {names[1] if len(names) > 1 else "" for names in modules if names[0] == "archlens"}
    if any((PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists() for name in found):
        found.discard("")
    return found


def test_only_the_front_door_imports_the_command_line() -> None:
    """What a command does can be had from Python as well, so nothing borrows from a command."""
    borrowing = [path for path in SOURCES if part(path) != "cli" and "cli" in parts_imported(path)]
    assert borrowing == [PACKAGE / "__main__.py"]


def test_every_part_has_its_place() -> None:
    assert {part(path) for path in SOURCES} - EVERYWHERE <= set(ORDER)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_point_up(path: Path) -> None:
    own = part(path)
    if own in EVERYWHERE:
        return
    allowed = set(ORDER[: ORDER.index(own) + 1])
    if own == "cli":
        allowed.add("__version__")
    elif own == "testing":
        allowed.add("record")
    assert parts_imported(path) <= allowed


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_some_parts_know_pytorch(path: Path) -> None:
    heavy = {module.split(".")[0] for module in imports(path)} & HEAVY
    if part(path) == "__init__":
        assert heavy <= {"torch"}  # for a type
    elif path.name == "result.py" and part(path) == "spaces":
        assert heavy <= {"pandas"}  # for the type of SweepResult.frame
    elif path.parent.name == "formats":
        assert heavy <= {"pandas", "tabulate"}  # in functions: tests/test_package.py holds that
    elif part(path) in ("report", "answers"):
        assert heavy <= {"pandas"}  # for the type of a frame, likewise
    else:
        assert not heavy or part(path) in MAY_BE_HEAVY


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_named_after_something(path: Path) -> None:
    assert not any(word in path.stem for word in VAGUE)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_fit_on_a_screen(path: Path) -> None:
    """What is done in them: signatures with many options and docstrings are lists, which read well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            assert (node.end_lineno or 0) - body[0].lineno < 50, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_tests_mirror_the_source(path: Path) -> None:
    own = part(path)
    if own in EVERYWHERE or path.name == "__init__.py" or (path.parent != PACKAGE and own not in MIRRORED):
        return
    place = path.relative_to(PACKAGE).parent
    expected = OTHERWISE.get(str(path.relative_to(ROOT)), f"tests/{place}/test_{path.name}")
    assert (ROOT / expected).is_file()


def test_files_that_contributors_are_sent_to_exist() -> None:
    """Told from the root, from the package, or within the recorder, whose steps are listed."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = (ROOT, PACKAGE, PACKAGE / "recorder", PACKAGE / "report", PACKAGE / "builder")
    named = set(re.findall(r"`([\w/]+\.(?:py|yaml|js|json))`", text)) - {"main.js", "plot.js", "write.py"}
    assert not [name for name in named if not any((place / name).is_file() for place in places)]


def named_files() -> dict[str, Path]:
    """Every file of the package by the name that it is imported under."""
    found = {}
    for path in SOURCES:
        names = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(names[:-1] if names[-1] == "__init__" else names)] = path
    return found


def feeding(path: Path, files: dict[str, Path]) -> set[str]:
    """The files that a file imports, also for types alone and in functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in files else node.module or "")
    return found & files.keys()


def test_no_files_import_each_other_in_a_circle() -> None:
    """What is left when files that import nothing that is left are taken away, again and again."""
    files = named_files()
    left = {name: feeding(path, files) - {name} for name, path in files.items()}
    while free := {name for name, fed in left.items() if not fed & left.keys()}:
        left = {name: fed for name, fed in left.items() if name not in free}
    while free := left.keys() - set().union(*left.values()) if left else set():
        left = {name: fed for name, fed in left.items() if name not in free}
    assert not left
