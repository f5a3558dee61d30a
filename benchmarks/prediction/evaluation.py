"""One table of times, predicted in four ways for families of networks that were left out."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import NamedTuple

from archlens.devices.evidence import widening
from archlens.devices.fit import (
    Left,
    Timed,
    choices,
    choose,
    folds,
    interval,
    left_out,
    predicted,
)
from archlens.devices.solve import Options
from archlens.devices.terms import VIEWS
from benchmarks.prediction.counted import Counted, Key

__all__ = ["MODELS", "coverage", "evaluate", "floor"]

MODELS = ("line in multiply-adds", "multiply-adds + activations", "five terms", "ours")
FIXED = (Options("eager", 0.0),)
FIVE = tuple(Options(view, 0.0) for view in VIEWS)
SPLITS = 8


class Simple(NamedTuple):
    """What stands for the terms in the models that archlens is compared with."""

    multiply_adds: float
    activations: float = 0.0

    def amounts(self) -> dict[str, dict[str, float]]:
        """As terms, so that the same fit serves all."""
        terms = {"arithmetic.dense": self.multiply_adds, "constant": 1.0}
        if self.activations:
            terms["memory.dense"] = self.activations
        return {"eager": terms}


def evaluate(rows: Sequence[tuple[Key, Timed]], counts: Mapping[Key, Counted]) -> dict[str, list[Left]]:
    """Every network of the table, predicted when its family was left out, by each of MODELS but the last."""
    timed = [row for _, row in rows]
    line = [simple(row, Simple(row.batch * counts[key].multiply_adds)) for key, row in rows]
    both = [
        simple(row, Simple(row.batch * counts[key].multiply_adds, row.batch * counts[key].activations))
        for key, row in rows
    ]
    return {
        MODELS[0]: left_out(line, FIXED),
        MODELS[1]: left_out(both, FIXED),
        MODELS[2]: left_out(timed, FIVE),
    }


def simple(row: Timed, terms: Simple) -> Timed:
    """The same row with other terms."""
    return replace(row, amounts=terms.amounts())


def coverage(rows: Sequence[Timed]) -> tuple[float, float]:
    """How much of what was measured lies in 90 % intervals, over random splits of the families in halves.

    The interval comes from families left out of one half; it is tested on the other half, widened where a
    network is outside of what was seen, as it is for a user. Gives the share of networks and the mean of the
    families' shares.
    """
    networks: list[bool] = []
    families: dict[tuple[int, str], list[bool]] = {}
    for seed in range(SPLITS):
        names = sorted({row.family for row in rows})
        random.Random(seed).shuffle(names)
        known = [row for row in rows if row.family in set(names[: len(names) // 2])]
        chosen = choose(known, choices(known), {})
        inner = [each for fold in folds(known, 6, seed) for each in predicted(known, fold, chosen, {})]
        low, high = interval(inner)
        wider = widening(inner)
        for each in predicted(rows, frozenset(names[len(names) // 2 :]), chosen, {}):
            power = wider if each.outside else 1.0
            inside = low**power <= each.row.seconds / each.predicted <= high**power
            networks.append(inside)
            families.setdefault((seed, each.row.family), []).append(inside)
    by_family = [sum(each) / len(each) for each in families.values()]
    return sum(networks) / len(networks), sum(by_family) / len(by_family)


def floor(
    one: Sequence[tuple[Key, Timed]], other: Sequence[tuple[Key, Timed]]
) -> tuple[list[float], list[float]]:
    """What one table predicts for the other after one scale factor: times of networks that both have."""
    seconds = {key: row.seconds / row.batch for key, row in one}
    pairs = [(seconds[key], row.seconds / row.batch) for key, row in other if key in seconds]
    factor = median(b / a for a, b in pairs)
    return [a * factor for a, _ in pairs], [b for _, b in pairs]
