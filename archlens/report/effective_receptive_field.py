"""A measured field as a table: the regions that hold shares of the gradient, beside the whole field."""

from archlens.quantity import plural
from archlens.report.table import Column, Table, share
from archlens.studies.effective_receptive_field import EffectiveField

__all__ = ["effective_table"]


def effective_table(field: EffectiveField) -> Table:
    """A row a share of the gradient: the smallest square and disc around the centre that hold it."""
    height, width = field.static.size
    columns = (
        Column("share", "of the gradient", share),
        Column("side", "square", lambda side: f"{side:g}×{side:g}"),
        Column("radius", "disc's radius", lambda radius: f"{radius:.1f}"),
        Column("of_field", "of the field's area", share),
    )
    rows = tuple(
        (region.share, region.side, region.radius, region.side**2 / (height * width))
        for region in field.regions
    )
    place, centre = _pair(field.place), _pair(field.centre)
    beyond = min(field.first) < 0 or field.last[0] >= field.input[2] or field.last[1] >= field.input[3]
    lines = (
        f"static field {height}×{width}"
        + (", which reaches beyond the input: a larger --input shows more" if beyond else ""),
        f"of output {place}, around place {centre} of the input",
        f"mean of {plural(field.samples, 'random input')}, seed {field.seed}: default initialisation, "
        "evaluation mode, float64",
    )
    title = f"{field.model}, input {'×'.join(map(str, field.input))}, {field.node}"
    return Table(columns, rows, title=title, footer=lines)


def _pair(values: tuple[float, float]) -> str:
    return f"({values[0]:g}, {values[1]:g})"
