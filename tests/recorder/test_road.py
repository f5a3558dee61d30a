"""The road of a module to its graph, as CONTRIBUTING.md draws it, beside the files that run."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
import torch

import archlens
from archlens.graph import Graph
from archlens.models.loading import load_graph
from tests.recorder.networks import Thrice

ROOT = Path(__file__).parent.parent.parent
PACKAGE = Path(archlens.__file__).parent
REFERENCES = {"reference", "source", "module"}
"""What only a name needs."""
WITHOUT_ORDER = {"tape", "graph"}
"""The tape is there from the start, and names are drawn as modules are entered."""


def steps() -> dict[str, str]:
    """The first file of each step, as it lies in the package."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = text.partition("### The road of a module to its graph")[2].partition("\n## ")[0]
    found = re.findall(r"^\| (\w+) \| `([\w/]+\.py)`", drawn, re.MULTILINE)
    return {step: file if "/" in file else f"recorder/{file}" for step, file in found}


def run_through(work: Callable[[], Graph]) -> list[str]:
    """The files of the package whose functions were called, in the order in which each was first."""
    found: dict[str, None] = {}

    def called(frame: FrameType, event: str, argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and frame.f_code.co_name != "<module>" and path.is_relative_to(PACKAGE):
            found.setdefault(path.relative_to(PACKAGE).as_posix())

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return list(found)


@pytest.mark.parametrize("named", [False, True], ids=["a module", "a name"])
def test_steps_run_in_the_order_that_is_drawn(named: bool) -> None:
    module, x = Thrice(), torch.zeros(1, 4, 8, 8)

    def work() -> Graph:
        if named:
            return load_graph("tests.recorder.networks:Thrice", {}, "4x8x8")
        return archlens.record(module, x)

    ran = run_through(work)
    drawn = {step: file for step, file in steps().items() if named or step not in REFERENCES}
    assert len(drawn) >= 8
    assert set(drawn.values()) <= set(ran)
    ordered = [file for step, file in drawn.items() if step not in WITHOUT_ORDER]
    assert ordered == sorted(ordered, key=ran.index)
