"""Which variants are drawn: each once, uniformly, the same by the same seed, and never as a list."""

import tracemalloc
from collections import Counter
from itertools import islice, pairwise

import pytest

from archlens.errors import UsageError
from archlens.spaces.declared import space_of
from archlens.spaces.sampling import Shuffled, walk
from archlens.spaces.space import Variants


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 255, 256, 257, 1000, 4097])
def test_a_permutation(size: int) -> None:
    for seed in (0, 1):
        shuffled = Shuffled(size, seed)
        assert sorted(shuffled[place] for place in range(size)) == [*range(size)]


def test_every_variant_is_as_likely() -> None:
    """χ² of how often each of 12 is among the first 4 of 3,000 permutations: 11 degrees, 99.9 %."""
    seeds, size, drawn = 3000, 12, 4
    seen = Counter(Shuffled(size, seed)[place] for seed in range(seeds) for place in range(drawn))
    expected = seeds * drawn / size
    # Without replacement the counts vary less, by (1 − drawn / size).
    chi = sum((seen[n] - expected) ** 2 for n in range(size)) / expected / (1 - drawn / size)
    assert chi * (1 - 1 / size) < 31.26


def test_neighbours_have_nothing_to_do_with_one_another() -> None:
    """How often a number is followed by one in the same half of a large space: half of the time."""
    shuffled = Shuffled(10**12, 5)
    numbers = [shuffled[place] for place in range(4000)]
    same = sum((a < 5 * 10**11) == (b < 5 * 10**11) for a, b in pairwise(numbers))
    assert abs(same - 2000) < 4 * (4000 * 0.25) ** 0.5
    assert abs(sum(numbers) / len(numbers) / 10**12 - 0.5) < 4 * (1 / 12 / 4000) ** 0.5


def test_a_longer_sample_begins_with_a_shorter_one() -> None:
    space = space_of("shufflenet_v2", {"head": "1..2000", "classes": "1..2000"})
    short, long = [*walk(space, 50, seed=3)], [*walk(space, 120, seed=3)]
    assert len(set(long)) == 120
    assert long[:50] == short
    assert [*walk(space, 50, seed=4)] != short


def test_a_sample_meets_the_conditions() -> None:
    space = space_of("shufflenet_v2", {"head": "1..2000", "classes": "1..2000"}, require=["head == classes"])
    numbers = [*walk(space, 20, seed=1)]
    variants = Variants(space)
    assert len(set(numbers)) == 20
    assert all(len({*variants.values(number)}) == 1 for number in numbers)


def test_all_of_a_space_in_order() -> None:
    space = space_of("shufflenet_v2", {"head": "1..5", "classes": "1..5"}, require=["head < classes"])
    assert [Variants(space).values(n) for n in walk(space)] == [
        (a, b) for a in range(1, 6) for b in range(1, 6) if a < b
    ]
    assert [*walk(space, 1000)] == [*walk(space)]


def test_a_space_too_large_is_refused_without_a_sample() -> None:
    space = space_of("regnet", {f"widths[{i}]": "8..80000/8" for i in range(4)})
    with pytest.raises(UsageError, match=r"= 1e\+16 variants are too many to evaluate all.* --sample 100000"):
        next(walk(space))
    assert len({*walk(space, 100)}) == 100


def test_a_condition_that_is_never_true() -> None:
    small = space_of("shufflenet_v2", {"head": "1..50", "classes": "1..50"}, require=["head > 100"])
    with pytest.raises(
        UsageError, match=r"none of 50 × 50 = 2,500 variants meets 'head > 100': the space is empty"
    ):
        next(walk(small))
    large = space_of(
        "shufflenet_v2",
        {"head": "1..50000", "classes": "1..50000"},
        require=["classes > 0", "head > 10 ** 6"],
    )
    with pytest.raises(UsageError, match=r"'head > 10 \*\* 6' holds for none of 2,000 combinations"):
        next(walk(large, 10))


def test_memory_stays_flat() -> None:
    space = space_of("regnet", {f"widths[{i}]": "8..80000/8" for i in range(4)})
    tracemalloc.start()
    try:
        for _ in islice(walk(space, 10**6), 20_000):
            pass
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
