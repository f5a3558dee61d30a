"""How a forward is run: as it was written, its threads watched, and nothing imported that need not be."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn

import archlens
from tests.recorder.recordings import costs


def test_dynamo_stays_away() -> None:
    code = (
        "import sys, torch, archlens\n"
        "module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU6())\n"
        "archlens.record(module, torch.ones(1, 3, 8, 8))\n"
        "assert 'torch._dynamo' not in sys.modules and 'sympy' not in sys.modules"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ended.returncode, ended.stderr) == (0, "")


BRANCHED = """
import torch, archlens
class Branched(torch.nn.Module):
    def forward(self, x):
        return torch.cond(x.shape[0] > torch.tensor(0), lambda y: y @ y, torch.clone, (x,))
graph = archlens.record(Branched(), torch.zeros(4, 4))
print([node.cost.multiply_adds for node in graph.nodes])
"""


def test_what_is_compiled_during_the_first_pass_of_a_process() -> None:
    """`torch.cond` imports what compiles, and runs as it was written in the second pass."""
    done = subprocess.run([sys.executable, "-c", BRANCHED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith(" 64]")


class InThreads(nn.Module):
    """Runs its layers in threads."""

    def __init__(self, *, asks: bool) -> None:
        super().__init__()
        self.layers, self.asks = nn.ModuleList(nn.Linear(4, 4) for _ in range(2)), asks

    def forward(self, x: Tensor) -> Tensor:
        if self.asks and x.sum().item() > 1e9:
            return x
        with ThreadPoolExecutor(2) as pool:
            a, b = pool.map(lambda layer: layer(x), self.layers)
        total: Tensor = a + b
        return total


@pytest.mark.filterwarnings("ignore:InThreads")
@pytest.mark.parametrize("asks", [False, True])
def test_threads_in_forward_are_counted(*, asks: bool) -> None:
    cost = costs(archlens.record(InThreads(asks=asks), torch.zeros(2, 4)))
    assert (cost.params, cost.multiply_adds) == (40, 2 * 2 * 16)
