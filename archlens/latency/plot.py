"""A breakdown as a picture: one bar a network, made of its kinds of work."""

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from archlens.errors import ArchlensError, UsageError
from archlens.latency.sampling.breakdown import REST, Breakdown, By

__all__ = ["SUFFIXES", "check_plot", "plot"]

SUFFIXES = (".svg", ".png", ".pdf")
COLOURS = {
    "convolution, dense": "#08306b", "convolution, 1×1": "#2171b5", "convolution, grouped": "#6baed6",
    "convolution, depthwise": "#c6dbef", "linear and products": "#54278f", "normalization": "#238b45",
    "activation": "#74c476", "element-wise": "#c7e9c0", "pooling": "#fdd0a2", "data movement": "#f16913",
    "other": "#bcbddc", REST: "#bdbdbd",
}  # fmt: skip


def check_plot(path: Path) -> None:
    """Raise a UsageError for a file that no picture can be written to."""
    if path.suffix not in SUFFIXES:
        raise UsageError(f"--plot {path}: expected a file name ending in .svg, .png or .pdf")
    if not path.parent.is_dir():
        raise UsageError(f"--plot {path}: there is no folder {path.parent}")


def plot(breakdowns: Sequence[Breakdown], path: Path, *, title: str, by: By = "work") -> None:
    """Write the picture, whole or not at all: a bar a network, a colour a part.

    Raises an ArchlensError where it cannot be written.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 1.6 + 0.5 * len(breakdowns)), layout="constrained")
    axes = figure.subplots()
    names = [f"{each.model}\n{1e3 * each.seconds:.3g} ms" for each in breakdowns]
    places = range(len(breakdowns))
    left = [0.0] * len(breakdowns)
    names_of_parts = [part.name for each in breakdowns for part in each.parts(by)]
    kinds = [*(COLOURS if by == "work" else dict.fromkeys(names_of_parts))]
    palette = colormaps["tab20"].colors  # type: ignore[attr-defined]
    for number, kind in enumerate(kinds):
        # Of all parts: where they come to more than the whole, their bar would run past its frame.
        shares = [
            sum(max(part.seconds, 0.0) for part in each.parts(by) if part.name == kind)
            / sum(max(part.seconds, 0.0) for part in each.parts(by))
            for each in breakdowns
        ]
        if any(shares):
            colour = COLOURS.get(kind) or palette[number % len(palette)]
            axes.barh(places, [100 * share for share in shares], left=left, color=colour, label=kind)
            left = [start + 100 * share for start, share in zip(left, shares, strict=True)]
    axes.set_xlim(0, 100)
    axes.set_yticks(list(places), names)
    axes.invert_yaxis()
    axes.set_xlabel("% of the time")
    axes.set_title(title, wrap=True)
    figure.legend(loc="outside right center")
    try:
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            draft = Path(folder, path.name)
            figure.savefig(draft)
            os.replace(draft, path)
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be written: {error.strerror or error}") from error
