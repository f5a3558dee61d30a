"""Which variants of a space are evaluated, and in which order: all of them, or a uniform sample by a seed."""

from collections.abc import Iterator
from hashlib import blake2b

from archlens.errors import UsageError
from archlens.spaces.space import Space, Variants

__all__ = ["MOST_ENUMERATED", "Shuffled", "walk"]

MOST_ENUMERATED = 10**7
"""Combinations up to which a space may be enumerated: an hour of two cores."""

ROUNDS = 8
SMALLEST = 8
"""Bits of the smallest domain that is shuffled: below, a few rounds have too few permutations."""
PATIENCE = 100_000
"""Combinations without one that meets the conditions after which the conditions are looked at."""
HOPELESS = 10_000_000
"""Combinations without one after which nothing more is expected."""
TRIED = 2_000


class Shuffled:
    """A permutation of the numbers below `size`, drawn by a seed: each place in it is worked out by itself.

    A Feistel network over the next power of four, walked on until the number is below `size` (Black and
    Rogaway, Ciphers with Arbitrary Finite Domains, 2002). Neighbouring places have nothing to do with one
    another, so its first n numbers are a uniform sample without replacement, and no list of them is kept.
    """

    def __init__(self, size: int, seed: int) -> None:
        bits = max(SMALLEST, (size - 1).bit_length())
        self.size = size
        self._half = (bits + 1) // 2
        self._mask = (1 << self._half) - 1
        self._bytes = (self._half + 7) // 8
        self._keys = [blake2b(f"{seed} {i}".encode(), digest_size=16).digest() for i in range(ROUNDS)]

    def __getitem__(self, place: int) -> int:
        """The number at a place from 0 to size − 1."""
        if not 0 <= place < self.size:
            raise IndexError(place)
        number = self._once(place)
        while number >= self.size:
            number = self._once(number)
        return number

    def _once(self, number: int) -> int:
        left, right = number >> self._half, number & self._mask
        for key in self._keys:
            digest = blake2b(right.to_bytes(self._bytes, "big"), key=key, digest_size=self._bytes).digest()
            left, right = right, left ^ (int.from_bytes(digest, "big") & self._mask)
        return left << self._half | right


def walk(space: Space, sample: int | None = None, seed: int = 0) -> Iterator[int]:
    """The numbers of the variants to evaluate, in their order, as an iterator: there may be more than a list
    can hold.

    sample  how many of those that meet the conditions; all when it is None
    seed    of the sample: a longer sample begins with a shorter one of the same seed

    Raises a UsageError for a space too large to enumerate, and for conditions that no variant meets.
    """
    if sample is None and space.size > MOST_ENUMERATED:
        raise UsageError(
            f"{space.model}: {space.about} are too many to evaluate all, more than {MOST_ENUMERATED:,}: "
            "--sample 100000 draws so many of them"
        )
    variants = Variants(space)
    if sample is None or (sample >= space.size and space.size <= MOST_ENUMERATED):
        order: Iterator[int] = iter(range(space.size))
        wanted = space.size
    else:
        shuffled = Shuffled(space.size, seed)
        order = (shuffled[place] for place in _places(space.size))
        wanted = sample
    found, since = 0, 0
    for number in order:
        if found == wanted:
            return
        if variants.admits(number):
            found, since = found + 1, 0
            yield number
            continue
        since += 1
        if since == PATIENCE and not found:
            _doubted(variants)
        if since == HOPELESS:
            raise UsageError(
                f"{space.model}: {found} variants meet the conditions, and none of the next {HOPELESS:,} "
                f"combinations: ask for a sample of {found} or less"
            )
    if not found:
        raise UsageError(f"{space.model}: none of {space.about} meets {_all(space)}: the space is empty")


def _places(size: int) -> Iterator[int]:
    """The numbers from 0 to size − 1, also beyond 2^63, where `range` ends."""
    place = 0
    while place < size:
        yield place
        place += 1


def _doubted(variants: Variants) -> None:
    """Look at each condition by itself. Raises a UsageError for one that is never true."""
    space = variants.space
    shuffled = Shuffled(space.size, 0)
    places = range(min(space.size, TRIED))
    held = [variants.held(shuffled[place]) for place in places]
    for position, text in enumerate(space.require):
        if not any(each[position] for each in held):
            raise UsageError(
                f"{space.model}: {text!r} holds for none of {len(held):,} combinations that were tried: "
                "is it ever true?"
            )


def _all(space: Space) -> str:
    return " and ".join(repr(text) for text in space.require)
