"""What was worked out before: the same networks as without it, and bounds on what is kept."""

import pytest

from archlens.errors import OperatorError
from archlens.ops import Conv
from archlens.spec import memo as rooms
from archlens.spec.catalog import Reference, specs
from archlens.spec.lower import lower, outline
from archlens.spec.memo import Memo
from archlens.spec.read import Value
from archlens.spec.section import Placed
from tests.spec.written import parsed


def test_equal_attributes_are_one_operator() -> None:
    memo = Memo()
    first = memo.operator(Conv, {"out": 8, "kernel": (1, 1)})
    assert memo.operator(Conv, {"out": 8, "kernel": (1, 1)}) is first
    assert memo.operator(Conv, {"out": 8, "kernel": (1, 3)}) is not first


@pytest.mark.parametrize("kernel", [True, 1.0, (True, True), (1.0, 1.0)])
def test_what_is_equal_to_a_good_attribute_is_not_taken_for_it(kernel: Value) -> None:
    memo = Memo()
    for good in (1, (1, 1)):
        memo.operator(Conv, {"out": 8, "kernel": good})
    with pytest.raises(OperatorError, match="is not an integer"):
        memo.operator(Conv, {"out": 8, "kernel": kernel})


def test_networks_of_a_memo_are_what_each_is_alone() -> None:
    """Of every family two, as the second finds what the first has left."""
    memo = Memo()
    for spec in specs(until="claims"):
        for variant in [*spec.variants][-2:]:
            settings = Reference(spec, variant).settings({})
            assert lower(spec, variant, settings, memo=memo) == lower(spec, variant, settings)


def test_the_same_twice_is_the_same() -> None:
    memo = Memo()
    for spec in specs(until="claims"):
        variant = next(iter(spec.variants))
        settings = Reference(spec, variant).settings({})
        once = lower(spec, variant, settings, memo=memo)
        assert lower(spec, variant, settings, memo=memo) == once


TWO = """
input: [8, 8, 8]
settings: {{width: 8, act: relu, deep: true}}
blocks:
  unit: {{do: [{{conv: {{out: width}}}}, {{use: act}}]}}
  twice: {{do: [unit, {{if: deep, then: [unit]}}]}}
  swish: {{do: [{{conv: {{out: {out}}}}}]}}
network: [twice, {{name: end, do: [twice, relu]}}]
"""


@pytest.mark.parametrize(
    "changed", [{"width": 4}, {"act": "swish"}, {"deep": False}, {"width": 4, "act": "swish"}]
)
def test_what_a_block_reads_is_part_of_what_it_is_known_by(changed: dict[str, Value]) -> None:
    """Settings that only blocks in blocks read, also those whose name is a value; blocks of other specs."""
    memo = Memo()
    for text in (TWO.format(out=8), TWO.format(out=16)):
        reference = Reference(parsed(text), None)
        for overrides in ({}, changed, {}):
            settings = reference.settings(overrides)
            assert lower(reference.spec, "", settings, memo=memo) == lower(reference.spec, "", settings)


def test_an_integer_is_no_number_with_a_point() -> None:
    """A width of 8.0 is refused, also when 8 was met before."""
    reference = Reference(parsed(TWO.format(out=8)), None)
    memo = Memo()
    lower(reference.spec, "", reference.settings({}), memo=memo)
    with pytest.raises(Exception, match=r"out=8\.0 is not an integer"):
        lower(reference.spec, "", {**reference.settings({}), "width": 8.0}, memo=memo)


def test_a_memo_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST", 10)
    memo = Memo()
    reference = Reference(parsed(TWO.format(out=8)), None)
    for width in range(1, 40):
        settings = reference.settings({"width": width})
        assert lower(reference.spec, "", settings, memo=memo) == lower(reference.spec, "", settings)
    assert memo.generation > 5
    assert len(memo.applied) < 40


STEADY = """
input: [8, 8, 8]
settings: {width: 8}
blocks:
  steady: {do: [{conv: {out: 8, kernel: 3}}, relu]}
  varied: {do: [{conv: {out: width}}, relu]}
network: [{name: start, do: [steady, steady]}, {name: end, do: [varied]}]
"""


def test_what_every_network_asks_for_is_never_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first part is one and the same object in all networks, while the others come and go."""
    monkeypatch.setattr(rooms, "MOST", 10)
    memo = Memo()
    reference = Reference(parsed(STEADY), None)
    starts = []
    for width in range(1, 60):
        entry = outline(reference.spec, reference.settings({"width": width}), memo=memo).entries[0]
        assert isinstance(entry, Placed)
        starts.append(entry.section)
    assert memo.generation > 5
    assert all(start is starts[0] for start in starts)
