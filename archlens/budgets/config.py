"""The budgets of a project: `[tool.archlens]` of pyproject.toml, or archlens.toml."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archlens.errors import UsageError, nearest
from archlens.file import contents
from archlens.report.figure import NUMBER, Amount, figure_named, limits_named
from archlens.report.metric_name import LATENCY, SCORES
from archlens.report.profile import DTYPES

__all__ = ["Budget", "Config", "budgets_named", "find_config", "growth", "read_config"]

FILES = ("archlens.toml", "pyproject.toml")
BASELINE = "archlens-baseline.json"
LEVELS = ("error", "warn", "off")
MOST_BYTES = 10_000_000
"""No configuration and no baseline is as large as that."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one network may cost.

    name        what messages and the baseline call it: the model, unless given
    model       whatever a MODEL may be; a file is told from the folder of the configuration
    input       of one image, such as `3x224x224`; None for the model's own
    limits      the most that a figure may be, by its name
    growth      how much it may grow against the baseline, as a fraction
    guidelines  the highest score of a guideline of ShuffleNet V2 that `archlens lint` may give
    complete    whether every operator must be counted
    level       `error` fails the check, `warn` only says so, `off` leaves the budget out
    line        of the configuration, at which the budget's model stands
    """

    name: str
    model: str
    line: int
    input: str | None = None
    batch: int = 1
    dtype: str = "float32"
    device: str | None = None
    limits: Mapping[str, Amount] = field(default_factory=dict)
    growth: Mapping[str, Amount] = field(default_factory=dict)
    guidelines: Mapping[str, float] = field(default_factory=dict)
    complete: bool = False
    level: str = "error"


@dataclass(frozen=True, slots=True)
class Config:
    """All budgets, the file that holds them, and the one that holds their baseline."""

    file: Path
    baseline: Path
    budgets: tuple[Budget, ...]

    @property
    def folder(self) -> Path:
        """What the paths of models are told from."""
        return self.file.parent


def find_config(folder: Path) -> Path:
    """The nearest configuration, in a folder or above it. Raises a UsageError where there is none."""
    for place in (folder, *folder.parents):
        for name in FILES:
            path = place / name
            if path.is_file() and (
                name == "archlens.toml" or "archlens" in _parsed(_text(path), path).get("tool", {})
            ):
                return path
    raise UsageError(
        f"{folder}: neither archlens.toml nor [tool.archlens] of pyproject.toml here or above; "
        "a budget starts with [[tool.archlens.check]] and model = …"
    )


def read_config(path: Path) -> Config:
    """The budgets in a file. Raises a UsageError with the place of what is wrong."""
    text = _text(path)
    data = _parsed(text, path)
    prefix = "check"
    if path.name != "archlens.toml":
        data = data.get("tool", {}).get("archlens", {})
        prefix = "tool.archlens.check"
    _known(data, ("baseline", "check"), f"{path}: {prefix.removesuffix('check').rstrip('.') or 'top level'}")
    checks = data.get("check", [])
    if not isinstance(checks, list) or not checks:
        raise UsageError(f"{path}: there is no budget; one starts with [[{prefix}]] and model = …")
    lines = _model_lines(text, prefix)
    budgets = tuple(
        _budget(entry, f"{path}: {prefix}[{i}]", lines[i] if i < len(lines) else 0)
        for i, entry in enumerate(checks)
    )
    if doubled := [name for name, times in Counter(budget.name for budget in budgets).items() if times > 1]:
        raise UsageError(f"{path}: {doubled[0]} stands there twice: give one of the budgets a name = …")
    baseline = data.get("baseline", BASELINE)
    if not isinstance(baseline, str) or not baseline:
        raise UsageError(f"{path}: baseline = {baseline!r}: expected a file such as {BASELINE!r}")
    return Config(path, path.parent / baseline, budgets)


def _text(path: Path) -> str:
    try:
        return contents(path, MOST_BYTES).decode()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is no text in UTF-8") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not TOML: {error}") from error


def _model_lines(text: str, prefix: str) -> list[int]:
    """The line of each budget's model, in their order; that of its heading where it is written otherwise."""
    found: list[int] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].replace(" ", "")
        if words.startswith("["):
            inside = words == f"[[{prefix}]]"
            found += [number] if inside else []
        elif inside and words.startswith("model="):
            found[-1] = number
    return found


KEYS = (
    "name", "model", "input", "batch", "dtype", "device", "max", "growth", "guidelines", "complete", "level",
)  # fmt: skip


def _budget(entry: Any, place: str, line: int) -> Budget:
    if not isinstance(entry, dict):
        raise UsageError(f"{place}: expected a table with model = …")
    _known(entry, KEYS, place)
    model = _typed(entry, "model", str, "", place)
    if not model:
        raise UsageError(f"{place}: model = … is missing")
    limits = limits_named(_typed(entry, "max", dict, {}, place), f"{place}.max", "{}.{}")
    grown = {
        figure_named(name, f"{place}.growth").key: growth(value, f"{place}.growth.{name}")
        for name, value in _typed(entry, "growth", dict, {}, place).items()
    }
    device = _typed(entry, "device", str, None, place)
    if device is None and LATENCY in {**limits, **grown}:
        raise UsageError(
            f'{place}: latency is that of a device: add device = "…"; `archlens devices` lists them'
        )
    return Budget(
        name=_typed(entry, "name", str, model, place),
        model=model,
        line=line,
        input=_typed(entry, "input", str, None, place),
        batch=_positive(_typed(entry, "batch", int, 1, place), f"{place}.batch"),
        dtype=_one_of(_typed(entry, "dtype", str, "float32", place), DTYPES, f"{place}.dtype"),
        device=device,
        limits=limits,
        growth=grown,
        guidelines=_guidelines(_typed(entry, "guidelines", dict, {}, place), f"{place}.guidelines"),
        complete=_typed(entry, "complete", bool, False, place),
        level=_one_of(_typed(entry, "level", str, "error", place), LEVELS, f"{place}.level"),
    )


def _guidelines(given: Mapping[str, Any], place: str) -> dict[str, float]:
    for name, score in given.items():
        _one_of(name, SCORES, place)
        if isinstance(score, bool) or not isinstance(score, int | float) or score < 1:
            raise UsageError(f"{place}.{name} = {score!r}: expected a score of 1 or more, such as 1.1")
    return {name: float(score) for name, score in given.items()}


def _known(entry: Mapping[str, Any], keys: Iterable[str], place: str) -> None:
    keys = tuple(keys)
    for key in entry:
        if key not in keys:
            hint = nearest(key, keys) or f"; it may be {', '.join(keys)}"
            raise UsageError(f"{place}: {key} means nothing here{hint}")


def _typed(entry: Mapping[str, Any], key: str, kind: type, default: Any, place: str) -> Any:
    value = entry.get(key, default)
    if key in entry and (not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool)):
        words = {str: "a text", int: "a number", dict: "a table", bool: "true or false"}
        raise UsageError(f"{place}.{key} = {value!r}: expected {words[kind]}")
    return value


def growth(given: Any, place: str) -> Amount:
    """How much a figure may grow, as a fraction: "2 %". Raises a UsageError with the place."""
    match = NUMBER.fullmatch(str(given).strip())
    if match is None or match[2] != "%" or isinstance(given, bool):
        raise UsageError(f'{place} = {given!r}: expected a share such as "2 %", or "0 %" for none')
    return Amount(str(given), float(match[1]) / 100)


def _positive(value: int, place: str) -> int:
    if value < 1:
        raise UsageError(f"{place} = {value}: expected 1 or more")
    return value


def _one_of(value: str, known: Iterable[str], place: str) -> str:
    known = tuple(known)
    if value not in known:
        raise UsageError(f"{place} = {value!r}: expected one of {', '.join(known)}{nearest(value, known)}")
    return value


def budgets_named(config: Config, names: Sequence[str]) -> tuple[Budget, ...]:
    """The budgets of these names or models, or all. Raises a UsageError for a name that none has."""
    known = {budget.name: budget for budget in config.budgets}
    for name in names:
        if not any(name in (budget.name, budget.model) for budget in config.budgets):
            hint = nearest(name, known) or f"; it has {', '.join(known)}"
            raise UsageError(f"{config.file} has no budget of {name}{hint}")
    return tuple(
        budget for budget in config.budgets if not names or budget.name in names or budget.model in names
    )
