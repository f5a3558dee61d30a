"""Fields where paths meet: from the first place of any to the last, and whether they are aligned."""

from hypothesis import given
from hypothesis import strategies as st

from archlens.analyses.field import Field, joined
from archlens.ops import Channels, Span

THREE = Field((Span(2, (-1,), (1,)),))
"""A 3-tap window with stride 2, centred on its output's place."""


def test_a_wider_field_around_the_same_centre() -> None:
    assert joined([THREE, Field((Span(2, (-3,), (3,)),))]) == Field((Span(2, (-3,), (3,)),), True)


def test_another_centre() -> None:
    assert joined([THREE, Field((Span(2, (0,), (1,)),))]) == Field((Span(2, (-1,), (1,)),), False)


def test_another_stride() -> None:
    """One field slides over the other: the wider stands for both."""
    assert joined([THREE, Field((Span(1, (-5,), (5,)),))]) == Field((Span(1, (-5,), (5,)),), False)


def test_what_was_not_aligned_stays_so() -> None:
    assert not joined([THREE, THREE._replace(aligned=False)]).aligned


def test_behind_an_upsampling() -> None:
    """Twice as large: copies, beside means of neighbours, and beside copies that begin one place later."""
    copies = Field((Span(1, (0, 0), (0, 0)),))
    means = Field((Span(1, (-1, 0), (0, 1)),))
    assert joined([copies, means]) == means
    assert joined([copies, Field((Span(1, (0, 1), (0, 1)),))]) == Field((Span(1, (0, 0), (0, 1)),), False)


SPANS = st.tuples(st.integers(-9, 9), st.integers(0, 9)).map(
    lambda ends: Field((Span(1, (ends[0],), (ends[0] + ends[1],)),) * 2)
)


@given(st.lists(SPANS, min_size=2, max_size=6))
def test_the_places_seen_are_those_of_all(fields: list[Field]) -> None:
    whole = joined(fields)
    assert whole.spans[0].lows[0] == min(field.spans[0].lows[0] for field in fields)
    assert whole.spans[1].highs[0] == max(field.spans[1].highs[0] for field in fields)
    centres = {field.spans[0].lows[0] + field.spans[0].highs[0] for field in fields}
    assert whole.aligned == (len(centres) == 1)


MANY_SPANS = st.builds(
    lambda advance, low, length, period: Field(
        (Span(advance, (low,) * period, (low + length,) * period, 1 + length % 2),)
    ),
    st.sampled_from((1, 1, 1, 2)),
    st.integers(-2, 2),
    st.integers(0, 4),
    st.sampled_from((1, 1, 1, 2)),
)


@given(st.lists(st.none() | MANY_SPANS, min_size=1, max_size=12))
def test_a_chain_of_concatenations_sums_as_all_of_its_channels_do(values: list[Field | None]) -> None:
    """Each sum goes on from the one before; without one before, it is made of all channels."""
    chain = Channels(((1, values[0]),), joined)
    for count, value in enumerate(values[1:], 2):
        chain.sum  # noqa: B018  # so that there is one to go on from
        chain = chain.beside([Channels(((1, value),), joined)])
        assert chain.sum == Channels(chain.runs, joined).sum
        assert chain.count == count
