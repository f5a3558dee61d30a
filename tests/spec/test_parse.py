"""The parts of a spec, as values."""

from archlens.errors import Problem
from archlens.spec.catalog import shared_blocks
from archlens.spec.parse import parse, parse_shared_blocks
from archlens.spec.read import read
from tests.spec.written import parsed

WHOLE = """
family: small
title: Small
paper: {arxiv: "1512.03385", year: 2015}
input: [3, 32, 32]
settings: {width: 64, depths: [1, 2], kind: relu, big: false}
variants:
  small_1: {}
  small_2: {width: 32, input: [1, 28, 28]}
aliases: {small: small_1}
claims:
  - {variant: small_1, params: 2.3M, multiply_adds: 146M, where: Table 5}
  - {variant: small_2, params: 100, counted: {params: 90}, why: because}
blocks:
  unit:
    arguments: {out: required, stride: 1}
    inline: true
    do: [{conv: {out: out, stride: stride}}]
network: [{unit: {out: width}}]
"""


def test_every_part() -> None:
    spec = parsed(WHOLE)
    assert (spec.file, spec.family, spec.title) == ("test.yaml", "small", "Small")
    assert spec.paper == {"arxiv": "1512.03385", "year": 2015}
    assert spec.settings == {
        "width": 64,
        "depths": (1, 2),
        "kind": "relu",
        "big": False,
        "input": (3, 32, 32),
    }
    assert spec.variants == {"small_1": {}, "small_2": {"width": 32, "input": (1, 28, 28)}}
    assert spec.variant_lines == {"small_1": 8, "small_2": 9}
    assert spec.aliases == {"small": "small_1"}
    first, second = spec.claims
    assert (first.variant, first.line, first.where) == ("small_1", 12, "Table 5")
    assert {metric: figure.value for metric, figure in first.printed.items()} == {
        "params": 2_300_000,
        "multiply_adds": 146_000_000,
    }
    assert (second.counted["params"].value, second.why) == (90, "because")
    unit = spec.blocks["unit"]
    assert (unit.inline, unit.shared, unit.line) == (True, False, 16)
    assert [(name, default is None) for name, default in unit.parameters] == [
        ("out", True),
        ("stride", False),
    ]
    assert set(shared_blocks()) < set(spec.blocks)
    assert len(spec.network) == 1


def test_only_input_and_network_must_be_there() -> None:
    spec = parsed("input: [3]\nnetwork: relu\n")
    assert (spec.family, spec.variants, spec.claims, dict(spec.paper)) == ("", {}, (), {})


def test_problems_come_in_the_order_of_their_lines() -> None:
    text = "network: [rellu]\ninput: 3\nsettings: {1a: 2}\nfamlily: x\n"
    _, problems = parse(read(text), "test.yaml", {})
    assert [problem.line for problem in problems] == [1, 2, 3, 4]
    assert all(isinstance(problem, Problem) for problem in problems)


def test_shared_blocks_are_marked() -> None:
    blocks = parse_shared_blocks(read("blocks: {a: {do: [relu]}, b: {do: [a]}}"), "shared.yaml")
    assert [(name, block.shared) for name, block in blocks.items()] == [("a", True), ("b", True)]


def test_a_mistake_in_many_settings_is_reported_in_their_order() -> None:
    text = "input: [3]\nvariants: {a: {z: 1, y: 2, x: 3}}\nnetwork: relu\n"
    _, problems = parse(read(text), "test.yaml", {})
    assert [problem.message[-1] for problem in problems] == ["z", "y", "x"]
