"""A tensor on its way through a network: what its elements see, wherever its axes have gone."""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from archlens.analyses.field import Field, joined
from archlens.analyses.field_table import gathered, permuted, settled_row, spread, table
from archlens.analyses.part import BATCH, INDEX, Axes, Part, merged, raw, replaced
from archlens.ops import Channels, Shape, Span

__all__ = ["Followed", "given"]


class Followed(NamedTuple):
    """A tensor whose elements are told apart by what they see.

    channels  the field of each element but for its place: a table with a row for each index, row by row
              where several parts are INDEX
    places    the axes of the network's input that the fields' spans run along, in their order
    axes      of what each axis is made; None for batch, channels, then `places` in their order
    """

    channels: Channels[Field]
    places: tuple[int, ...]
    axes: Axes | None = None

    def parts(self, shape: Shape) -> Axes:
        """The axes, of a tensor of this shape."""
        if self.axes is not None:
            return self.axes
        kinds = (BATCH, INDEX, *self.places)
        return tuple((Part(length, of),) for length, of in zip(shape, kinds, strict=True))

    def turned(self, shape: Shape, order: tuple[int, ...]) -> "Followed | None":
        """The tensor after its axes were put into another order, as by a transpose."""
        before = self.parts(shape)
        indices = [
            (axis, at) for axis, parts in enumerate(before) for at, p in enumerate(parts) if p.of == INDEX
        ]
        after = [(axis, at) for axis in order for at, p in enumerate(before[axis]) if p.of == INDEX]
        channels = self.channels
        if len(channels.runs) > 1 and after != indices:
            lengths = [before[axis][at].length for axis, at in indices]
            moved = permuted(channels, lengths, [indices.index(each) for each in after])
            if moved is None:
                return None
            channels = moved
        return self.made(channels, tuple(before[axis] for axis in order))

    def laid(self, shape: Shape, wanted: Shape) -> "Followed | None":
        """The tensor after a reshape; None where an axis of the new shape ends within a part that
        cannot be cut.
        """
        rest = [part for axis in self.parts(shape) for part in axis][::-1]
        axes: list[tuple[Part, ...]] = []
        for length in wanted:
            parts: list[Part] = []
            if length == 1 and rest and rest[-1].length == 1:
                parts.append(rest.pop())
            while length > 1:
                if not rest:
                    return None
                part = rest.pop()
                if part.length > length and part.length % length == 0:
                    inner = part.length // length
                    rest.append(part._replace(length=inner))
                    part = Part(length, part.of, part.weight * inner if part.of >= 0 else 1)
                elif length % part.length:
                    return None
                length //= part.length
                if part.length > 1:
                    parts.append(part)
            axes.append(merged(parts))
        return self.made(self.channels, tuple(axes))

    def along(self, shape: Shape, axis: int, span: Span, length: int) -> "Followed | None":
        """The tensor after each place along an axis was computed from a span of places, so that its length is
        known.
        """
        before = self.parts(shape)
        parts = before[axis]
        kinds = {part.of for part in parts}
        if parts in ((), (Part(1, INDEX),)):  # of length 1: seen, or repeated, or padded
            picked = self.channels if not parts else None
            if len(self.channels.runs) == 1:
                picked = Channels(((self.channels.count * length, self.channels.runs[0][1]),), joined)
            if picked is None or (length > 1 and len(self.channels.runs) > 1):
                return None
            return self.made(picked, replaced(before, axis, (Part(length, INDEX),)))
        if kinds == {BATCH}:
            return self.made(self.channels, replaced(before, axis, (Part(length, BATCH),)))
        if len(parts) > 1:
            return None
        (part,) = parts
        if part.of == INDEX:
            inner = prod(p.length for p in [p for a in before[axis + 1 :] for p in a] if p.of == INDEX)
            channels = gathered(self.channels, part.length, inner, span, length)
            if channels is None:
                return None
            return self.made(channels, replaced(before, axis, (Part(length, INDEX),)))
        alone = sum(p.of == part.of for a in before for p in a) == 1
        if part.weight != 1 or not alone:
            return None
        place = self.places.index(part.of)
        channels = self.channels.mapped(lambda field: field.along(place, span))
        return self.made(channels, replaced(before, axis, (Part(length, part.of),)))

    def picked(self, shape: Shape, axis: int, numbers: Sequence[int]) -> "Followed | None":
        """The tensor after an axis of channels was put into another order; None for an axis that
        holds places.
        """
        before = self.parts(shape)
        if len(before[axis]) != 1 or before[axis][0].of not in (INDEX, BATCH):
            return None
        (part,) = before[axis]
        after, channels = Part(len(numbers), part.of), self.channels
        if part.of == INDEX and len(channels.runs) > 1:
            if channels.count != part.length:
                return None
            values = [value for count, value in channels.runs for _ in range(count)]
            channels = Channels(tuple((1, values[number]) for number in numbers), joined)
        elif part.of == INDEX:
            ((count, value),) = channels.runs
            channels = Channels(((count // part.length * len(numbers), value),), joined)
        return self.made(channels, replaced(before, axis, (after,)))

    def mixed(self, shape: Shape, axes: Sequence[int], output: Shape, *, dropped: bool) -> "Followed | None":
        """The tensor after every output has seen everything along some axes, all of them axes of channels.

        dropped  whether the axes are gone; else they have the lengths of `output`

        None where an axis holds places, but for those of an input that nothing has looked at yet: features of
        tokens, which are no places.
        """
        looked_at = {part.of for axis in axes for part in self.parts(shape)[axis] if part.of >= 0}
        tensor = self
        if looked_at:
            place = looked_at.pop()
            rank = len(self.places)
            ends = self.places == tuple(range(1, rank + 1)) and rank > 1 and place in (1, rank)
            if looked_at or not ends:
                return None
            tensor = self.without(place, shape)
        before, places, channels = tensor.parts(shape), tensor.places, tensor.channels
        if any(part.of == BATCH and part.length > 1 for axis in axes for part in before[axis]):
            return None
        every = [value for _, value in channels.runs if value is not None]
        kept = [a for a, parts in enumerate(before) if a not in axes and any(p.of == INDEX for p in parts)]
        if kept and len(channels.runs) > 1:
            return None  # those along other axes would have to be told apart
        field = joined(every) if len(every) > 1 else every[0] if every else None
        after = tuple(
            () if dropped and axis in axes else (Part(output[axis], INDEX),) if axis in axes else parts
            for axis, parts in enumerate(before)
        )
        if dropped:
            after = tuple(parts for axis, parts in enumerate(after) if axis not in axes)
        count = prod(part.length for parts in after for part in parts if part.of == INDEX)
        return Followed(Channels(((count, field),), joined), places, after).simplified()

    def settled(self, shape: Shape) -> "Followed | None":
        """The tensor in the form that windows want: channels along axis 1, places along the others.

        Places that stand among the channels are told apart there, as behind space-to-depth; channels that
        stand behind a place take turns, as in depth-to-space. None where it cannot be brought into this form.
        """
        if self.axes is None:
            return self
        axes, places, channels = self.axes, self.places, self.channels
        if len(axes) < 2 or any(part.of >= 0 or (part.of == INDEX and part.length > 1) for part in axes[0]):
            return None
        spatial = {part.of for parts in axes[2:] for part in parts if part.of >= 0}
        untouched = places == tuple(range(1, len(places) + 1)) and len(places) > 1
        for place in [place for place in places if place not in spatial and untouched]:
            at = places.index(place)
            places = (*places[:at], *places[at + 1 :])
            channels = channels.mapped(lambda field, at=at: field.without(at))  # type: ignore[misc]
        if len(axes) - 2 != len(places):
            return None
        order = []
        for parts in axes[2:]:
            if not parts or parts[0].of < 0 or any(part.of != INDEX for part in parts[1:]):
                return None
            order.append(places.index(parts[0].of))
        if len(set(order)) != len(places):
            return None
        found = spread(channels, axes, places)
        if found is None:
            return None
        width = prod(part.length for part in axes[1])
        rows: list[Field | None] = []
        for row in found:
            if set(row.values()) == {None}:
                rows.append(None)  # a channel of zeros
            elif (field := settled_row(row, axes, order)) is None:
                return None
            else:
                rows.append(field)
        fields = Channels(((width, rows[0]),), joined) if len(rows) == 1 else table(rows)
        return Followed(fields, tuple(places[at] for at in order))

    def without(self, place: int, shape: Shape) -> "Followed":
        """The tensor when places along an axis of the input are no longer told apart: all are
        seen together.
        """
        at = self.places.index(place)
        axes = tuple(
            tuple(part._replace(of=INDEX, weight=1) if part.of == place else part for part in parts)
            for parts in self.parts(shape)
        )
        places = (*self.places[:at], *self.places[at + 1 :])
        channels = self.channels.mapped(lambda field: field.without(at))
        if len(channels.runs) == 1:
            count = prod(part.length for parts in axes for part in parts if part.of == INDEX)
            channels = Channels(((count, channels.runs[0][1]),), joined)
        return Followed(channels, places, axes)

    def made(self, channels: Channels[Field], axes: Axes) -> "Followed":
        """A tensor with these channels and axes and the same places, in its simplest form."""
        return Followed(channels, self.places, axes).simplified()

    def simplified(self) -> "Followed":
        """The same tensor, with `axes` left out where they are those of a convolutional network."""
        axes = self.axes
        if axes is None or len(axes) != 2 + len(self.places):
            return self
        plain = all(part.of == BATCH for part in axes[0]) and all(part.of == INDEX for part in axes[1])
        for parts, place in zip(axes[2:], self.places, strict=True):
            plain = plain and len(parts) == 1 and parts[0].of == place and parts[0].weight == 1
        return Followed(self.channels, self.places) if plain else self

    def axis_of(self, place: int) -> int | None:
        """The axis that the places of an axis of the input stand along, by themselves; None where none is."""
        if self.axes is None:
            return 2 + self.places.index(place) if place in self.places else None
        found = [at for at, parts in enumerate(self.axes) for part in parts if part.of == place]
        if len(found) != 1 or len(self.axes[found[0]]) != 1 or self.axes[found[0]][0].weight != 1:
            return None
        return found[0]


def given(shape: Shape) -> Followed:
    """What stands for an input of the network: each of its elements sees itself."""
    here = Span(1, (0,), (0,))
    places = tuple(range(1, len(shape)))
    return Followed(Channels(((1, Field((here,) * len(places))),), joined), places, raw(shape))
