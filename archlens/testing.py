"""What a test of a network may cost: an assertion for pytest, or any other runner.

from archlens.testing import assert_cost

def test_small_enough():
    assert_cost(Net(), torch.zeros(1, 3, 224, 224), max={"params": "2.5M", "multiply_adds": "150M"})
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlens.budgets.check import judged
from archlens.budgets.config import Budget
from archlens.budgets.finding import Level, measured
from archlens.graph import Graph
from archlens.models.place import Place
from archlens.report.figure import limits_named

if TYPE_CHECKING:
    import torch

__all__ = ["assert_cost"]


def assert_cost(
    network: "Graph | torch.nn.Module",
    /,
    *inputs: Any,
    max: Mapping[str, str | int | float],
    guidelines: Mapping[str, float] | None = None,
    dtype: str = "float32",
    device: str | None = None,
    complete: bool = True,
) -> None:
    """Raise an AssertionError that names every figure of a network above its limit.

    network     a graph, such as `archlens.load` gives, or a `torch.nn.Module` with its inputs
    max         the most that each figure may be: {"params": "2.5M", "sram": "320 kB", "latency": "20 ms"}
    guidelines  the highest score of a guideline of ShuffleNet V2: {"g2": 1.1}
    dtype       what turns elements into bytes
    device      whose time `latency` is: `archlens devices` lists them
    complete    whether an operator that cannot be counted is a failure, too

    A predicted time fails where the whole interval of the prediction is above its limit.

    >>> import archlens
    >>> assert_cost(archlens.load("shufflenet_v2"), max={"params": "2.5M", "multiply_adds": "150M"})
    >>> assert_cost(archlens.load("resnet50"), max={"params": "2.5M"})
    Traceback (most recent call last):
        ...
    AssertionError: resnet50: params is 25.56M, above the 2.5M allowed

    Raises a UsageError for a figure or a limit that makes no sense.
    """
    __tracebackhide__ = True
    if isinstance(network, Graph):
        graph = network
    else:
        from archlens import record

        graph = record(network, *inputs)
    limits = limits_named(max, "max", "{}[{!r}]")
    budget = Budget(
        graph.model, graph.model, 0, dtype=dtype, device=device, limits=limits,
        guidelines=guidelines or {}, complete=complete,
    )  # fmt: skip
    findings = judged(budget, measured(budget, graph), None, Place(str(Path()), 0))
    if broken := [finding.message for finding in findings if finding.level is Level.error]:
        raise AssertionError("\n".join(f"{graph.model}: {message}" for message in broken))
