"""The operators of the spec language as a table."""

import pytest

from archlens.errors import UsageError
from archlens.ops import OPERATORS
from archlens.report.operators import operators_as_list, operators_table
from archlens.spec.vocabulary import CALLABLE, JOINS


def test_every_operator_that_a_spec_can_name_is_listed() -> None:
    names = {entry["operator"] for entry in operators_as_list()}
    assert names == {*CALLABLE, *JOINS}
    assert {row[0] for row in operators_table().rows} == names


def test_each_says_what_it_does() -> None:
    for entry in operators_as_list():
        assert entry["about"].strip(), entry["operator"]
        assert entry["about"].isprintable(), entry["operator"]


def test_what_is_required_must_be_given() -> None:
    """An operator can be made of its required attributes alone, and not without one of them."""
    for entry in operators_as_list():
        required = [attribute for attribute in entry["attributes"] if attribute["required"]]
        for left_out in required:
            given = {attribute["attribute"]: 1 for attribute in required if attribute is not left_out}
            with pytest.raises(TypeError):
                OPERATORS[entry["operator"]](**given)


def test_one_in_full() -> None:
    table = operators_table("conv")
    assert table.title.startswith("conv: ")
    assert ("out", "required", "an integer") in table.rows
    assert ("kernel", "1", "an integer or a list of integers") in table.rows
    assert ("bias", "false", "true or false") in table.rows


def test_several_by_their_attributes() -> None:
    rows = {row[0]: row[1] for row in operators_table("*conv").rows}
    assert rows["conv"] == "out, kernel=1, stride=1, padding=same, dilation=1, groups=1, bias=false"


def test_a_pattern_that_nothing_fits() -> None:
    with pytest.raises(UsageError, match=r"^no operator matches relo; did you mean relu\?$"):
        operators_table("relo")
