"""Times and amounts of work → the seconds that each unit of each term takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archlens.devices.terms import cause

__all__ = ["Options", "Solution", "solve"]

Array = NDArray[np.float64]

FREEDOM = 4.0
"""Degrees of freedom of the errors' t distribution: outliers pull less than in a normal one."""
STEPS = 80
ENOUGH = 0.01
"""The fit ends where a step gains less log probability than this."""
LEAST = {"unaligned": 100, "unaligned_memory": 100, "pooled": 25}
"""How many networks can tell a term apart from the others; 1 unless given."""
SMALLEST = 1e-9
"""A term below this share of every network's time stays where it is."""
ANYWHERE = 6.0
"""How far, in natural logarithms, a common rate may lie from the first guess."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is chosen before a fit.

    view   the graph that the terms are counted in
    apart  how far, in natural logarithms, the rate of a kind may lie from the rate that kinds share: the
           standard deviation of its prior; 0 for five terms
    """

    view: str
    apart: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Seconds for each unit, by term."""

    coefficients: Mapping[str, float]

    def seconds(self, rows: Sequence[Mapping[str, float]]) -> Array:
        """What networks take, from their amounts by term."""
        return np.array([
            sum(self.coefficients.get(term, 0.0) * amount for term, amount in row.items()) for row in rows
        ])  # fmt: skip


def solve(
    rows: Sequence[Mapping[str, float]],
    seconds: Sequence[float],
    apart: float,
    relative: Mapping[str, float] | None = None,
) -> Solution:
    """The most probable coefficients.

    rows      amounts by term, a network each
    apart     see Options
    relative  natural logarithms of how a kind's rate is expected to differ from the common one, by term

    log measured = log Σ coefficient·amount + error, t-distributed errors whose scale is estimated
    log coefficient = log common rate of its cause + relative + deviation,  deviation ~ N(0, apart²)

    All coefficients are positive by this. The maximum is found by Gauss-Newton steps, with weights that
    follow from the t distribution, and shortened where they do not help.
    """
    terms = sorted(
        {
            term
            for row in rows
            for term, amount in row.items()
            if amount > 0 and len(rows) >= LEAST.get(term, 1)
        }
    )
    amounts = np.array([[row.get(term, 0.0) for term in terms] for row in rows])
    measured = np.log(np.asarray(seconds, dtype=float))
    groups = sorted({group(term) for term in terms})
    common = np.array([[float(group(term) == each) for each in groups] for term in terms])
    expected = np.array([(relative or {}).get(term, 0.0) for term in terms])
    start = first_guess(amounts, np.exp(measured), common)
    deviating = [i for i, term in enumerate(terms) if apart > 0 and "." in term]
    design = np.hstack([common, np.eye(len(terms))[:, deviating]])
    precision = np.array([ANYWHERE**-2] * len(groups) + [apart**-2 if apart else 0.0] * len(deviating))
    origin = np.concatenate([start, np.zeros(len(deviating))])
    found = maximum(amounts, measured, design, expected, origin, precision)
    return Solution(dict(zip(terms, np.exp(design @ found + expected).tolist(), strict=True)))


def group(term: str) -> str:
    """What a term shares its rate with: its cause, but the constant is alone."""
    return cause(term) if "." in term else term


def first_guess(amounts: Array, seconds: Array, common: Array) -> Array:
    """Logarithms of common rates with which each cause takes an equal part of the median network's time."""
    total = amounts @ common
    share = np.where(total > 0, total / seconds[:, None], np.nan)
    return -np.log(np.nanmedian(share, axis=0) * common.shape[1])  # type: ignore[no-any-return]


def maximum(
    amounts: Array, measured: Array, design: Array, expected: Array, origin: Array, precision: Array
) -> Array:
    """Parameters at the maximum of the posterior."""
    here = origin.copy()
    damping = 1e-3
    scale = 0.3

    def at(parameters: Array) -> tuple[Array, Array]:
        rates = np.exp(np.clip(design @ parameters + expected, -60, 5))
        parts = amounts * rates
        total = parts.sum(axis=1)
        return np.log(total) - measured, parts / total[:, None]

    def loss(errors: Array, parameters: Array) -> float:
        spread = (FREEDOM + 1) / 2 * np.log1p((errors / scale) ** 2 / FREEDOM).sum()
        return float(spread + 0.5 * (precision * (parameters - origin) ** 2).sum())

    errors, shares = at(here)
    for step in range(STEPS):
        scale = max(scale_of(errors), 0.01)
        now = loss(errors, here)
        weights = (FREEDOM + 1) / (FREEDOM + (errors / scale) ** 2) / scale**2
        slope = shares @ design
        curvature = slope.T @ (weights[:, None] * slope) + np.diag(precision)
        gradient = slope.T @ (weights * errors) + precision * (here - origin)
        while damping < 1e8:
            moved = here - np.linalg.solve(curvature + damping * np.diag(np.diag(curvature) + 1e-6), gradient)
            moved_errors, moved_shares = at(moved)
            if (gained := now - loss(moved_errors, moved)) >= 0:
                break
            damping *= 4
        else:
            break
        here, errors, shares = moved, moved_errors, moved_shares
        damping = max(damping / 8, 1e-6)
        if step > 5 and gained < ENOUGH:
            break
    return here


def scale_of(errors: Array) -> float:
    """The scale of t-distributed errors, from the median of their sizes."""
    return float(np.median(np.abs(errors))) / 0.741
