"""Counts of sections beside those of whole graphs, and one worked out by hand."""

from dataclasses import asdict

import pytest

from archlens.analyses import analyse
from archlens.analyses.segments import Segments
from archlens.analyses.series import measures
from archlens.spec.catalog import Reference, specs
from archlens.spec.lower import lower, outline
from tests.spec.written import parsed

ONLY_WHOLE = ("receptive_field", "layer", "peak_in_place", "training", "training_in_place")


def test_every_family_counts_as_its_graph_does() -> None:
    segments = Segments()
    for spec in specs(until="claims"):
        variant = next(iter(spec.variants))
        settings = Reference(spec, variant).settings({})
        section = outline(spec, settings)
        if section.end != len(section.entries):
            continue
        found = asdict(measures(section, segments))
        whole = asdict(analyse(lower(spec, variant, settings)).whole)
        for name in ONLY_WHOLE:
            del found[name], whole[name]
        assert found == whole, variant


BLOCKS = """
input: [4, 8, 8]
blocks:
  unit: {do: [{add: [identity, [{conv: {out: 4, kernel: 3}}, relu]]}]}
network: [{each: {i: 3}, do: [unit]}, {linear: {out: 2}}]
"""


def test_by_hand() -> None:
    """Three residual units of a 3×3 convolution of 4 channels of 8×8, and a linear layer over 8 columns."""
    section = outline(parsed(BLOCKS), {"input": (4, 8, 8)})
    found = measures(section, Segments())
    assert found.cost.params == 3 * 9 * 4 * 4 + 8 * 2 + 2
    assert found.layers == 4
    assert found.fragmentation.parallel_width == 1
    assert found.fragmentation.serial_depth == 3
    assert found.fragmentation.kernels == 3 * 3 + 1
    assert found.fused_kernels == 3 * 2 + 1
    assert found.peak_activations == 3 * 4 * 8 * 8  # the unit's input, the convolution and its activation


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_not_asked_for_is_not_told(asked: bool) -> None:
    section = outline(parsed(BLOCKS), {"input": (4, 8, 8)})
    found = measures(section, Segments(), folded=asked, stored=asked)
    assert (found.fused_kernels > 0, found.peak_activations > 0) == (asked, asked)
