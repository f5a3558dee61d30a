"""Antichains, against every set of elements there is."""

from functools import reduce
from itertools import combinations
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.analyses.antichain import antichain_size


def closed(direct: list[int]) -> list[int]:
    """What each element needs, however indirectly, from what it needs directly."""
    needs: list[int] = []
    for found in direct:
        indirect = [earlier for i, earlier in enumerate(needs) if found >> i & 1]
        needs.append(reduce(or_, indirect, found))
    return needs


@st.composite
def orders(draw: st.DrawFn) -> list[int]:
    """A partial order of up to nine elements."""
    count = draw(st.integers(0, 9))
    return closed(
        [draw(st.integers(0, (1 << i) - 1)) & draw(st.integers(0, (1 << i) - 1)) for i in range(count)]
    )


def brute_force(needs: list[int]) -> int:
    """The size of the largest set in which no element needs another, by trying them all."""
    for count in range(len(needs), 0, -1):
        for chosen in combinations(range(len(needs)), count):
            if not any(needs[b] >> a & 1 for a, b in combinations(chosen, 2)):
                return count
    return 0


@given(orders())
def test_no_set_is_larger(needs: list[int]) -> None:
    assert antichain_size(needs) == brute_force(needs)


@given(st.lists(st.sets(st.integers(0, 8), min_size=1, max_size=3), min_size=6, max_size=12))
def test_no_set_is_larger_in_two_layers(chosen: list[set[int]]) -> None:
    """Nine elements below, each set of which leaves those above that need none of it."""
    upper = [reduce(or_, (1 << i for i in below), 0) for below in chosen]
    best = max(lower.bit_count() + sum(not needed & lower for needed in upper) for lower in range(1 << 9))
    assert antichain_size([*[0] * 9, *upper]) == best


@pytest.mark.parametrize(
    ("needs", "size"),
    [
        ([], 0),
        ([0], 1),
        ([0, 0, 0], 3),
        ([0b0, 0b1, 0b11, 0b111], 1),
        ([0b0, 0b0, 0b11, 0b10], 2),  # 2 follows 1 at first, and has to move to 0 so that 3 can
        ([0b0, 0b1, 0b1, 0b0, 0b0, 0b11000, 0b10000], 4),  # the same, behind a search that fails
        ([0, 0, 0, 0, 0b0111, 0b1010, 0b0100, 0b1000], 4),  # 4 moves to 1 for 6, then on to 0 for 7
    ],
)
def test_by_hand(needs: list[int], size: int) -> None:
    assert antichain_size(needs) == size


@pytest.mark.parametrize("width", [1, 2, 7, 60])
def test_layers_of_which_each_needs_all_of_the_one_before(width: int) -> None:
    assert antichain_size([(1 << i // width * width) - 1 for i in range(5 * width)]) == width


def test_a_long_chain_of_moves() -> None:
    """Element n + i needs i and i + 1, and the last one needs 0: each pair has to move by one."""
    count = 500
    needs = [0] * count + [1 << i | 1 << min(i + 1, count - 1) for i in range(count)]
    assert antichain_size([*needs, 1]) == count + 1
