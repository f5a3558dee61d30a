"""Several networks on one device, side by side: how long each is said to take."""

from collections.abc import Sequence

from archlens.quantity import plural, spread
from archlens.report.prediction import Prediction, rate
from archlens.report.table import Column, Table, count, seconds_shown, text

__all__ = ["predictions_table"]


def predictions_table(predictions: Sequence[Prediction]) -> Table:
    """Several networks, a row each."""
    first = predictions[0]
    several = len({each.estimate.batch for each in predictions}) > 1
    rows = tuple(
        (
            each.model, each.input, each.estimate.batch, each.latency,
            each.interval, *(each.interval or (None, None)),
            each.images_per_second, each.bound_by, each.estimate.batch_beyond_launches, each.intensity,
        )
        for each in predictions
    )  # fmt: skip
    level = f"{100 * first.estimate.level:.0f} %"
    columns = (
        Column("model", "", text, right=False),
        Column("input", "input", lambda value: "×".join(map(str, value[1:])), priority=3),
        Column("batch", "batch", text, machine=not several),
        Column("latency_s", "time", seconds_shown),
        Column("interval_s", level, spread, derived=True),
        Column("low_s", "low", machine=True),
        Column("high_s", "high", machine=True),
        Column("images_per_second", "images/s", rate),
        Column("bound_by", "bound by", text, right=False),
        Column("batch_beyond_launches", "batch beyond\nlaunches", text, priority=1),
        Column("multiply_adds_per_byte", "multiply-\nadds a byte", count, priority=2),
    )
    batch = "" if several else f", batch {first.estimate.batch}"
    ridge = first.estimate.ridge
    notes = [f"{level}: where that share of networks lies that the device was not fitted to"]
    if ridge is not None:
        notes.append(f"arithmetic takes longer than memory from {ridge:.3g} multiply-adds a byte on")
    notes += [f"{each.model}, outside: {said}" for each in predictions for said in each.estimate.outside]
    notes += dict.fromkeys(
        f"≥ is a lower bound: {each.model} has {plural(len(each.uncosted), 'operator')} without a rule"
        for each in predictions
        if not each.complete
    )
    return Table(
        columns, rows, title=f"predicted on {first.estimate.device}{batch}", footer=(*notes, *first.about)
    )
