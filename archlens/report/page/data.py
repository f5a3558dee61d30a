"""Everything that the page shows, as columns: it goes in once, and every view derives from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from archlens.devices.device import Device
from archlens.report.figure import WORTH
from archlens.report.metric import METRICS
from archlens.report.page.devices import RULES, device_data
from archlens.report.page.drawing import Drawings
from archlens.report.page.findings import GUIDELINES, lint_data
from archlens.report.page.model import Model
from archlens.report.page.nodes import Layers, counts_of
from archlens.report.page.studies import Studies, guideline_data, saving_data
from archlens.report.profile import Profile, profile
from archlens.studies.claims import Check

__all__ = ["page_data", "profiles"]

NOTHING = Studies()

SKIPPED = {"channel_ratio", "groups", "field_stride", "field_padding", "field_centre", "receptive_field"}
"""Metrics of single layers, and of fields, which are no plain numbers."""

CLAIM = ("model", "subject", "source", "expected", "found", "difference", "verdict", "why")


def page_data(
    models: Sequence[Model],
    profiles: Sequence[Profile],
    devices: Iterable[Device | str] | None,
    version: str,
    *,
    studies: Studies = NOTHING,
    sweep: Mapping[str, Any] | None = None,
    heard: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """The data of a page.

    profiles  of the networks, in their order
    studies   the guidelines and the savings that are told
    sweep     a store of variants as columns: what `archlens.report.page.variants` makes
    heard     is told which network it is at, and how much is done
    """
    layers, drawings = Layers(), Drawings()
    networks, drawn, linted = [], [], []
    for done, model in enumerate(models):
        if heard is not None:
            heard(model.graph.model, done / len(models))
        networks.append(layers.network(model))
        drawn.append(drawings.network(model.graph))
        linted.append(lint_data(model.graph))
    told = {
        "guidelines": guideline_data(layers, studies.trials),
        "savings": saving_data(layers, studies.savings),
    }
    columns = layers.columns()
    return {
        "version": version,
        "metrics": _metrics(),
        "models": _models(models, profiles),
        "devices": device_data(devices),
        "rules": {**RULES, "units": WORTH},
        "works": columns.pop("works"),
        "counts": [counts_of(network["work"]) for network in networks],
        "tells": {"studies": bool(studies.savings), "sweep": sweep is not None},
        "layers": {**columns, "networks": networks},
        "drawings": {"layouts": drawings.layouts, "networks": drawn},
        "lint": {"says": dict(GUIDELINES), "networks": linted},
        "claims": _claims([check for model in models for check in model.claims]),
        **told,
        "sweep": sweep,
    }


def profiles(models: Iterable[Model]) -> list[Profile]:
    """The profiles of the networks: every metric of each."""
    return [profile(model.graph) for model in models]


def _metrics() -> list[dict[str, Any]]:
    """What can be an axis, a column or a condition; `bytes` where a number is of bytes."""
    return [
        {
            "key": metric.key,
            "label": metric.label,
            "kind": metric.show.__name__,
            "bounded": metric.bounded,
        }
        for metric in METRICS
        if metric.key not in SKIPPED
    ]


def _models(models: Sequence[Model], profiles: Sequence[Profile]) -> dict[str, Any]:
    """The networks by column; of one that is not complete, what is bounded is a lower bound."""
    known = [found.metrics(found.whole) for found in profiles]
    fields = [found.whole.receptive_field for found in profiles]
    plain = [metric for metric in METRICS if metric.key not in SKIPPED]
    return {
        "model": [model.graph.model for model in models],
        "family": [model.graph.family for model in models],
        "title": [model.title for model in models],
        "year": [model.year for model in models],
        "aliases": [" ".join(model.aliases) for model in models],
        "file": [model.file for model in models],
        "input": [list(model.graph.input_shape) for model in models],
        "complete": [int(model.graph.complete) for model in models],
        "receptive_field": [max(field.size) if field else None for field in fields],
        "top1": [model.accuracy.top1 if model.accuracy else None for model in models],
        "top1_where": [model.accuracy.where if model.accuracy else "" for model in models],
        **{
            metric.key: [
                each[metric.key] if metric.bounded or found.complete else None
                for each, found in zip(known, profiles, strict=True)
            ]
            for metric in plain
        },
    }


def _claims(checks: Sequence[Check]) -> dict[str, list[str]]:
    return {key: [getattr(check, key) for check in checks] for key in CLAIM}
