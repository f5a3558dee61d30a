"""What was measured of a sweep, beside what was predicted: a row a variant and machine."""

from typing import Any

from archlens.quantity import duration, plural, spread
from archlens.report.result import Result
from archlens.report.table import Column, Table, ratio
from archlens.spaces.fleet import measured
from archlens.spaces.sweep import Sweep

__all__ = ["measured_result"]


def measured_result(sweep: Sweep) -> Result:
    """The measurements in a store as every format can write them; the store may be closed afterwards."""
    found = measured(sweep)
    predicted = (
        {int(number): seconds for number, seconds in sweep.store.rows(["latency"])}
        if "latency" in sweep.metrics
        else {}
    )
    rows: list[tuple[Any, ...]] = []
    for model, each in found:
        guess = predicted.get(each.number)
        interval = each.content.get("interval_s")
        rows.append(
            (
                each.machine,
                model,
                each.seconds,
                tuple(interval) if interval else None,
                guess,
                each.seconds / guess if guess else None,
                bool(each.content.get("reliable")),
            )
        )
    columns = (
        Column("machine", "machine", right=False),
        Column("model", "variant", right=False),
        Column("median_s", "measured", duration),
        Column("interval_s", "95 %\ninterval", spread),
        *(
            (Column("predicted_s", "predicted", duration), Column("ratio", "measured/\npredicted", ratio))
            if predicted
            else ()
        ),
        Column("reliable", "", lambda value: "" if value else "unreliable", right=False),
    )
    kept = rows if predicted else [(*row[:4], row[6]) for row in rows]
    machines = {row[0] for row in rows}
    table = Table(
        columns,
        tuple(kept),
        footer=(f"{plural(len(rows), 'measurement')} on {plural(len(machines), 'machine')}",),
    )
    return Result.of(
        lambda: table,
        lambda: [{"model": model, "machine_name": each.machine, **each.content} for model, each in found],
    )
