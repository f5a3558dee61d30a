"""The share of a variance that each setting explains, beside closed forms."""

import random
from itertools import product

import pytest

from archlens.spaces.importance import importance


def test_of_a_sum_each_part_has_its_share_of_the_variance() -> None:
    """y = 3a + b, both uniform over 0 … 9: Var(3a) / Var(b) = 9, so the shares are 0.9 and 0.1."""
    rows = [((a, b), 3.0 * a + b) for a, b in product(range(10), range(10))]
    found = importance(rows, ["a", "b"], whole=True)
    assert found.shares == {"a": pytest.approx(0.9), "b": pytest.approx(0.1)}
    assert found.together == pytest.approx(0.0, abs=1e-9)
    assert found.variants == 100


def test_of_a_product_a_part_belongs_to_no_setting() -> None:
    """y = a·b, uniform over 1 … 3, m = 2 and v = 2/3: Var(y) = (v + m²)² − m⁴ = 2vm² + v², each has v·m².

    By Sobol' (1993): S_a = S_b = vm² / (2vm² + v²) = 4 / (8 + 2/3) = 6/13, and 1/13 is of both together.
    """
    rows = [((a, b), float(a * b)) for a, b in product((1, 2, 3), (1, 2, 3))]
    found = importance(rows, ["a", "b"], whole=True)
    assert found.shares == {"a": pytest.approx(6 / 13), "b": pytest.approx(6 / 13)}
    assert found.together == pytest.approx(1 / 13)


def test_of_an_exclusive_or_no_setting_explains_anything() -> None:
    found = importance([((a, b), float(a ^ b)) for a, b in product((0, 1), (0, 1))], ["a", "b"], whole=True)
    assert found.shares == {"a": 0.0, "b": 0.0}
    assert found.together == 1.0


def test_in_a_sample_chance_explains_nothing() -> None:
    """Noise over 50 groups of 10: η² would be near 49/499 ≈ 0.1, and ε² is 0 on average."""
    shares, plain = [], []
    for seed in range(30):
        draw = random.Random(seed)
        rows = [((i % 50,), draw.gauss(0, 1)) for i in range(500)]
        plain.append(importance(rows, ["noise"], whole=True).shares["noise"])
        shares.append(importance(rows, ["noise"], whole=False).shares["noise"])
    assert sum(plain) / 30 == pytest.approx(49 / 499, abs=0.015)
    assert sum(shares) / 30 < 0.02


def test_a_sample_estimates_the_shares_of_the_whole() -> None:
    draw = random.Random(0)
    rows = []
    for _ in range(4000):
        a, b = draw.randrange(10), draw.randrange(10)
        rows.append(((a, b), 3.0 * a + b))
    found = importance(rows, ["a", "b"], whole=False)
    assert found.shares == {"a": pytest.approx(0.9, abs=0.02), "b": pytest.approx(0.1, abs=0.02)}


def test_what_is_always_the_same_has_no_variance() -> None:
    assert importance([((0,), 5.0), ((1,), 5.0)], ["a"], whole=True).shares == {"a": 0.0}
    assert importance([], ["a"], whole=True).shares == {"a": 0.0}
