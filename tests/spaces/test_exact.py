"""Every metric of variants at random, told of sections that they share, beside what their whole graphs tell.

Every family has so many variants drawn that fit; of those that do not, both ways have to say the same.
ARCHLENS_VARIANTS=2000 compares so many in all instead of the few that fit into a test run.
"""

import os
import random

import pytest

from archlens.errors import ArchlensError
from archlens.report.engine import OF_SECTIONS
from archlens.report.metric_name import LATENCY
from archlens.spaces.evaluate import Evaluator, metrics_of_variants
from archlens.spec.catalog import as_value, specs
from archlens.spec.items import Spec
from archlens.spec.read import Value
from tests.spaces.drawn import drawn_input, drawn_settings

SPECS = [*specs(until="claims")]
MANY = -(-int(os.environ.get("ARCHLENS_VARIANTS", "244")) // len(SPECS))
"""Variants of each family that have to fit, and to cost the same both ways."""
MOST_DRAWN = 20
"""Times as many may be drawn for it."""
DEVICES = ("rtx4090", "rtx2080-half-openbayes", "pixel1", "i7-12700h", "a100")
"""One that runs every operator by itself, one that folds, two that fuse, and a data sheet."""
METRICS = tuple(name for name in metrics_of_variants() if name in {*OF_SECTIONS, LATENCY})
STEPS = dict.fromkeys(("residual_attention", "residual_attention_cifar"), (-32, 32, 64))
"""By how much inputs differ, where not as elsewhere: on odd lengths the receptive fields of these networks,
which `profile` tells as well, are others at every place, and take a minute or more."""


def test_there_are_families_enough() -> None:
    assert len(SPECS) >= 20
    assert {*STEPS} < {spec.family for spec in SPECS}


@pytest.mark.parametrize("spec", SPECS, ids=[spec.family for spec in SPECS])
def test_variants_cost_what_their_graphs_do(spec: Spec) -> None:
    draw = random.Random(f"17 {spec.family}")
    evaluators: dict[tuple[str, str], Evaluator] = {}
    steps = [STEPS[spec.family]] if spec.family in STEPS else []
    compared = 0
    for _ in range(MOST_DRAWN * MANY):
        variant, device = draw.choice([*spec.variants]), draw.choice(DEVICES)
        settings, shape = drawn_settings(spec, variant, draw), drawn_input(spec, variant, draw, *steps)
        if (variant, device) not in evaluators:
            evaluators[variant, device] = Evaluator(variant, METRICS, device)
        compared += exact(evaluators[variant, device], settings, shape)
        if compared == MANY:
            break
    assert compared == MANY


def exact(evaluate: Evaluator, settings: dict[str, Value], shape: tuple[int, ...] | None) -> bool:
    """Compare a variant told of its sections and of its graph; whether it fits."""
    overrides = {name: as_value(value) for name, value in settings.items()}
    overrides |= {"input": shape} if shape else {}
    found: dict[str, object] | str
    expected: dict[str, object] | str
    try:
        found = evaluate(settings, shape)
    except ArchlensError as error:
        found = str(error)
    try:
        expected = evaluate.of_graph(evaluate.reference.lower(overrides))
    except ArchlensError as error:
        expected = str(error)
    about = (evaluate.model, settings, shape, evaluate.device)
    fits = isinstance(found, dict) and isinstance(expected, dict)
    if isinstance(found, dict) and isinstance(expected, dict):
        seconds, whole = found.pop(LATENCY), expected.pop(LATENCY)
        assert isinstance(seconds, float), about
        assert isinstance(whole, float), about
        assert abs(seconds - whole) <= 1e-12 * whole, about
    assert found == expected, about
    return fits
