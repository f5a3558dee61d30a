"""Tables of fields: what each channel sees, a row for each index where channels have several."""

from collections.abc import Sequence
from itertools import product
from math import prod

from archlens.analyses.field import Field, joined
from archlens.analyses.part import INDEX, Axes
from archlens.ops import Channels, Span

__all__ = ["gathered", "permuted", "settled_row", "spread", "table"]

MOST = 1 << 14
"""Elements of a table of fields, beyond which nothing is followed."""


def listed(channels: Channels[Field]) -> list[Field | None] | None:
    """A table with a field for each index, in a list; None where that would be too long."""
    if channels.count > MOST:
        return None
    return [value for count, value in channels.runs for _ in range(count)]


def table(values: Sequence[Field | None]) -> Channels[Field]:
    """A table from a field an index."""
    runs: list[tuple[int, Field | None]] = []
    for value in values:
        if runs and runs[-1][1] == value:
            runs[-1] = (runs[-1][0] + 1, value)
        else:
            runs.append((1, value))
    return Channels(tuple(runs), joined)


def permuted(
    channels: Channels[Field], lengths: Sequence[int], order: Sequence[int]
) -> Channels[Field] | None:
    """The table after its indices were put into another order."""
    values = listed(channels)
    if values is None:
        return None
    steps = [prod(lengths[at + 1 :]) for at in range(len(lengths))]
    ranges = [range(0, lengths[at] * steps[at], steps[at]) for at in order]
    return table([values[sum(index)] for index in product(*ranges)])


def gathered(
    channels: Channels[Field], length: int, inner: int, span: Span, wanted: int
) -> Channels[Field] | None:
    """A table with another number of indices along one of its axes, each from a span of those before.

    inner  how many indices are faster than those
    """
    inside = all(0 <= span.low(at) <= span.high(at) < length for at in range(wanted))
    if len(channels.runs) == 1 and inside:
        return Channels(((channels.count // length * wanted, channels.runs[0][1]),), joined)
    values = listed(channels)
    if values is None:
        return None
    result: list[Field | None] = []
    for outer in range(0, len(values), length * inner):
        for at in range(wanted):
            seen = [place for place in span.taps(at) if 0 <= place < length]
            for fast in range(inner):
                found = {values[outer + place * inner + fast] for place in seen} - {None}
                fields = [field for field in found if field is not None]
                result.append(joined(fields) if len(fields) > 1 else fields[0] if fields else None)
    return table(result)


Row = dict[tuple[int, ...], Field | None]
"""The fields of one channel, by the indices that stand behind its places; see `settled_row`."""


def spread(channels: Channels[Field], axes: Axes, places: Sequence[int]) -> list[Row] | None:
    """The table by channel: every index along axis 1, places that stand there told apart by their offsets."""
    behind = [part.length for parts in axes[2:] for part in parts if part.of == INDEX]
    beside = list(axes[1])
    digits = [part for part in beside if part.of in places]
    if len(channels.runs) == 1 and not digits:
        field = channels.runs[0][1]
        return [dict.fromkeys(product(*map(range, behind)), field)]
    own = [part.length for part in beside if part.of == INDEX]
    values = listed(channels)
    if values is None or prod(part.length for part in beside) * prod(behind) > MOST:
        return None
    rows: list[Row] = []
    for index in product(*[range(part.length) for part in beside]):
        at = 0
        shifts: dict[int, int] = {}
        for position, part in zip(index, beside, strict=True):
            if part.of == INDEX:
                at = at * part.length + position
            elif part.of in places:
                shifts[part.of] = shifts.get(part.of, 0) + position * part.weight
        row: Row = {}
        for number, later in enumerate(product(*map(range, behind))):
            field = values[at * prod(behind) + number] if own or behind else values[0]
            for place, shift in shifts.items():
                if field is not None:
                    field = field.along(places.index(place), Span.every(1, shift))
            row[later] = field
        rows.append(row)
    return rows


def settled_row(row: Row, axes: Axes, order: Sequence[int]) -> Field | None:
    """The field of one channel: indices that stand behind a place take turns along the place's axis."""
    first = next(iter(row.values()))
    if first is None:
        return None
    spans = list(first.spans)
    used = 0
    for parts, place in zip(axes[2:], order, strict=True):
        lengths = [part.length for part in parts[1:]]
        turns = []
        for index in product(*map(range, lengths)):
            same = {
                field.spans[place] if field else None
                for later, field in row.items()
                if later[used : used + len(lengths)] == index
            }
            if len(same) != 1 or None in same:
                return None
            turns.append(same.pop())
        used += len(lengths)
        weight = parts[0].weight
        steps = [span.then(Span.every(weight)) for span in turns if span is not None]
        spans[place] = Span.interleaved(steps) if len(steps) > 1 else steps[0]
    return Field(tuple(spans[at] for at in order), all(field.aligned for field in row.values() if field))
