"""Values kept once, runs, and names coded by what they share."""

from hypothesis import given
from hypothesis import strategies as st

from archlens.report.page.index import Index, front_coded, runs
from tests.report.page.unpacked import names, unrolled


def test_places_are_given_in_order_and_once() -> None:
    index = Index[str]()
    assert [index.place(word) for word in "abacb"] == [0, 1, 0, 2, 1]
    assert index.values == ["a", "b", "c"]


@given(st.lists(st.integers(0, 3)))
def test_runs_come_back(values: list[int]) -> None:
    pairs = runs(values)
    assert unrolled(pairs) == values
    assert all(a != b for a, b in zip(pairs[::2], pairs[2::2], strict=False))


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "0", "1", "12"]), min_size=1, max_size=4).map(".".join), min_size=1
    )
)
def test_names_come_back_also_those_of_digits(listed: list[str]) -> None:
    assert names(front_coded(listed)) == listed
