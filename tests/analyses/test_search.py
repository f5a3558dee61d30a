"""The search over sets of finished nodes, against every order there is."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.analyses.search import Piece, bits, bound, peak, search

LARGE_SMALL = Piece(
    before=(0, 0b1, 0, 0b110),
    after=((1,), (3,), (3,), ()),
    makes=(10, 1, 3, 2),
    ends=((2, 0b101, None), (10, 0b10, 0), (1, 0b1000, 1), (3, 0b1000, 2)),
    frees=((0,), (1,), (0,), (2, 3)),
    start=2,
)
"""A tensor of 2 is read by a node that makes 10, of which another makes 1, and by one that makes 3.

Both ends are joined to 2. As written, 2 + 10, 2 + 10 + 1, 2 + 1 + 3 and 1 + 3 + 2 are alive: 13. With the
node that makes 3 in front, 2 + 3, 2 + 3 + 10 = 15, 3 + 10 + 1 and 3 + 1 + 2 are. In every order 2 + 10 are
alive while the 10 are made.
"""


def possible(piece: Piece) -> list[tuple[int, ...]]:
    """Every order in which each node comes after those that feed it."""
    return [
        order
        for order in permutations(range(len(piece.makes)))
        if all(set(bits(piece.before[node])) <= set(order[:at]) for at, node in enumerate(order))
    ]


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """A few nodes with storages of any size, which end with any of those that their maker leads to."""
    count = draw(st.integers(1, 6))
    before = [draw(st.integers(0, (1 << node) - 1)) for node in range(count)]
    after = [tuple(later for later in range(count) if before[later] >> node & 1) for node in range(count)]
    makes = [draw(st.integers(0, 9)) for _ in range(count)]
    lasting = draw(st.integers(0, (1 << count) - 1))
    given = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, (1 << count) - 1)), max_size=2))
    ends: list[tuple[int, int, int | None]] = [(elements, needed, None) for elements, needed in given]
    for node in range(count):
        if not lasting >> node & 1:
            needed = sum(1 << reader for reader in after[node]) or 1 << node
            ends.append((makes[node], needed, node))
    frees = [tuple(e for e, (_, needed, _) in enumerate(ends) if needed >> node & 1) for node in range(count)]
    start = sum(elements for elements, _ in given) + draw(st.integers(0, 5))
    return Piece(tuple(before), tuple(after), tuple(makes), tuple(ends), tuple(frees), start)


def test_by_hand() -> None:
    assert peak(LARGE_SMALL, (0, 1, 2, 3)) == 13
    assert peak(LARGE_SMALL, (2, 0, 1, 3)) == 15
    assert peak(LARGE_SMALL, (0, 2, 1, 3)) == 15
    assert bound(LARGE_SMALL, floor=0) == 12
    assert bound(LARGE_SMALL, floor=13) == 13
    found = search(LARGE_SMALL, floor=0, states=100)
    assert (found.bound, found.order) == (13, (0, 1, 2, 3))


def test_all_peaks_up_to_the_floor_are_as_good() -> None:
    found = search(LARGE_SMALL, floor=15, states=100)
    assert found.bound == 15
    assert found.order in possible(LARGE_SMALL)


@given(pieces())
def test_no_order_is_better_than_the_one_found(piece: Piece) -> None:
    best = min(peak(piece, order) for order in possible(piece))
    assert bound(piece, floor=0) <= best
    found = search(piece, floor=0, states=10_000)
    assert found.order in possible(piece)
    assert found.order is not None
    assert peak(piece, found.order) == best
    assert found.bound <= best


@given(pieces(), st.integers(0, 5))
def test_a_search_that_stops_early_still_bounds(piece: Piece, states: int) -> None:
    best = min(peak(piece, order) for order in possible(piece))
    found = search(piece, floor=0, states=states)
    assert found.bound <= best
    assert found.order is None or peak(piece, found.order) == best


@pytest.mark.parametrize(("numbers", "members"), [(0, []), (1, [0]), (0b1011, [0, 1, 3]), (1 << 200, [200])])
def test_bits_are_members(numbers: int, members: list[int]) -> None:
    assert list(bits(numbers)) == members
