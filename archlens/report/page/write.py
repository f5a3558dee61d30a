"""The page as one text: data, styles and scripts in the template, and tables for those without JavaScript."""

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archlens.devices.device import Device
from archlens.graph import Graph
from archlens.report.page.data import page_data, profiles
from archlens.report.page.measured import Measured, measured_data
from archlens.report.page.model import Model
from archlens.report.page.static import static
from archlens.report.page.studies import Studies
from archlens.studies.guidelines.verdict import Trial
from archlens.version import __version__

__all__ = ["SCRIPTS", "page"]

HERE = Path(__file__).parent
SCRIPTS = (
    "number.js", "data.js", "predict.js", "measured.js", "where.js", "element.js", "plot.js", "strip.js",
    "table.js", "overview.js", "tree.js", "graph.js", "network.js", "align.js", "compare.js", "studies.js",
    "claims.js", "sweep.js", "main.js",
)  # fmt: skip
"""In this order: each uses what stands before it."""

SWEEP = '<script id="sweep" type="text/plain">{}</script>\n'
WHOLES = ("version", "start", "metrics", "models", "devices", "measured", "rules", "works", "counts", "tells")
"""What the first view takes. The rest is larger, and read when that is drawn."""


def page(
    models: Iterable[Model | Graph],
    devices: Iterable[Device | str] | None = None,
    sweep: Mapping[str, Any] | None = None,
    *,
    device: str = "rtx4090",
    view: str = "networks",
    studies: bool = True,
    trials: Sequence[Trial] | None = None,
    measured: Sequence[Measured] = (),
    heard: Callable[[str, float], None] | None = None,
) -> str:
    """One HTML file that shows networks, and loads nothing.

    models   graphs, or with what is known about them beside: `archlens.report.page.catalogue()`
    devices  that times can be predicted for, by name or as they are; all that come with archlens unless given
    sweep    variants of a design, as `archlens.report.page.variants` makes them: with a view of their own
    device   the one that is chosen when the page opens
    view     the one that it opens at: `variants` for a design
    studies  whether the guidelines and the savings are told
    trials   the guidelines as they were measured; only as printed and as predicted unless given
    measured times that `archlens.report.page.read_measured` read; those of other networks are left out
    heard    is told which network it is at, and how much is done

    The same networks and devices give the same text, byte for byte, wherever it is written.

    Raises a DeviceError for a device that nobody knows, a MissingDependencyError without igraph.
    """
    listed = [each if isinstance(each, Model) else Model(each) for each in models]
    found = profiles(listed)
    told = Studies.all(trials) if studies else Studies()
    data = page_data(listed, found, devices, __version__, studies=told, sweep=sweep, heard=heard)
    data["measured"] = measured_data(measured, [model.graph for model in listed])
    data["start"] = {"device": device, "view": view}
    return _filled(
        {
            "title": "archlens",
            "style": (HERE / "page.css").read_text(encoding="utf-8"),
            "static": static(listed, found, told, measured),
            "wholes": packed({key: data[key] for key in WHOLES}),
            "sweep": "" if sweep is None else SWEEP.format(packed(sweep)),
            "parts": packed({key: value for key, value in data.items() if key not in (*WHOLES, "sweep")}),
            "script": "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS),
        }
    )


def packed(data: Any) -> str:
    """JSON, deflated, as letters that stand in a page: what the browser's own DecompressionStream reads."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def _filled(parts: Mapping[str, str]) -> str:
    """The page's template with its placeholders replaced."""
    pieces = (HERE / "template.html").read_text(encoding="utf-8").split("{{")
    found = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        found += [parts[name], rest]
    return "".join(found)
