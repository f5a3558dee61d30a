"""The settings of a network: what each is, may be, and does."""

from typing import Any

from archlens.report.table import Column, Table
from archlens.spec.catalog import Reference
from archlens.spec.read import Value
from archlens.spec.values import show

__all__ = ["settings_as_dict", "settings_table"]

INPUT = "channels, height and width of one image"


def settings_table(reference: Reference) -> Table:
    """A row a setting: the network's own value, what it may be, and a line on what it does."""
    columns = (
        Column("setting", "setting", right=False),
        Column("value", "value", right=False),
        Column("allowed", "may be", right=False),
        Column("about", "about", right=False),
    )
    rows = tuple(
        (each["setting"], _shown(each["value"]), each["allowed"], each["about"])
        for each in settings_as_dict(reference)["settings"]
    )
    footer = f"-s setting=value, or {reference.model}[setting=value]"
    return Table(columns, rows, title=reference.model, footer=(footer,))


def settings_as_dict(reference: Reference) -> dict[str, Any]:
    """The settings as `--format json` prints them, with the spec's default, which a variant may
    have changed.
    """
    spec = reference.spec
    own = reference.settings({})
    settings = [
        {
            "setting": name, "value": own[name], "default": setting.default, "allowed": setting.allowed,
            "choices": list(setting.choices), "about": setting.about,
        }
        for name, setting in spec.declared.items()
    ]  # fmt: skip
    shape = {"setting": "input", "value": own["input"], "default": spec.settings["input"]}
    return {
        "model": reference.model,
        "family": spec.family,
        "settings": [*settings, {**shape, "allowed": "list of integers", "choices": [], "about": INPUT}],
    }


def _shown(value: Value) -> str:
    return show(value).replace(", ", ",")
