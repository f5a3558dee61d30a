"""All mistakes at once, whatever was done to a file."""

import random
import re
from contextlib import suppress
from pathlib import Path

import pytest

from archlens.errors import SpecError
from archlens.spec import load
from archlens.spec.catalog import spec_files
from archlens.spec.check import check
from archlens.spec.files import SHARED

SIX = """\
input: [3, 32, 32]
settings: {width: 64, kind: relu}
variants:
  small: {widht: 32}
  large: {width: 128}
aliases: {big: lrge}
blocks:
  unit:
    arguments: {out: required}
    do: [{conv: {out: outt}}]
network:
  - conv: {out: width / 2}
  - conv: {out: width, kernal: 3}
"""
NO_INTEGER = "is not an integer: write it with //, round() or floor()"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def mistakes(text: str) -> list[str]:
    Path("a.yaml").write_text(text)
    return [str(problem) for problem in check(Path("a.yaml"))]


def test_six_mistakes_are_six_lines_in_order() -> None:
    assert mistakes(SIX) == [
        "a.yaml:4: variant small: no setting is called widht; did you mean width?",
        "a.yaml:6: alias big: no variant is called lrge; did you mean large?",
        "a.yaml:10 unit (conv) out: outt has no value here; did you mean out?",
        f"a.yaml:12 conv1 (conv): out=32.0 {NO_INTEGER} (variant small)",
        f"a.yaml:12 conv1 (conv): out=64.0 {NO_INTEGER} (variant large)",
        "a.yaml:13 network: conv has no argument kernal; did you mean kernel?",
    ]


def test_the_first_misfit_of_every_variant() -> None:
    text = """\
input: [3, 32, 32]
settings: {groups: 1, width: 8}
variants: {a: {}, b: {groups: 3}, c: {groups: 3}, d: {width: 9}}
network:
  - conv: {out: 8, groups: groups}
  - {split: 2, concat: [relu, {conv: {out: width // 2 * 2 - width + 1}}]}
"""
    assert mistakes(text) == [
        "a.yaml:5 conv1 (conv): 8 out channels are not divisible by groups=3 (variant b and 1 more)",
        "a.yaml:6 conv2 (conv): out=0 is not a positive integer (variant d)",
    ]


def test_a_misfit_of_all_variants_names_none() -> None:
    text = "input: [3]\nvariants: {a: {}, b: {}}\nnetwork: [{conv: {out: 3}}]\n"
    assert mistakes(text) == ["a.yaml:3 conv1 (conv): a convolution needs a map with spatial axes, got 1×3"]


@pytest.mark.parametrize(
    "path", [*spec_files(), spec_files()[0].with_name(SHARED)], ids=lambda path: path.stem
)
def test_our_own_specs_are_good(path: Path) -> None:
    assert check(path) == ()


def test_the_shared_blocks_are_checked_as_blocks() -> None:
    Path(SHARED).write_text("blocks:\n  a: {do: [rellu]}\n")
    assert [str(problem) for problem in check(Path(SHARED))] == [
        f"{SHARED}:2 a: no operator or block is called rellu; did you mean relu?"
    ]


TOKENS = re.compile(r"[\w.]+|\s+|.")
WORDS = [
    "relu",
    "conv",
    "-1",
    "0",
    "1e9",
    "10**9",
    "~",
    "[",
    "]",
    "{",
    "}",
    ":",
    "do",
    "each",
    "in_channels",
    "''",
]
WORDS += [
    "&a",
    "*a",
    "!!t",
    "required",
    "true",
    "1.5",
    "stage",
    "if",
    "from",
    "tap",
    "split",
    "input",
    "x" * 99,
    "\t",
]


def mutated(text: str, chance: random.Random) -> str:
    """A text with one to four lines or tokens deleted, doubled, moved or replaced."""
    for _ in range(chance.randint(1, 4)):
        lines = chance.random() < 0.4
        parts = text.splitlines(keepends=True) if lines else TOKENS.findall(text)
        at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        match chance.randrange(4):
            case 0:
                del parts[at]
            case 1:
                parts.insert(other, parts[at])
            case 2:
                parts[at] = parts[other] if lines else chance.choice(WORDS)
            case _:
                parts[at], parts[other] = parts[other], parts[at]
        text = "".join(parts) or "x"
    return text


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_spec_is_good_or_a_spec_error(seed: int) -> None:
    chance = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in spec_files()]
    texts = [re.sub(r"claims:\n(?:[ ].*\n)+", "", text) for text in texts if len(text) < 6000]
    for _ in range(40):
        Path("a.yaml").write_text(mutated(chance.choice(texts), chance), encoding="utf-8")
        found = check(Path("a.yaml"))
        assert all(str(problem).startswith("a.yaml") and str(problem).isprintable() for problem in found)
        with suppress(SpecError):
            load("a.yaml")
