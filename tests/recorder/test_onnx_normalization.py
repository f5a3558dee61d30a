"""Normalisations of ONNX, with costs worked out by hand."""

from operator import itemgetter
from pathlib import Path

import pytest

from archlens.cost import Cost
from tests.recorder.onnx_files import EACH, Case, check_cost, node

# x is 1×2×3×4: 24 elements
CASES: list[Case] = [
    # the running mean and variance are read and are no parameters
    (
        "batch norm",
        [node("BatchNormalization", "x w b m v")],
        dict.fromkeys("wbmv", (2,)),
        {},
        Cost(params=4, elementwise=24, reads=24 + 8, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "layer norm",
        [node("LayerNormalization", "x w b", axis=-2)],
        dict.fromkeys("wb", (3, 4)),
        {},
        Cost(params=24, elementwise=24, reads=48, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "layer norm without shift",
        [node("LayerNormalization", "x w", axis=-1)],
        {"w": (4,)},
        {},
        Cost(params=4, elementwise=24, reads=28, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "instance norm",
        [node("InstanceNormalization", "x w b")],
        dict.fromkeys("wb", (2,)),
        {},
        Cost(params=4, elementwise=24, reads=28, writes=24),
        (1, 2, 3, 4),
    ),
    ("local response norm", [node("LRN", "x", size=3)], {}, {}, EACH, (1, 2, 3, 4)),
    ("unit norm", [node("LpNormalization", "x", axis=1)], {}, {}, EACH, (1, 2, 3, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=itemgetter(0))
def test_cost(case: Case, tmp_path: Path) -> None:
    check_cost(case, tmp_path)
