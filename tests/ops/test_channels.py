"""Channels as runs, against lists with a value a channel."""

from collections.abc import Sequence
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from archlens.ops import Channels

Set = frozenset[int]
Value = Set | None

values: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.frozensets(st.integers(0, 4), min_size=1, max_size=3)
)
lists = st.lists(values, min_size=1, max_size=12)


def union(sets: Sequence[Set]) -> Set:
    assert len(sets) > 1
    assert len(set(sets)) == len(sets)
    return frozenset().union(*sets)


def made(each: Sequence[Value]) -> Channels[Set]:
    return Channels(tuple((len(list(run)), value) for value, run in groupby(each)), union)


def listed(channels: Channels[Set]) -> list[Value]:
    """Every channel's value; runs are as long as they can be."""
    assert all(a[1] != b[1] for a, b in zip(channels.runs, channels.runs[1:], strict=False))
    assert all(count > 0 for count, _ in channels.runs)
    return [value for count, value in channels.runs for _ in range(count)]


def total(each: Sequence[Value]) -> Value:
    known = [value for value in each if value is not None]
    return frozenset().union(*known) if known else None


@given(lists)
def test_runs_hold_what_was_put_in(each: list[Value]) -> None:
    channels = made(each)
    assert listed(channels) == each
    assert channels.count == len(each)
    assert list(channels.values) == list(dict.fromkeys(value for value in each if value is not None))


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.data())
def test_groups_are_mixed(groups: int, wide: int, out: int, data: st.DataObject) -> None:
    each = data.draw(st.lists(values, min_size=groups * wide, max_size=groups * wide))
    expected = [total(each[at // out * wide : (at // out + 1) * wide]) for at in range(groups * out)]
    assert listed(made(each).mixed(groups, groups * out)) == expected


@given(lists, st.data())
def test_a_part_is_taken(each: list[Value], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(each) - 1))
    stop = data.draw(st.integers(start + 1, len(each)))
    assert listed(made(each).taken(start, stop)) == each[start:stop]


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_groups_are_dealt(groups: int, wide: int, data: st.DataObject) -> None:
    each = data.draw(st.lists(values, min_size=groups * wide, max_size=groups * wide))
    expected: list[Value] = [None] * len(each)
    for at, value in enumerate(each):
        expected[at % wide * groups + at // wide] = value
    assert listed(made(each).dealt(groups)) == expected


@given(lists, st.integers(0, 3), st.integers(0, 3))
def test_zeros_stand_on_both_sides(each: list[Value], before: int, after: int) -> None:
    assert listed(made(each).padded(before, after)) == [None] * before + each + [None] * after


@given(lists, st.lists(lists, max_size=3))
def test_others_stand_behind(each: list[Value], others: list[list[Value]]) -> None:
    beside = made(each).beside([made(other) for other in others])
    assert listed(beside) == [value for one in (each, *others) for value in one]


def extent(value: Set) -> tuple[int, int]:
    return len(value), -max(value)


@given(lists, st.lists(st.tuples(lists, st.booleans()), max_size=5))
def test_the_smallest_numbers_are_those_of_all_channels(
    each: list[Value], more: list[tuple[list[Value], bool]]
) -> None:
    """Along a chain of concatenations, whichever of its links were asked before."""
    channels, every = made(each), each
    zeros: list[Value] = [None]
    for other, asked in [*more, (zeros, True)]:
        channels, every = channels.beside([made(other)]), [*every, *other]
        if asked:
            known = [extent(value) for value in every if value is not None]
            expected = tuple(map(min, zip(*known, strict=True))) if known else None
            assert channels.smallest(extent) == expected


def test_a_chain_of_concatenations_looks_at_each_value_once_or_twice() -> None:
    looked: list[Set] = []

    def number(value: Set) -> tuple[int]:
        looked.append(value)
        return (min(value),)

    channels = made([frozenset({0})])
    for unit in range(1, 100):
        channels = channels.beside([made([frozenset({unit})])])
        assert channels.smallest(number) == (0,)
    assert len(looked) <= 200


@given(st.integers(1, 8), st.data())
def test_channels_are_added(count: int, data: st.DataObject) -> None:
    whole = st.lists(values, min_size=count, max_size=count)
    terms = data.draw(
        st.lists(st.one_of(whole, st.lists(values, min_size=1, max_size=1)), min_size=1, max_size=4)
    )
    longest = max(map(len, terms))
    stretched = [term * longest if len(term) == 1 else term for term in terms]
    expected = [total(column) for column in zip(*stretched, strict=True)]
    assert listed(made(terms[0]).onto([made(term) for term in terms[1:]])) == expected


@given(lists)
def test_values_are_changed(each: list[Value]) -> None:
    expected = [None if value is None else frozenset({len(value)}) for value in each]
    assert listed(made(each).mapped(lambda value: frozenset({len(value)}))) == expected
