"""Parts of axes, put together by hand."""

from archlens.analyses.part import BATCH, INDEX, Part, merged, raw, replaced


def test_parts_that_count_on_are_one() -> None:
    """Windows of 4 among 3, side by side again: 12 places."""
    assert merged([Part(3, 2, 4), Part(4, 2, 1)]) == (Part(12, 2, 1),)
    assert merged([Part(4, 2, 1), Part(3, 2, 4)]) == (Part(4, 2, 1), Part(3, 2, 4))
    assert merged([Part(2, INDEX), Part(5, INDEX), Part(3, 2)]) == (Part(10, INDEX), Part(3, 2))


def test_an_input_and_one_of_its_axes_replaced() -> None:
    axes = raw((2, 3, 8))
    assert axes == ((Part(2, BATCH),), (Part(3, 1),), (Part(8, 2),))
    assert replaced(axes, 1, ())[1] == ()
