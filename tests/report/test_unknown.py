"""Operators without a rule, told by name, number, shapes and place."""

import pytest

from archlens.ops import Input, Unknown
from archlens.report.profile import profile
from archlens.report.unknown import unknown_operators
from tests.wiring import incomplete, three_nodes, wire


def test_none() -> None:
    assert unknown_operators(three_nodes()) == ()


def test_one_that_is_not_pytorch_s() -> None:
    assert unknown_operators(incomplete()) == ("odd, once, 1×3×4×4 → 1×7: head.odd1",)


def test_several_of_pytorch_s_come_with_a_rule_to_fill_in() -> None:
    graph = wire(
        ("a", Input((1, 2)), ()),
        *((f"b{i}", Unknown("mylib::op", (i,)), ("a",)) for i in range(1, 5)),
        ("c", Unknown("mylib::sum", ()), ("b1", "b2")),
    )
    lines = unknown_operators(graph)
    assert lines[:3] == (
        "mylib::op, 4 times, 1×2 → 1; 1×2 → 2; 1×2 → 3; …: b1, b2, b3, …",
        "mylib::sum, once, 1, 2 → a number: c",
        "a rule makes the totals exact:",
    )
    assert '    @archlens.rule("mylib::op")' in lines
    assert len(lines[3:]) <= 10
    assert profile(graph).table().footer[-len(lines) :] == lines


@pytest.mark.parametrize("character", "\n\t")
def test_each_is_one_line(character: str) -> None:
    assert not any(character in line for line in unknown_operators(incomplete()))
