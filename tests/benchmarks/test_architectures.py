"""What a row of the table says of a network."""

from benchmarks.architectures import row
from tests.wiring import incomplete, three_nodes


def test_a_complete_network() -> None:
    assert row(three_nodes(), 54) == ("complete", "54", "✓", "864")


def test_parameters_that_no_operator_reads_show() -> None:
    assert row(three_nodes(), 1054) == ("complete", "54", "1,054", "864")


def test_an_operator_without_a_rule_is_named() -> None:
    assert row(incomplete(), 54) == ("without a rule: odd", "54", "✓", "≥ 864")
