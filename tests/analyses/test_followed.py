"""Tensors followed through rearrangements, against what they are made of."""

from archlens.analyses.followed import given
from archlens.analyses.part import INDEX, Part
from archlens.ops import Span


def test_an_axis_in_two_parts_and_back() -> None:
    x = given((1, 3, 8, 6))
    parted = x.laid((1, 3, 8, 6), (1, 3, 2, 4, 6))
    assert parted is not None
    assert parted.parts((1, 3, 2, 4, 6))[2:4] == ((Part(2, 2, 4),), (Part(4, 2, 1),))
    back = parted.laid((1, 3, 2, 4, 6), (1, 3, 8, 6))
    assert back == x


def test_an_axis_that_ends_within_another_is_not_followed() -> None:
    assert given((1, 3, 8, 6)).laid((1, 3, 8, 6), (1, 9, 16)) is None


def test_space_among_channels_has_its_offsets() -> None:
    """Rows in turn: channels 0 to 2 begin at row 0, channels 3 to 5 at row 1."""
    x = given((1, 3, 8, 6))
    parted = x.laid((1, 3, 8, 6), (1, 3, 4, 2, 6))
    assert parted is not None
    turned = parted.turned((1, 3, 4, 2, 6), (0, 3, 1, 2, 4))
    assert turned is not None
    whole = turned.laid((1, 2, 3, 4, 6), (1, 6, 4, 6))
    assert whole is not None
    settled = whole.settled((1, 6, 4, 6))
    assert settled is not None
    assert [(count, field and field.spans[0]) for count, field in settled.channels.runs] == [
        (3, Span.every(2, 0)),
        (3, Span.every(2, 1)),
    ]


def test_a_slice_moves_the_places() -> None:
    x = given((1, 3, 8, 6)).along((1, 3, 8, 6), 2, Span.every(2, 1), 4)
    assert x is not None
    ((_, field),) = x.channels.runs
    assert field is not None
    assert field.spans[1] == Span.every(2, 1)
    assert x.parts((1, 3, 4, 6))[2] == (Part(4, 2),)


def test_features_that_come_last_are_channels_once_they_are_mixed() -> None:
    mixed = given((1, 10, 8)).mixed((1, 10, 8), (2,), (1, 10, 5), dropped=False)
    assert mixed is not None
    assert mixed.places == (1,)
    assert mixed.parts((1, 10, 5))[2] == (Part(5, INDEX),)
