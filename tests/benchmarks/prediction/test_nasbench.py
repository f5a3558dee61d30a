"""Networks of NAS-Bench-201, against what its paper and its code say of them."""

import pytest

from archlens.analyses import totals
from archlens.graph import verify
from benchmarks.prediction.nasbench import cell_network

DENSE = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|"
SKIPS = "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|"


@pytest.mark.parametrize("cell", [DENSE, SKIPS])
def test_the_graph_keeps_its_own_rules(cell: str) -> None:
    verify(cell_network(cell))


def test_parameters_of_a_cell_of_3x3_convolutions() -> None:
    """Six edges of 9·c² and 2·c for their normalisation, five cells at 16, 32, 64 channels, and the rest."""
    cells = sum(5 * 6 * (9 * c * c + 2 * c) for c in (16, 32, 64))
    residuals = sum(9 * c * 2 * c + 9 * 4 * c * c + 2 * 4 * c + 2 * c * c for c in (16, 32))
    rest = 3 * 16 * 9 + 2 * 16 + 2 * 64 + 64 * 10 + 10
    assert totals(cell_network(DENSE)).params == cells + residuals + rest


def test_skips_compute_nothing_but_sums() -> None:
    """What is left: the stem, two blocks between stages, and the classifier."""
    work = 32 * 32 * 27 * 16 + 640
    for c, side in ((16, 16), (32, 8)):
        work += side * side * (9 * c * 2 * c + 9 * 4 * c * c + 2 * c * c)
    assert totals(cell_network(SKIPS)).multiply_adds == work
