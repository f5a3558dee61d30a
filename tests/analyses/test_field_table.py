"""Tables of fields, against lists put together by hand."""

from archlens.analyses.field import Field
from archlens.analyses.field_table import gathered, permuted, table
from archlens.ops import Span

A, B, C, D = (Field((Span.every(1, at),)) for at in range(4))


def test_neighbours_alike_are_one_run() -> None:
    assert table([A, A, B, None]).runs == ((2, A), (1, B), (1, None))


def test_indices_in_another_order() -> None:
    """Two rows of two become two columns of two."""
    turned = permuted(table([A, B, C, D]), [2, 2], [1, 0])
    assert turned is not None
    assert turned.runs == ((1, A), (1, C), (1, B), (1, D))


def test_picked_and_padded() -> None:
    every_other = gathered(table([A, B, C, D]), 4, 1, Span.every(2), 2)
    assert every_other is not None
    assert every_other.runs == ((1, A), (1, C))
    padded = gathered(table([A, B]), 2, 1, Span.every(1, -1), 4)
    assert padded is not None
    assert padded.runs == ((1, None), (1, A), (1, B), (1, None))
