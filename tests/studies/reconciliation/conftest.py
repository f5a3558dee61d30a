"""Counters, in this process: those that are installed."""

from collections.abc import Callable
from warnings import catch_warnings

import pytest
from torch import Tensor, nn

from archlens.studies.reconciliation.counters import COUNTERS
from archlens.studies.reconciliation.processes import installed

Said = Callable[[str, nn.Module, Tensor], int]


@pytest.fixture
def said() -> Said:
    """What a counter says of a module; the test is skipped where the counter is not installed."""

    def count(counter: str, module: nn.Module, x: Tensor) -> int:
        if counter not in installed():
            pytest.skip(f"{counter} is not installed")
        with catch_warnings(action="ignore"):
            return COUNTERS[counter](module, (x,), {})

    return count
