"""The spaces that come as examples: each is sound, and its first variants fit."""

from pathlib import Path

import pytest

from archlens.spaces.launch import plan, started
from archlens.spaces.request import is_space_file, read_request
from archlens.version import __version__
from tests.cli.conftest import ROOT

EXAMPLES = [
    *sorted((ROOT / "examples").glob("*space*.yaml")),
    ROOT / "examples" / "efficientnet_scaling.yaml",
]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example(path: Path) -> None:
    assert is_space_file(str(path))
    found = plan(read_request(path), version=__version__, sample=5, seed=1)
    with started(found, None, workers=1) as sweep:
        assert sweep.store.counts() == (1, 5, 5)
        assert sweep.objectives
