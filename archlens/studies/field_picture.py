"""A picture of an effective receptive field: where the gradient is, and what the analysis says."""

from pathlib import Path

from archlens.errors import ArchlensError, MissingDependencyError, UsageError
from archlens.studies.effective_receptive_field import EffectiveField

try:
    from matplotlib.axes import Axes
    from matplotlib.colors import PowerNorm
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
except ImportError as error:
    raise MissingDependencyError(
        f"a picture needs matplotlib ({error.name} is missing)", extra="plot"
    ) from error

__all__ = ["ENDINGS", "check_picture", "draw"]

ENDINGS = (".pdf", ".png", ".svg")

FARTHEST = 0.6
"""How far beyond the input the picture goes for a larger field, as a share of the input."""


def check_picture(path: Path) -> None:
    """Raise a UsageError for a file that is none of the ENDINGS."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"--plot {path}: expected a file that ends in {', '.join(ENDINGS)}")


def draw(field: EffectiveField, path: Path) -> None:
    """Write the gradient as a heat map, with the 95 % square and the static field around it.

    The colour is the cube root of the gradient over its maximum. Raises a UsageError for an unknown
    ending and an ArchlensError for a file that cannot be written.
    """
    check_picture(path)
    figure = Figure(figsize=(6.4, 6.2), layout="constrained")
    axes = figure.add_subplot()
    shown = field.gradient / field.gradient.max()
    image = axes.imshow(
        shown.numpy(), cmap="magma", norm=PowerNorm(1 / 3, vmin=0, vmax=1), interpolation="nearest"
    )
    colours = figure.colorbar(image, ax=axes, shrink=0.8, pad=0.02)
    colours.set_label("mean |gradient|, of its maximum")
    _outlines(axes, field)
    _frame(axes, field)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    size = "×".join(map(str, dict.fromkeys(field.static.size)))
    axes.set_title(
        f"{field.model}: what {field.node} sees\n"
        f"95 % of the gradient within {field.side:g} places, the field is {size}",
        fontsize=11,
        wrap=True,
    )
    try:
        figure.savefig(path, dpi=150, metadata=_undated(path))
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be written: {error.strerror or error}") from error


def _undated(path: Path) -> dict[str, None]:
    """Options of a picture's file that leave the date out, so that the same picture is the same file."""
    return {"Date": None} if path.suffix.lower() == ".svg" else {}


def _outlines(axes: Axes, field: EffectiveField) -> None:
    """The 95 % square, and the static field."""
    half, (y, x) = field.side / 2, field.centre
    axes.add_patch(
        Rectangle(
            (x - half, y - half),
            2 * half,
            2 * half,
            fill=False,
            lw=1.6,
            ec="#35d0ff",
            label="95 % of the gradient",
        )
    )
    (top, left), (bottom, right) = field.first, field.last
    axes.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5), right - left + 1, bottom - top + 1,
            fill=False, lw=1.6, ls="--", ec="#7ad151", label=_static_label(field),
        )
    )  # fmt: skip


def _static_label(field: EffectiveField) -> str:
    return "receptive field (beyond the picture)" if _beyond(field) else "receptive field"


def _beyond(field: EffectiveField) -> bool:
    """Whether the static field is so large that nothing of its outline can be shown."""
    lengths = zip(field.gradient.shape, field.first, field.last, strict=True)
    return all(-first > FARTHEST * n and last + 1 - n > FARTHEST * n for n, first, last in lengths)


def _frame(axes: Axes, field: EffectiveField) -> None:
    """The input, and as much around it as the field needs and the picture bears."""
    limits = []
    for length, first, last in zip(field.gradient.shape, field.first, field.last, strict=True):
        around = 0.0 if _beyond(field) else FARTHEST * length
        limits.append((max(min(first, 0), -around) - 0.5, min(max(last + 1, length), length + around) - 0.5))
    (top, bottom), (left, right) = limits
    margin = 0.02 * max(field.gradient.shape)
    axes.set_xlim(left - margin, right + margin)
    axes.set_ylim(bottom + margin, top - margin)
    axes.set_facecolor("#d9d9d9")
    axes.set_xlabel("places of the input")
