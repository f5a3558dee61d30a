"""RegNet's parameters in examples/regnet_space.yaml → the channels and blocks of the published networks.

The oracle is specs/regnet.yaml: what torchvision builds, with the parameters in comments beside it, and in
its claims the channels of the paper where torchvision rounds otherwise; and pycls' rule, block by block.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from math import log
from random import Random

import pytest

from archlens.spaces.declared import space_of
from archlens.spaces.request import read_request
from archlens.spaces.space import Variants
from archlens.spec.catalog import find
from archlens.spec.read import Value
from tests.cli.conftest import ROOT

REQUEST = read_request(ROOT / "examples" / "regnet_space.yaml")
SPEC = (ROOT / "specs" / "regnet.yaml").read_text(encoding="utf-8")
PUBLISHED = {
    name: tuple(float(number) for number in numbers.split(","))
    for numbers, name in re.findall(r"\(([\d., ]+)\)\n  (regnet_\w+):", SPEC)
}
OTHERWISE = {
    name: tuple(int(number) for number in widths.split(","))
    for name, widths in re.findall(
        r"variant: (regnet_\w+)\n(?:(?!  - ).*\n)*?.*[Ww]ith widths=\[([\d, ]+)\]", SPEC
    )
}
"""The channels in the paper, where torchvision has others."""


def variant(d: float, w_0: float, w_a: float, w_m: float, g: float) -> tuple[Mapping[str, Value], bool]:
    """The settings of the one network with these parameters, and whether the space has it."""
    given = {"d": d, "eighths": w_0 / 8, "wa": w_a, "wm": w_m, "group_eighths": g / 8, "squeeze": 0}
    over = {name: [int(value) if name == "d" else value] for name, value in given.items()}
    made = replace(REQUEST, over=over)
    variants = Variants(space_of(made.model, made.over, let=made.let, require=made.require))
    return variants.chosen(0), variants.admits(0)


def test_the_oracle_was_read() -> None:
    assert len(PUBLISHED) == 15
    assert set(OTHERWISE) == {"regnet_x_400mf", "regnet_y_800mf", "regnet_y_8gf"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_network(name: str) -> None:
    made, admitted = variant(*PUBLISHED[name])
    settings = find(name).settings({})
    assert made["widths"] == OTHERWISE.get(name, settings["widths"])
    assert made["depths"] == settings["depths"]
    assert made["group_width"] == settings["group_width"]
    assert admitted


def by_block(d: int, w_0: int, w_a: float, w_m: float, g: int) -> tuple[list[int], list[int], int]:
    """Channels and blocks by stage, each block rounded by itself, and how many stages there could be."""
    places = [round(log((w_0 + w_a * i) / w_0) / log(w_m)) for i in range(d)]
    widths = [8 * round(w_0 * w_m**place / 8) for place in places]
    stages = sorted(set(widths))
    channels = [min(g, w) * round(w / min(g, w)) for w in stages]
    return channels, [widths.count(w) for w in stages], max(places) + 1


def test_any_network_is_what_its_blocks_say() -> None:
    draw, four = Random(17), 0
    for _ in range(400):
        d, w_0, g = draw.randint(12, 28), 8 * draw.randint(1, 32), 8 * draw.randint(1, 16)
        w_a, w_m = draw.uniform(8, 256), draw.uniform(2, 3)
        made, admitted = variant(d, w_0, w_a, w_m, g)
        channels, depths, stages = by_block(d, w_0, w_a, w_m, g)
        assert admitted == (stages == len(channels) == 4)
        if admitted:
            four += 1
            assert (list(made["widths"]), list(made["depths"])) == (channels, depths)  # type: ignore[arg-type]
    assert four > 50


def test_what_is_drawn_is_within_what_pycls_prints() -> None:
    found = {
        each.key: each.values for each in space_of(REQUEST.model, REQUEST.over, let=REQUEST.let).dimensions
    }
    assert (found["d"][0], found["d"][-1]) == (12, 28)
    assert (found["wa"][0], found["wa"][-1], found["wm"][0], found["wm"][-1]) == (8.0, 256.0, 2.0, 3.0)
    assert {8 * -(-each // 1) for each in found["eighths"]} == {8 * i for i in range(1, 33)}  # type: ignore[operator]
    assert {8 * -(-each // 1) for each in found["group_eighths"]} == {8 * i for i in range(1, 17)}  # type: ignore[operator]
