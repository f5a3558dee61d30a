"""Two networks compared by their latency, many times: how often a winner is named, rightly or not."""

from archlens.graph import Graph
from archlens.latency.network.conditions import Conditions
from archlens.latency.sampling.turns import contest
from archlens.latency.statistics.ratio import Ratio
from archlens.spec import load
from benchmarks.row import Row
from benchmarks.samples import Samples

__all__ = ["paired"]

REPETITIONS = 20
FEW = 5
ENOUGH_ROUNDS = 5
SECONDS = 2.0
ALIKE = ("lenet5", "squeezenet1_1")
ONE_BLOCK_MORE = {"resnet18": (2, 2, 3, 2), "shufflenet_v2_x1_0": (4, 9, 4)}


def paired(rounds: int) -> list[Row]:
    """Networks beside themselves, where no winner is right, and beside themselves with one block more."""
    repetitions = REPETITIONS if rounds >= ENOUGH_ROUNDS else FEW
    rows = []
    for name in ALIKE:
        found = compared(load(name), load(name), repetitions)
        winners = sum(each.verdict != "no difference shown" for each in found)
        met = "met" if winners <= 1 else "not met"
        rows.append(row(f"{name} beside itself", found, f"names a winner {winners} times; ≤ 1: {met}"))
    for name, depths in ONE_BLOCK_MORE.items():
        found = compared(load(name), load(name, depths=depths), repetitions)
        slower = sum(each.verdict == "slower" for each in found)
        faster = sum(each.verdict == "faster" for each in found)
        note = f"called slower {slower} times, faster {faster} times"
        rows.append(row(f"{name} and a block more", found, note))
    return rows


def compared(first: Graph, second: Graph, repetitions: int) -> list[Ratio]:
    """What the comparison says each time, with other weights, data and orders."""
    return [
        contest([first, second], Conditions(threads=1, seed=seed), min_time=SECONDS).ratios[0]
        for seed in range(repetitions)
    ]


def row(contestant: str, found: list[Ratio], note: str) -> Row:
    """The ratios of all repetitions; a subject of its own, since there is nothing to divide it by."""
    ratios = Samples(tuple(each.ratio for each in found))
    return Row(f"latency: {contestant}", f"{len(found)} comparisons", ratios, "×", note=note)
