"""What a table of timm's comes to: a profile and its errors, kept from run to run."""

import hashlib
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from archlens.devices import evidence, fit, solve
from archlens.devices.fit import Left, Timed, choices, left_out
from archlens.devices.profile import DeviceProfile
from benchmarks.prediction import evaluation
from benchmarks.prediction.counted import Counted, Key
from benchmarks.prediction.evaluation import MODELS, evaluate
from benchmarks.prediction.profiles import about_timm, made
from benchmarks.prediction.tables import About, catalogue_rows, measured

__all__ = ["Outcome", "outcome", "place_of"]


class Outcome(NamedTuple):
    """What a table of timm's came to: a profile, what each model predicts of what was left out, of all and of
    the catalogue's networks, and how much intervals cover.
    """

    profile: DeviceProfile
    everything: dict[str, list[Left]]
    catalogue: dict[str, list[Left]]
    covered: tuple[float, float]


def outcome(
    tables: Path, cache: Path, about: About, rows: list[tuple[Key, Timed]], counts: Mapping[Key, Counted]
) -> Outcome:
    """What a table came to; kept, so that a run that ended early goes on where it was."""
    place = place_of(cache, about, rows)
    if place.exists():
        kept: Outcome = pickle.loads(place.read_bytes())
        return kept
    models = evaluation.evaluate(rows, counts)
    timed = [row for _, row in rows]
    profile, models[MODELS[3]] = made(about_timm(about, measured(tables, about.file)[0]), timed)
    ours = catalogue_rows(tables, rows)
    catalogue = catalogue_models(ours, models[MODELS[3]], counts) if ours else {}
    made_now = Outcome(profile, models, catalogue, evaluation.coverage(timed))
    place.write_bytes(pickle.dumps(made_now))
    return made_now


def place_of(cache: Path, about: About, rows: list[tuple[Key, Timed]]) -> Path:
    """Where a table's outcome is kept: another place for other rows, and for other code."""
    code = b"".join(
        Path(file).read_bytes()
        for file in (fit.__file__, evidence.__file__, solve.__file__, evaluation.__file__)
    )
    digits = hashlib.sha256(code + repr(rows).encode()).hexdigest()[:8]
    return cache / f"{about.name}-{digits}.outcome"


def catalogue_models(
    ours: Sequence[tuple[Key, Timed]], left: Sequence[Left], counts: Mapping[Key, Counted]
) -> dict[str, list[Left]]:
    """The models fitted to the catalogue's networks alone, and ours fitted to other model files of timm."""
    rows = [row for _, row in ours]
    names = {(row.model, row.seconds) for row in rows}
    models = evaluate(ours, counts)
    models["ours, fitted to the catalogue"] = left_out(rows, choices(rows))
    models["ours, fitted to timm"] = [each for each in left if (each.row.model, each.row.seconds) in names]
    return models
