"""What a section is made of while it grows."""

import pytest

from archlens.cost import Cost
from archlens.ops import ReLU
from archlens.spec.naming import RefusalError
from archlens.spec.section import Applied, Placed, Section
from archlens.spec.wiring import Wiring, pieces

FED = (1, 6, 4, 4)


def section(count: int) -> Section:
    """Of so many operators that halve the map, whatever they are."""
    return Section((), 0, FED, (1, 6, 2, 2) if count else FED, count, 0, 0, 0, frozenset())


def test_a_place_stands_for_what_comes_out_there() -> None:
    wiring = Wiring(FED)
    relu = Applied(ReLU(), (FED,), FED, Cost())
    assert wiring.add(relu, (0,), 0) == 1
    assert wiring.place(Placed(section(3), 1, "unit", None, 0)) == 2
    assert wiring.shapes == [FED, FED, (1, 6, 2, 2)]


def test_a_section_without_operators_is_what_feeds_it() -> None:
    wiring = Wiring(FED)
    assert wiring.place(Placed(section(0), 0, "unit", None, 0)) == 0
    assert not wiring.entries


def test_pieces() -> None:
    shape = (1, 6, 4, 4)
    assert [list(part.values()) for part in pieces(2, 2, shape, "")[1]] == [[2, 0], [2, 1]]
    assert [list(part.values()) for part in pieces((1, 2, 3), 3, shape, "")[1]] == [[0, 1], [1, 3], [3, 6]]
    for bad in (3, 2.0, True, (1, 5, 0), (2, 2), (7, -1), ("a", 1), None):
        with pytest.raises(RefusalError):
            pieces(bad, 2, shape, "(split)")
