"""Receptive fields against sets of places put together one by one."""

from hypothesis import given
from hypothesis import strategies as st

from archlens import ops
from archlens.analyses.receptive_field import receptive_fields
from tests.analyses.fields import chain, field
from tests.wiring import Step, wire

windows = st.tuples(
    st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(0, 3), st.integers(0, 3)
)


@given(st.lists(windows, min_size=1, max_size=5), st.integers(-3, 9))
def test_chains_against_sets_of_places(drawn: list[tuple[int, ...]], place: int) -> None:
    """The field of an output, from the places that each operator's taps read, back to the input."""
    operators = [ops.Conv(1, k, s, ((before, after),), d) for k, s, d, before, after in drawn]
    graph = chain(*operators, x=ops.Input((1, 1, 2000)))
    seen = {place}
    for k, s, d, before, _ in reversed(drawn):
        seen = {at * s - before + tap * d for at in seen for tap in range(k)}
    found = receptive_fields(graph)
    (span,) = found.whole(len(operators)).spans
    assert (span.low(place), span.high(place)) == (min(seen), max(seen))
    assert field(graph).size == (max(seen) - min(seen) + 1,)


@given(st.lists(windows, min_size=1, max_size=3), st.lists(windows, min_size=1, max_size=3))
def test_a_sum_sees_what_its_terms_see(left: list[tuple[int, ...]], right: list[tuple[int, ...]]) -> None:
    steps: list[Step] = [("input", ops.Input((1, 1, 200)), ())]
    ends = []
    for side, drawn in (("left", left), ("right", right)):
        before = "input"
        for at, (k, _, d, padding, _) in enumerate(drawn):
            rest = d * (k - 1) - padding  # so that the length stays
            op = ops.Conv(1, k, 1, ((padding, rest),), d) if rest >= 0 else ops.Conv(1, k, dilation=d)
            steps.append((f"{side}{at}", op, (before,)))
            before = f"{side}{at}"
        ends.append(before)
    graph = wire(*steps, ("sum", ops.Add(), tuple(ends)))
    a, b, both = field(graph, ends[0]), field(graph, ends[1]), field(graph)
    assert both.padding[0] == max(a.padding[0], b.padding[0])
    assert both.size[0] == max(x.size[0] - x.padding[0] for x in (a, b)) + both.padding[0]
    assert both.aligned == (a.centre == b.centre)
