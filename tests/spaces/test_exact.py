"""Every metric of variants at random, told of sections that they share, beside what their whole graphs tell.

ARCHLENS_VARIANTS=2000 draws so many instead of the few that fit into a test run.
"""

import os
import random

from archlens.errors import ArchlensError
from archlens.report.metric_name import LATENCY
from archlens.spaces.evaluate import WHOLE, Evaluator, metrics_of_variants
from archlens.spec.catalog import as_value, specs
from archlens.spec.items import Spec
from tests.spaces.drawn import drawn_input, drawn_settings

MANY = int(os.environ.get("ARCHLENS_VARIANTS", "200"))
FAMILIES = 20
DEVICES = ("rtx4090", "rtx2080-half-openbayes", "pixel1", "i7-12700h", "a100")
"""One that runs every operator by itself, one that folds, two that fuse, and a data sheet."""
METRICS = tuple(name for name in metrics_of_variants() if name not in WHOLE)


def test_variants_cost_what_their_graphs_do() -> None:
    draw = random.Random(17)
    families = draw.sample([*specs(until="claims")], FAMILIES)
    told = sum(exact(spec, MANY // FAMILIES, draw) for spec in families)
    assert told > MANY / 2


def exact(spec: Spec, many: int, draw: random.Random) -> int:
    """Compare so many variants of a family; how many of them fit."""
    evaluators: dict[tuple[str, str], Evaluator] = {}
    told = 0
    for _ in range(many):
        variant, device = draw.choice([*spec.variants]), draw.choice(DEVICES)
        settings, shape = drawn_settings(spec, variant, draw), drawn_input(spec, variant, draw)
        if (variant, device) not in evaluators:
            evaluators[variant, device] = Evaluator(variant, METRICS, device)
        evaluate = evaluators[variant, device]
        overrides = {name: as_value(value) for name, value in settings.items()}
        found: dict[str, object] | str
        expected: dict[str, object] | str
        try:
            found = evaluate(settings, shape)
        except ArchlensError as error:
            found = str(error)
        try:
            overrides |= {"input": shape} if shape else {}
            expected = evaluate.of_graph(evaluate.reference.lower(overrides))
        except ArchlensError as error:
            expected = str(error)
        if isinstance(found, dict) and isinstance(expected, dict):
            told += 1
            seconds, whole = found.pop(LATENCY), expected.pop(LATENCY)
            assert isinstance(seconds, float)
            assert isinstance(whole, float)
            assert abs(seconds - whole) <= 1e-12 * whole, (variant, settings, shape, device)
        assert found == expected, (variant, settings, shape, device)
    return told
