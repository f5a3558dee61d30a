"""What binds a network, and from which batch on: examples worked out by hand."""

import pytest

from archlens.devices.estimate import Estimate, Parts, binding, resolved


def estimate(*nodes: Parts, overlaps: bool = False, batch: int = 1, constant: float = 0.0) -> Estimate:
    return Estimate(
        device="some", batch=batch, nodes=nodes, overlaps=overlaps, constant=constant, factors=(0.5, 2.0),
        level=0.9, ridge=10.0, itemsize=4,
    )  # fmt: skip


def test_parts_add_up() -> None:
    found = estimate((1.0, 2.0, 3.0, 4.0), (10.0, 20.0, 30.0, 40.0), constant=5.0)
    assert found.seconds == 115
    assert found.interval == (57.5, 230)
    assert found.parts([1]) == (10, 20, 30, 40)
    assert found.parts(batch=3) == (33, 66, 33, 44)


def test_or_the_longest_counts() -> None:
    nodes = ((5.0, 2.0, 2.0, 1.0), (1.0, 2.0, 2.0, 3.0), (1.0, 1.0, 1.0, 7.0))
    found = estimate(*nodes, overlaps=True)
    assert found.parts() == (5, 2, 2, 7)
    assert found.seconds == 16


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((3.0, 1.0, 1.0, 1.0), (3, 0, 0, 0)),
        ((3.0, 2.0, 2.0, 1.0), (0, 2, 2, 0)),
        ((3.0, 2.0, 2.0, 4.0), (0, 0, 0, 4)),
        ((0.0, 0.0, 0.0, 0.0), (0, 0, 0, 0)),
    ],
)
def test_a_node_takes_as_long_as_its_longest_part(parts: Parts, expected: Parts) -> None:
    assert resolved(parts) == expected


def test_what_binds() -> None:
    assert binding((3.0, 1.0, 1.0, 2.0)) == "arithmetic"
    assert binding((1.0, 3.0, 1.0, 2.0)) == "memory"
    assert binding((1.0, 1.0, 3.0, 2.0)) == "weights"
    assert binding((1.0, 1.0, 1.0, 2.0)) == "launches"
    assert binding((0.0, 0.0, 0.0, 0.0)) == ""


def test_the_batch_from_which_launches_do_not_bind() -> None:
    """Launches take 70 and arithmetic 2 an image: at 35 images they are level, which is the smallest."""
    assert estimate((2.0, 1.0, 0.0, 70.0)).batch_beyond_launches == 35
    assert estimate((8.0, 4.0, 0.0, 70.0), batch=4).batch_beyond_launches == 35
    assert estimate((2.0, 1.0, 0.0, 1.0)).batch_beyond_launches == 1
    assert estimate((0.0, 0.0, 0.0, 70.0)).batch_beyond_launches is None


def test_what_is_spent_once_a_batch_counts_as_launches() -> None:
    """Launches take 10 and 60 more come once: at 35 images arithmetic, 2 each, is level with them."""
    found = estimate((2.0, 1.0, 0.0, 10.0), constant=60.0)
    assert (found.bound_by(), found.bound_by(36)) == ("launches", "arithmetic")
    assert found.batch_beyond_launches == 35
