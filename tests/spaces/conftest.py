"""Small sweeps that many tests ask for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archlens.spaces.launch import Plan, plan, started
from archlens.spaces.request import Request
from archlens.spaces.result import SweepResult

Swept = Callable[..., SweepResult]

SMALL = {"input": "1x28x28..1x40x40/2", "classes": "2..5"}
"""7 · 4 variants of LeNet-5, of which 5 · 4 fit: 28 and 30 pixels are too few for its layers."""


def small_plan(
    *,
    size: int = 4,
    version: str = "1.0",
    sample: int | None = None,
    seed: int = 0,
    guided: int | None = None,
    **given: Any,
) -> Plan:
    """A plan in chunks of a few variants."""
    chosen = {"model": "lenet5", "over": SMALL, "minimise": ("params", "memory_access"), **given}
    found = plan(Request(**chosen), version=version, sample=sample, guided=guided, seed=seed)
    return replace(found, job=replace(found.job, size=size))


@pytest.fixture
def swept(request: pytest.FixtureRequest) -> Swept:
    """Evaluate such a plan, into a file or in memory."""

    def evaluated(
        path: Path | None = None, *, workers: int | None = 1, restart: bool = False, **given: Any
    ) -> SweepResult:
        found = started(small_plan(**given), path, workers=workers, restart=restart)
        request.addfinalizer(found.close)
        return found

    return evaluated
