"""Spans, against sets of places put together one by one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.ops import Span, Window
from archlens.ops.span import HERE

PLACES = range(-12, 13)


@st.composite
def spans(draw: st.DrawFn, advance: int | None = None, period: int | None = None) -> Span:
    """Spans whose ends never go backwards from one output to the next, as those of operators."""
    period = draw(st.integers(1, 4)) if period is None else period
    advance = draw(st.integers(1, 5)) if advance is None else advance
    start = draw(st.integers(-4, 4))
    lows = sorted(
        start + step for step in draw(st.lists(st.integers(0, advance), min_size=period, max_size=period))
    )
    size = draw(st.integers(0, 5))
    return Span(advance, tuple(lows), tuple(low + size for low in lows))


def seen(span: Span, place: int) -> set[int]:
    """The places of a stretch."""
    return set(range(span.low(place), span.high(place) + 1))


def ends(places: set[int]) -> tuple[int, int]:
    return min(places), max(places)


@given(spans(), spans())
def test_through_another_is_the_union_of_what_its_places_see(first: Span, later: Span) -> None:
    both = first.then(later)
    for place in PLACES:
        through = set().union(*(seen(first, at) for at in seen(later, place)))
        assert (both.low(place), both.high(place)) == ends(through)


@given(spans(), spans(), spans())
def test_composition_is_associative(a: Span, b: Span, c: Span) -> None:
    one, other = a.then(b).then(c), a.then(b.then(c))
    assert [seen(one, place) for place in PLACES] == [seen(other, place) for place in PLACES]
    assert (one.stride, one.size, one.padding) == (other.stride, other.size, other.padding)


@given(spans())
def test_here_changes_nothing(span: Span) -> None:
    for same in (span.then(HERE), HERE.then(span)):
        assert [seen(same, place) for place in PLACES] == [seen(span, place) for place in PLACES]


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_a_union_reaches_from_the_first_to_the_last(data: st.DataObject, step: int, p: int, q: int) -> None:
    a, b = data.draw(spans(step * p, p)), data.draw(spans(step * q, q))  # the same stride
    union = a.joined(b)
    for place in PLACES:
        assert (union.low(place), union.high(place)) == ends(seen(a, place) | seen(b, place))
    assert union.stride == a.stride == b.stride
    other = b.joined(a)
    assert [seen(other, place) for place in PLACES] == [seen(union, place) for place in PLACES]


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 4))
def test_a_window_reaches_from_its_first_tap_to_its_last(k: int, s: int, d: int, before: int) -> None:
    span = Span.of_window(Window(kernel=k, stride=s, dilation=d, before=before, after=0))
    for place in PLACES:
        taps = {place * s - before + tap * d for tap in range(k)}
        assert (span.low(place), span.high(place)) == ends(taps)


@given(spans())
def test_numbers_are_those_of_the_places(span: Span) -> None:
    period = range(len(span.lows))
    assert span.size == max(len(seen(span, place)) for place in period)
    assert span.padding == -min(seen(span, 0))
    assert span.stride == Fraction(span.low(len(period)) - span.low(0), len(period))
    middles = [Fraction(sum(ends(seen(span, place))), 2) - place * span.stride for place in period]
    assert span.centre == sum(middles) / len(period)


@pytest.mark.parametrize(
    ("chain", "size", "stride", "padding", "centre"),
    [
        # two 3×3 are a 5×5, three a 7×7 (Simonyan and Zisserman, arXiv 1409.1556, §2.3)
        ([Window(3, 1, 1, 1, 1)] * 2, 5, 1, 2, 0),
        ([Window(3, 1, 1, 1, 1)] * 3, 7, 1, 3, 0),
        # ResNet's stem: 7 wide by 2, then 3 wide by 2: 7 + 2·2 = 11
        ([Window(7, 2, 1, 3, 3), Window(3, 2, 1, 1, 1)], 11, 4, 5, 0),
        # two taps three apart see four places; an even window is centred between two
        ([Window(2, 1, 3, 0, 0)], 4, 1, 0, Fraction(3, 2)),
    ],
)
def test_by_hand(chain: list[Window], size: int, stride: int, padding: int, centre: Fraction) -> None:
    span = HERE
    for window in chain:
        span = span.then(Span.of_window(window))
    assert (span.size, span.padding) == (size, padding)
    assert (span.stride, span.centre) == (Fraction(stride), Fraction(centre))


def test_an_enlargement_by_hand() -> None:
    # made three times as long, three neighbours see the same place; a window of two on top sees one or two
    twice = Span(1, (0, 0, 0), (0, 0, 0)).then(Span(1, (0,), (1,)))
    assert [(twice.low(o), twice.high(o)) for o in range(4)] == [(0, 0), (0, 0), (0, 1), (1, 1)]
    assert (twice.size, twice.stride) == (2, Fraction(1, 3))


def test_outputs_that_see_nothing_see_nothing_through_others() -> None:
    """Three outputs for each input, of which a kernel of two reaches the first two."""
    gap = Span.of_taps(1, [(0, 0), (0, 0), (1, 0)])
    through = Span(2, (0,), (3,)).then(gap)
    assert [(through.low(at), through.high(at)) for at in (0, 1, 3)] == [(0, 3), (0, 3), (2, 5)]
    assert through.low(2) > through.high(2)


def test_ends_that_go_backwards() -> None:
    """A transposed convolution with four taps three apart and a stride of two, then a window of three.

    Outputs −1, 0 and 1 see {−5, −2}, {−3, 0} and {−4, −1}: together −5 to 0.
    """
    back = Span(1, (-3, -4), (0, -1), 3)
    whole = back.then(Span(1, (-1,), (1,)))
    assert (whole.low(0), whole.high(0), whole.size) == (-5, 0, 6)
