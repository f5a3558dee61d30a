"""A histogram whose bars hold every variant once, panels with the dots asked for, and networks by name."""

from archlens.report.charts.distribution import BINS, Marked, distribution, edges
from archlens.report.charts.quantity import Quantity
from tests.report.charts.drawn import datasets, head, rows

ACCESS, TIME = Quantity("memory access"), Quantity("predicted latency", "seconds")
VARIANTS = [
    Marked(name=f"v{i}", numbers=(1e6 * 1.1**i, 1e-3 * (1 + i)), group="even" if i % 2 == 0 else "odd")
    for i in range(30)
]
NETWORK = Marked(name="published", numbers=(4e6, 2e-3))


def chart() -> object:
    return distribution(
        VARIANTS, [NETWORK], [ACCESS, TIME], title="what is seen", drawn=VARIANTS[::3],
        groups=["even", "odd"], colour="parity", subtitle=["how"], source=["from where"],
    )  # fmt: skip


def test_every_variant_is_in_one_bar() -> None:
    bars = rows(chart(), "base", "to", "group")
    assert sum(bar["top"] - bar["base"] for bar in bars) == len(VARIANTS)
    for bar in bars:
        inside = [
            each
            for each in VARIANTS
            if each.group == bar["group"] and bar["x"] <= each.numbers[0] < bar["to"]
        ]
        assert len(inside) == bar["top"] - bar["base"]


def test_bars_of_one_place_stand_on_each_other() -> None:
    bars = rows(chart(), "base", "to", "group")
    for bar in bars:
        below = [each["top"] for each in bars if each["x"] == bar["x"] and each["top"] <= bar["base"]]
        assert bar["base"] == max(below, default=0)


def test_dots_and_networks() -> None:
    tables = [table for table in datasets(chart()) if table and {"x", "y"} <= {*table[0]}]
    shown = {each["name"]: (each["x"], each["y"]) for table in tables for each in table}
    assert shown == {each.name: each.numbers for each in (*VARIANTS[::3], NETWORK)}
    assert head(chart())[0] == "what is seen"
    assert "published" in str(rows(chart(), "base", "top", "name"))


def test_the_ends_of_the_bins() -> None:
    even = edges((-2.0, 2.0), logarithmic=False)
    assert (even[0], even[BINS // 2], even[-1]) == (-2.0, 0.0, 2.0)
    ratios = edges((1.0, 16.0), logarithmic=True)
    assert abs(ratios[BINS // 4] - 2.0) < 1e-12
    assert len(ratios) == BINS + 1
