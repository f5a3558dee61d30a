"""What networks cost when somebody last agreed to it: a small file, sorted, to commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archlens.budgets.config import MOST_BYTES
from archlens.errors import UsageError
from archlens.file import contents

__all__ = ["Baseline", "read_baseline", "rendered"]

VERSION = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """Figures of the networks of all budgets.

    source   the file or the git revision that they come from
    figures  by the name of the budget, then by that of the figure
    asked    by the name of the budget, under which conditions: model, input, dtype, …
    missing  why a budget has none, by its name, where that is known
    """

    source: str
    figures: Mapping[str, Mapping[str, float]]
    asked: Mapping[str, Mapping[str, Any]]
    missing: Mapping[str, str]


def read_baseline(path: Path) -> Baseline | None:
    """The baseline in a file; None where there is no such file. Raises a UsageError for any other content."""
    try:
        text = contents(path, MOST_BYTES).decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'no UTF-8'}"
        ) from error
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise UsageError(
                f"{path}: is a baseline of version {data['version']}, and this archlens reads {VERSION}: "
                "`archlens check --update` writes it anew"
            )
        checks = data["checks"]
        figures = {
            name: {key: float(value) for key, value in entry["figures"].items()}
            for name, entry in checks.items()
        }
        asked = {name: dict(entry["of"]) for name, entry in checks.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(f"{path}: is no baseline: `archlens check --update` writes it anew") from error
    return Baseline(path.name, figures, asked, {})


def rendered(figures: Mapping[str, Mapping[str, float]], asked: Mapping[str, Mapping[str, Any]]) -> str:
    """A baseline as its file holds it: sorted, a number a line, so that a change is a small difference."""
    checks = {
        name: {"of": asked[name], "figures": {key: _plain(value) for key, value in sorted(found.items())}}
        for name, found in sorted(figures.items())
    }
    return json.dumps({"version": VERSION, "checks": checks}, indent=2, ensure_ascii=False) + "\n"


def _plain(value: float) -> float | int:
    """A count as a whole number, a time to six significant digits: what two machines agree on."""
    return int(value) if value == int(value) else float(f"{value:.6g}")
