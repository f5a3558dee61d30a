"""Costs add up, field by field."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.cost import Cost, total

counts = st.integers(0, 10**12)
costs = st.builds(
    Cost,
    params=counts,
    multiply_adds=counts,
    elementwise=counts,
    reads=counts,
    writes=counts,
    activations=counts,
)


def test_a_sum_by_hand() -> None:
    conv = Cost(params=1_728, multiply_adds=21_676_032, reads=152_256, writes=802_816, activations=802_816)
    relu = Cost(elementwise=802_816, reads=802_816, writes=802_816)
    assert conv + relu == Cost(
        params=1_728,
        multiply_adds=21_676_032,
        elementwise=802_816,
        reads=955_072,
        writes=1_605_632,
        activations=802_816,
    )
    assert (conv + relu).memory_access == 2_560_704


@given(costs, costs)
def test_every_field_adds_up(a: Cost, b: Cost) -> None:
    for field in dataclasses.fields(Cost):
        assert getattr(a + b, field.name) == getattr(a, field.name) + getattr(b, field.name)
    assert (a + b).memory_access == a.memory_access + b.memory_access


@given(costs, costs, costs)
def test_order_and_grouping_do_not_matter(a: Cost, b: Cost, c: Cost) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Cost() == a


@given(st.lists(costs, max_size=5))
def test_a_total_is_the_repeated_sum(listed: list[Cost]) -> None:
    expected = Cost()
    for cost in listed:
        expected = expected + cost
    assert total(listed) == total(iter(listed)) == expected


def test_the_total_of_nothing() -> None:
    assert total([]) == Cost()
    assert set(dataclasses.astuple(Cost())) == {0}


def test_a_cost_is_a_frozen_value_given_by_name() -> None:
    cost = Cost(params=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        cost.params = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        Cost(3)  # type: ignore[call-arg]
    assert len({Cost(params=3), cost, Cost(reads=3)}) == 2
