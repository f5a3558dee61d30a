"""What README.md, CONTRIBUTING.md and the pages under docs/ show is what happens.

```console   lines with `$ ` are commands and the lines under them what is printed, to the last character;
             a line of only `…` stands for any lines. `--rewrite-golden` writes the rest anew.
```python    runs, and its assertions hold.
```yaml      with a network in it is a spec without mistakes, or an example that comes with archlens.

A block of any language with a `title="my.yaml"` is a file of the folder that commands run in.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from archlens.spec.check import check

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
FENCE = re.compile(r'^```(\w+)(?: title="([\w.]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
ANY = "…"


class Block(NamedTuple):
    """A fenced block: its page, the line it starts on, its language, the file that it is, and its text."""

    page: str
    line: int
    language: str
    file: str
    text: str


class Command(NamedTuple):
    """A command as a page shows it, with the output under it."""

    block: Block
    line: str
    shown: str


def blocks(language: str) -> list[Block]:
    """The blocks of all pages in a language."""
    return [block for block in all_blocks() if block.language == language]


def all_blocks() -> list[Block]:
    """Every fenced block of every page."""
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        found += [
            Block(page, text.count("\n", 0, match.start()) + 1, match[1], match[2] or "", match[3])
            for match in FENCE.finditer(text)
        ]
    return found


def commands() -> list[Command]:
    """Every command of all pages."""
    return [command for block in blocks("console") for command in of_block(block)]


def of_block(block: Block) -> Iterator[Command]:
    """A block's commands; one that ends in a backslash goes on in the next line."""
    line, shown = "", ""
    for text in block.text.splitlines(keepends=True):
        if text.startswith("$ "):
            if line:
                yield Command(block, line, shown)
            line, shown = text[2:].rstrip("\n"), ""
        elif line.endswith("\\"):
            line = line[:-1] + text.strip()
        else:
            assert line, f"{block.page}:{block.line}: a console block starts with a command"
            shown += text
    if line:
        yield Command(block, line, shown)


def place(value: Block | Command) -> str:
    return f"{value.page}:{value.line}" if isinstance(value, Block) else f"{value.block.page}: {value.line}"


def matches(shown: str, printed: str) -> bool:
    """Whether this was printed, where a line of only … stands for any lines."""
    parts = [re.escape(part) for part in re.split(rf"^{ANY}\n", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(parts), printed) is not None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where commands run, beside every file that a page shows under its name."""
    path = tmp_path_factory.mktemp("readme")
    for block in all_blocks():
        if block.file:
            assert not (path / block.file).exists(), f"{place(block)}: {block.file} is shown twice"
            (path / block.file).write_text(block.text, encoding="utf-8")
    return path


RUNS = [command for command in commands() if command.line.split()[0] in ("archlens", "python")]
NAMES = [command for command in commands() if command not in RUNS]


def printed_by(line: str, folder: Path) -> str:
    """What a command prints, in a folder of its own."""
    script = f'python() {{ "{sys.executable}" "$@"; }}; archlens() {{ python -m archlens "$@"; }}\n{line}\n'
    surroundings = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    ended = subprocess.run(
        ["bash", "-c", script],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=120,
        check=False, cwd=folder, env={**surroundings, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8",
             "ARCHLENS_STORE": str(folder / "results.sqlite"), "ARCHLENS_DEVICES": str(folder / "devices")},
    )  # fmt: skip
    return ended.stdout


def run_before(command: Command, folder: Path) -> None:
    """Run what a page shows before a command, where another process has done that: it may need its files."""
    done = folder / "done"
    known = done.read_text(encoding="utf-8").splitlines() if done.exists() else []
    page = [each for each in RUNS if each.block.page == command.block.page]
    for earlier in page[: page.index(command)]:
        if place(earlier) not in known:
            printed_by(earlier.line, folder)
            known.append(place(earlier))
    done.write_text("\n".join([*known, place(command)]), encoding="utf-8")


@pytest.mark.parametrize("command", RUNS, ids=place)
def test_commands_print_what_is_shown(command: Command, folder: Path, rewrite: bool) -> None:
    run_before(command, folder)
    printed = printed_by(command.line, folder)
    assert "Traceback" not in printed
    if rewrite and f"{ANY}\n" not in command.shown.splitlines(keepends=True):
        page = ROOT / command.block.page
        text = page.read_text(encoding="utf-8")
        before, after = (f"$ {command.line}\n{output}" for output in (command.shown, printed))
        assert before in text, "a command of several lines is rewritten by hand"
        page.write_text(text.replace(before, after, 1), encoding="utf-8")
    elif command.shown != printed:
        assert matches(command.shown, printed), (
            f"{place(command)}\nshown:\n{command.shown}\nprinted:\n{printed}"
        )


@pytest.mark.parametrize("command", NAMES, ids=place)
def test_other_commands_name_what_exists(command: Command) -> None:
    program, *arguments = command.line.split()
    assert program in ("make", "pip", "git")
    if program == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(arguments) <= set(targets)
    extras = [name for text in re.findall(r"\[([\w,]+)\]", command.line) for name in text.split(",")]
    known = re.search(
        r"^\[project.optional-dependencies\]\n(.*?)\n\[", (ROOT / "pyproject.toml").read_text(), re.M | re.S
    )
    assert known is not None
    assert set(extras) <= set(re.findall(r"^(\w+) = ", known[1], re.MULTILINE))


@pytest.mark.parametrize("block", blocks("python"), ids=place)
def test_python_runs(block: Block) -> None:
    exec(compile("\n" * block.line + block.text, block.page, "exec"), {"__name__": block.page})


@pytest.mark.parametrize("block", [b for b in blocks("yaml") if "network:" in b.text], ids=place)
def test_specs_have_no_mistakes(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(block.text, encoding="utf-8")
    assert check(file) == ()


def test_every_network_shown_is_checked() -> None:
    assert {block.page for block in blocks("yaml") if "network:" in block.text} == {
        "docs/language.md",
        "CONTRIBUTING.md",
    }
    assert len(RUNS) >= 30


def test_the_example_of_a_space_is_the_one_that_is_shown() -> None:
    (space,) = [block for block in blocks("yaml") if "over:" in block.text]
    assert (ROOT / "examples" / "space.yaml").read_text(encoding="utf-8") == space.text


def test_any_lines() -> None:
    assert matches("a\n…\nd\n", "a\nb\nc\nd\n")
    assert matches("…\n", "")
    assert matches("a\n…\n", "a\n")
    assert not matches("a\n…\nd\n", "a\nb\nc\n")
    assert not matches("a\n", "a\nb\n")
    assert matches("1.5 (…)\n", "1.5 (…)\n")


def test_the_worked_example_is_the_spec_itself() -> None:
    shown = next(block.text for block in blocks("yaml") if block.page == "CONTRIBUTING.md")
    assert "family: pyramidnet\n" in shown
    spec = (ROOT / "specs" / "pyramidnet.yaml").read_text(encoding="utf-8")
    assert spec.strip().endswith(shown.strip())
