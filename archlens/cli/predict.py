"""`archlens predict MODEL… --device NAME`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import PREDICTED_ON, Batch, Digits, Force, FormatOption, Output, Settings, Units
from archlens.cli.output import emit
from archlens.devices import find
from archlens.report.prediction import Prediction
from archlens.report.prediction import predict as make_prediction
from archlens.report.result import Page, Result
from archlens.report.style import Style

__all__ = ["predict"]


def predict(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL…", help="Names, specs, files or PyTorch modules, as `archlens profile` takes them."
        ),
    ],
    device: Annotated[str, PREDICTED_ON],
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[
        str | None, typer.Option(metavar="3x224x224", help="Input of one image; a spec's own unless given.")
    ] = None,
    force: Force = False,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """How long networks take on a device, which need not be here.

    Of one network: its time with an interval, by stage and by kind of work, and what it goes to: arithmetic,
    memory, weights or launches. Of several: a row each.
    """
    style, known = Style(digits, units), find(device)
    graphs = [load_graph(model, settings, input, batch) for model in models]
    show([make_prediction(graph, known, force=force) for graph in graphs], style, format, output)


def show(predictions: list[Prediction], style: Style, format: str | None, output: Path | None) -> None:
    """Print them: one in full, several as a row each."""
    from archlens.report.predictions import predictions_table

    def page() -> Page:
        if len(predictions) > 1:
            return Page((predictions_table(predictions),))
        return Page((predictions[0].table("work"), predictions[0].table("stage")))

    emit(
        Result(
            page, lambda: [each.as_dict() for each in predictions], lambda: predictions_table(predictions)
        ),
        format,
        output,
        style,
    )
