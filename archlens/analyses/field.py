"""What one channel of a tensor sees of the network's input."""

from collections.abc import Sequence
from typing import NamedTuple

from archlens.ops import Span
from archlens.ops.channels import Continuing

__all__ = ["Field", "joined"]


class Field(NamedTuple):
    """What one channel sees of the input: a span an axis, and whether all paths to it share a centre."""

    spans: tuple[Span, ...]
    aligned: bool = True

    def then(self, later: tuple[Span, ...]) -> "Field":
        """What an operator with these spans sees through this field."""
        return Field(tuple(map(Span.then, self.spans, later)), self.aligned)

    def along(self, place: int, later: Span) -> "Field":
        """What an operator sees through this field that has a span along one of the axes only."""
        return self.with_span(place, self.spans[place].then(later))

    def with_span(self, place: int, span: Span) -> "Field":
        """The same field with another span along one of the axes."""
        return Field((*self.spans[:place], span, *self.spans[place + 1 :]), self.aligned)

    def without(self, place: int) -> "Field":
        """The same field without one of its axes."""
        return Field((*self.spans[:place], *self.spans[place + 1 :]), self.aligned)


class Joined(Continuing[Field]):
    """What a sum of channels sees: from the first place of any to the last.

    Paths whose centres or strides differ are not aligned. With different strides one field slides over
    the other as the place moves; the wider stands for both.
    """

    def __call__(self, fields: Sequence[Field]) -> Field:
        """Of one field or more."""
        return _joined(fields)

    def continued(self, whole: Field, fields: Sequence[Field]) -> Field | None:
        """The same where all are aligned so far, and none has another stride or several places a period.

        From the first place of any to the last is then from the first of `whole` and these to the last.
        """
        if not whole.aligned:
            return None
        for field in fields:
            for span, other in zip(field.spans, whole.spans, strict=True):
                if span.advance != other.advance or not len(span.lows) == len(other.lows) == 1:
                    return None
        known = [*dict.fromkeys([whole, *fields])]
        return _joined(known) if len(known) > 1 else whole


joined = Joined()


def _joined(fields: Sequence[Field]) -> Field:
    aligned = all(field.aligned for field in fields)
    spans: list[Span] = []
    before: tuple[Span, ...] = ()
    for along in zip(*[field.spans for field in fields], strict=True):
        if along == before:  # height and width, as a rule
            spans.append(spans[-1])
            continue
        before = along
        advances, lows, highs, _ = zip(*along, strict=True)
        if len(set(advances)) == 1 and len(lows[0]) == max(map(len, lows)) == 1:
            aligned = aligned and len({low + high for (low,), (high,) in zip(lows, highs, strict=True)}) == 1
            spans.append(Span(advances[0], min(lows), max(highs)))
            continue
        whole = along[0]
        for span in along[1:]:
            aligned = aligned and whole.stride == span.stride and whole.centre == span.centre
            if whole.stride == span.stride:
                whole = whole.joined(span)
            else:
                whole = max(whole, span, key=lambda each: each.size)
        spans.append(whole)
    return Field(tuple(spans), aligned)
