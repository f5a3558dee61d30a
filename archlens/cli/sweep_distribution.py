"""`archlens sweep distribution STORE METRIC…`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.options import Batch, Digits, FormatOption, PredictedOn, Units
from archlens.cli.output import emit
from archlens.cli.plot import write_picture
from archlens.cli.sweep_options import Beside, Budget, Output, StoreArgument
from archlens.report.style import Style

__all__ = ["distribution"]


def distribution(
    store: StoreArgument,
    metrics: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="METRIC…",
            help="What is distributed, and what is set against it; the objectives unless given.",
        ),
    ] = None,
    where: Budget = None,
    by: Annotated[
        str | None, typer.Option(metavar="SETTING", help="Tell variants apart by the values of a setting.")
    ] = None,
    beside: Beside = None,
    device: PredictedOn = None,
    batch: Batch = 1,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False,
            help="Draw the first metric as a histogram, the others against it: .svg, .png, .pdf or .html.",
        ),
    ] = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:  # fmt: skip
    """How metrics are distributed among the variants within the budget, and where networks stand in that."""
    from archlens.spaces.distribution import distributions
    from archlens.spaces.distribution_tables import distribution_result
    from archlens.spaces.request import names
    from archlens.spaces.sweep import Sweep

    if plot is not None:
        from archlens.report.charts.picture import check_picture
        from archlens.spaces.distribution_plot import distribution_chart

        check_picture(plot)
    style = Style(digits, units)
    with Sweep.open(store) as sweep:
        if where is not None:
            sweep.where = sweep.budget(where)
        found = distributions(
            sweep, names(list(metrics or ())), by=by, beside=beside or (), device=device, batch=batch
        )
        emit(distribution_result(sweep, found), format, output, style)
        if plot is not None:
            write_picture(distribution_chart(sweep, found), plot)
