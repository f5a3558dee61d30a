"""The largest set of things of which none needs another."""

from collections.abc import Sequence

__all__ = ["antichain_size"]

Links = list[int | None]


def antichain_size(needs: Sequence[int]) -> int:
    """How many elements of a partial order can be chosen so that none of them needs another.

    needs  of each element, the earlier ones that it needs, however indirectly: element i is bit i

    By Dilworth's theorem (Annals of Mathematics, 1950) they are as many as the fewest chains that hold
    all elements, and those are (Fulkerson, Proceedings of the AMS, 1956)

    elements − pairs in a maximum matching between elements and elements that need them

    The matching is found greedily, then one alternating path after the other (Kuhn, 1955).

    >>> antichain_size([0b0, 0b1, 0b1, 0b111])  # a diamond: its two sides
    2
    """
    before: Links = []
    after: Links = [None] * len(needs)
    alive = ends = (1 << len(needs)) - 1
    for element, needed in enumerate(needs):
        # The latest end of a chain, as the earlier ones will do for elements that need less.
        nearest = (needed & ends).bit_length() - 1
        before.append(nearest if nearest >= 0 else None)
        if nearest >= 0:
            after[nearest] = element
            ends ^= 1 << nearest
    for element, needed in enumerate(needs):
        if before[element] is None and needed & alive:
            alive = _join(element, needs, before, after, alive)
    return before.count(None)


def _join(start: int, needs: Sequence[int], before: Links, after: Links, alive: int) -> int:
    """Put the start of a chain behind one that it needs, if others can make room by moving elsewhere.

    Returns the elements still worth looking at. A search that fails has seen elements from which no
    end of a chain can be reached, and never will.
    """
    newcomers: dict[int, int] = {}  # who would come to stand behind an element
    queue = [start]
    unseen = alive
    for element in queue:
        found = needs[element] & unseen
        unseen ^= found
        while found:
            place = found.bit_length() - 1
            found ^= 1 << place
            newcomers[place] = element
            displaced = after[place]
            if displaced is None:
                _move(place, newcomers, before, after)
                return alive
            queue.append(displaced)
    return unseen


def _move(place: int, newcomers: dict[int, int], before: Links, after: Links) -> None:
    """Put the newcomer behind the place that is free, the next behind the place it left, and so on."""
    free: int | None = place
    while free is not None:
        newcomer = newcomers[free]
        after[free] = newcomer
        before[newcomer], free = free, before[newcomer]
