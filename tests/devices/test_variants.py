"""Times of sections, beside those of whole graphs."""

import pytest

from archlens.analyses.segments import Segments
from archlens.devices import estimate, find
from archlens.devices.variants import Timer
from archlens.spec.catalog import Reference, specs
from archlens.spec.lower import lower, outline

DEVICES = ("rtx4090", "rtx2080-half-openbayes", "gtx1080ti-openbayes", "macbook-pro-m1-ncnn-1-thread", "a100")
"""Every view, and a data sheet."""


@pytest.mark.parametrize("device", DEVICES)
def test_every_family_takes_what_its_graph_does(device: str) -> None:
    known = find(device)
    segments, timer = Segments(), Timer(known, batch=2)
    told = 0
    for spec in specs(until="claims"):
        variant = next(iter(spec.variants))
        settings = Reference(spec, variant).settings({})
        section = outline(spec, settings, batch=2)
        whole = estimate(lower(spec, variant, settings, batch=2), known)
        if whole.refused or section.end != len(section.entries):
            continue
        told += 1
        assert timer.seconds(section, segments) == pytest.approx(whole.seconds, rel=1e-12), variant
    assert told > 20
