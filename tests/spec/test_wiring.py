"""Nodes as they are added: rules are asked once for the same work."""

import pytest

from archlens.ops import Conv, Input, ReLU
from archlens.spec.naming import RefusalError
from archlens.spec.read import Value
from archlens.spec.wiring import MAX_NODES, Wiring, pieces


def wired() -> Wiring:
    wiring = Wiring()
    wiring.add("input", Input((1, 6, 4, 4)), ())
    return wiring


def test_equal_attributes_are_one_operator() -> None:
    wiring = wired()
    first = wiring.operator(Conv, {"out": 8, "kernel": (1, 1)}, "a")
    assert wiring.operator(Conv, {"out": 8, "kernel": (1, 1)}, "b") is first
    assert wiring.operator(Conv, {"out": 8, "kernel": (1, 3)}, "b") is not first


@pytest.mark.parametrize("kernel", [True, 1.0, (True, True), (1.0, 1.0)])
def test_what_is_equal_to_a_good_attribute_is_not_taken_for_it(kernel: Value) -> None:
    wiring = wired()
    for good in (1, (1, 1)):
        wiring.operator(Conv, {"out": 8, "kernel": good}, "a")
    with pytest.raises(RefusalError, match="is not an integer"):
        wiring.operator(Conv, {"out": 8, "kernel": kernel}, "b")


def test_a_refusal_names_the_node() -> None:
    wiring = wired()
    op = wiring.operator(Conv, {"out": 4, "groups": 4}, "conv1")
    with pytest.raises(RefusalError) as caught:
        wiring.add("conv1", op, (0,))
    assert caught.value.what == "conv1 (conv)"


def test_outputs_are_the_end_and_all_that_nothing_reads() -> None:
    wiring = wired()
    relu = wiring.operator(ReLU, {}, "")
    for name, feeding in (("a", 0), ("b", 1), ("c", 1)):
        wiring.add(name, relu, (feeding,))
    assert wiring.outputs(0, 2) == (2, 3)


def test_the_number_of_nodes_is_bounded() -> None:
    wiring = wired()
    relu = wiring.operator(ReLU, {}, "")
    for i in range(MAX_NODES - 1):
        wiring.add(f"r{i}", relu, (0,))
    with pytest.raises(RefusalError, match="more than 10000 operators"):
        wiring.add("last", relu, (0,))


def test_pieces() -> None:
    shape = (1, 6, 4, 4)
    assert [list(part.values()) for part in pieces(2, 2, shape, "")[1]] == [[2, 0], [2, 1]]
    assert [list(part.values()) for part in pieces((1, 2, 3), 3, shape, "")[1]] == [[0, 1], [1, 3], [3, 6]]
    for bad in (3, 2.0, True, (1, 5, 0), (2, 2), (7, -1), ("a", 1), None):
        with pytest.raises(RefusalError):
            pieces(bad, 2, shape, "(split)")
