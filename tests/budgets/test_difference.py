"""What changed between two networks: what was meant is what is told, and the parts add up to the whole."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

import archlens
from archlens.budgets.difference import LATENCY, SUMMED, Difference, Sort, diff
from archlens.devices import find
from archlens.graph import Graph, verify
from archlens.ops import Input, ReLU
from archlens.report.profile import profile
from tests.spec.written import network
from tests.wiring import wire


def written(*layers: str) -> Graph:
    """A chain of layers, a line of YAML each."""
    return network(f"[{', '.join(layers)}]", shape="[3, 32, 32]")


def told(difference: Difference) -> list[tuple[str, str, str]]:
    """Each change that is more than a name: what became of which layer, and how."""
    return [
        (str(change.sort), change.name, ", ".join(change.how))
        for change in difference.changes
        if change.sort is not Sort.renamed
    ]


def renamed(graph: Graph, number: int) -> Graph:
    """The same network under other names, of which some may be names of other layers before."""
    shifted = [f"layer{i + number}" for i in range(len(graph.nodes))]
    nodes = [replace(node, name=name) for node, name in zip(graph.nodes, shifted, strict=True)]
    made = replace(graph, nodes=tuple(nodes))
    verify(made)
    return made


STEM = "{name: stem, conv: {out: 8, kernel: 3}}"
BODY = "{name: body, conv: {out: 16, kernel: 3}}"
HEAD = "{name: head, linear: {out: 10}}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([STEM, BODY], [STEM, BODY], []),
        (
            [STEM, BODY],
            [STEM, "{name: body, conv: {out: 16, kernel: 5}}"],
            [("changed", "body", "kernel 3 → 5")],
        ),
        ([STEM, BODY], [STEM, "relu", BODY], [("added", "relu1", "")]),
        ([STEM, "relu", BODY], [STEM, BODY], [("removed", "relu1", "")]),
        ([STEM, BODY], [STEM, BODY.replace("body", "trunk")], []),
        (
            [STEM, "relu", "{name: a, max_pool: {kernel: 2}}"],
            [STEM, "{name: a, max_pool: {kernel: 2}}", "relu"],
            [("affected", "relu1", "")],
        ),
        (
            [STEM, "{name: a, conv: {out: 8, kernel: 3}}"],
            [STEM, "{name: a, conv: {out: 8, kernel: 3}}", "{name: b, conv: {out: 8, kernel: 3}}"],
            [("added", "b", "out 8, kernel 3")],
        ),
        (
            [STEM, "{name: a, conv: {out: 8, kernel: 3}}", "{name: c, conv: {out: 8, kernel: 3}}"],
            ["{name: a, conv: {out: 8, kernel: 3}}", STEM, "{name: c, conv: {out: 8, kernel: 3}}"],
            [],
        ),
    ],
)  # fmt: skip
def test_what_was_done_is_what_is_told(
    before: list[str], after: list[str], expected: list[tuple[str, str, str]]
) -> None:
    assert told(diff(written(*before), written(*after))) == expected


def test_a_stem_that_changes_every_shape_leaves_the_layers_what_they_are() -> None:
    difference = diff(archlens.load("resnet50"), archlens.load("resnet50", input=(3, 160, 160)))
    (resized,) = [change for change in difference.changes if change.sort is not Sort.affected]
    assert (resized.kind, resized.sort) == ("input", Sort.changed)
    assert not any(change.was for change in difference.changes)


def test_resnet_d() -> None:
    """Three 3×3 convolutions for the 7×7 one; shortcuts pool before they project (arXiv 1812.01187)."""
    difference = diff(archlens.load("resnet50"), archlens.load("resnet50d"))
    convolutions = [change for change in told(difference) if change[1].startswith("stem.conv")]
    assert convolutions == [
        ("changed", "stem.conv1", "out 64 → 32, kernel 7 → 3"),
        ("added", "stem.conv2", "out 32, kernel 3"),
        ("added", "stem.conv3", "out 64, kernel 3"),
    ]
    shortcuts = [name for sort, name, how in told(difference) if "average_pool" in name and sort == "added"]
    assert shortcuts == [f"stage{stage}.0.shortcut.average_pool1" for stage in (2, 3, 4)]
    assert [name for _, name, how in told(difference) if how == "stride 2 → 1"] == [
        f"stage{stage}.0.shortcut.conv1" for stage in (2, 3, 4)
    ]


PAIRS = [
    ("resnet50", "resnet50d"), ("mobilenet_v1", "mobilenet_v2"), ("shufflenet_v1", "shufflenet_v2"),
    ("vgg16", "vgg16_bn"), ("lenet5", "googlenet"), ("densenet121", "densenet169"), ("vit_b_16", "swin_t"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_the_changes_add_up_to_the_difference_of_the_totals(a: str, b: str) -> None:
    graphs = archlens.load(a), archlens.load(b)
    difference = diff(*graphs)
    profiles = [profile(graph) for graph in graphs]
    for key in SUMMED:
        was, now = (each.metrics(each.whole)[key] for each in profiles)
        assert sum(change.amount[key] for change in difference.changes) == now - was, key


@pytest.mark.parametrize(
    "model", ["shufflenet_v2", "googlenet", "densenet121", "mobilenet_v3_large", "vit_b_16"]
)
@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_rename_alone_is_no_change(model: str, number: int) -> None:
    graph = archlens.load(model)
    first = renamed(graph, 0)
    assert diff(graph, first).empty
    assert diff(first, renamed(graph, number)).empty
    assert diff(renamed(graph, number), graph).empty


def test_a_layer_lost_or_doubled_at_random_is_found() -> None:
    """Of a chain of like blocks, so that its neighbours could be taken for it."""
    choose = random.Random(0)
    kinds = ["relu", "{conv: {out: 8, kernel: 3}}", "bn", "{conv: {out: 8}}"]
    for _ in range(50):
        layers = [STEM, *choose.choices(kinds, k=choose.randint(3, 12))]
        place = choose.randrange(1, len(layers))
        without = layers[:place] + layers[place + 1 :]
        for before, after, sort in ((layers, without, "removed"), (without, layers, "added")):
            changes = told(diff(written(*before), written(*after)))
            assert [change[0] for change in changes if change[0] != "affected"] == [sort], (layers, place)


def test_as_data() -> None:
    layers = [STEM, "global_average_pool", HEAD]
    difference = diff(written(*layers), written(*layers[:-1], HEAD.replace("10", "20"))).as_dict()
    assert difference["difference"]["params"] == 10 * 8 + 10
    (change,) = difference["changes"]
    assert {key: change[key] for key in ("change", "name", "how", "params")} == {
        "change": "changed",
        "name": "head",
        "how": ["out 10 → 20"],
        "params": difference["difference"]["params"],
    }


@pytest.mark.parametrize("device", ["rtx4090", '{"tflops": 1, "bandwidth": "100 GB/s", "launch": "5 us"}'])
def test_predicted_seconds_add_up_as_well(device: str) -> None:
    graphs = archlens.load("mobilenet_v2"), archlens.load("mobilenet_v2", width=0.75)
    difference = diff(*graphs, device=find(device))
    assert difference.times is not None
    was, now = (time.seconds for time in difference.times)
    assert sum(change.amount[LATENCY] for change in difference.changes) == pytest.approx(now - was)
    assert difference.as_dict()["difference"][LATENCY] == now - was


def test_steps_of_a_loop_are_told_apart() -> None:
    """More than twenty that do the same share a row of a profile, and none of a difference."""
    names = ["input", *(f"relu{step}" for step in range(1, 41))]
    steps = [(name, ReLU(), (before,)) for before, name in pairwise(names)]
    loop = wire(("input", Input((1, 3, 4, 4)), ()), *steps)
    longer = wire(("input", Input((1, 3, 4, 4)), ()), *steps, ("relu41", ReLU(), ("relu40",)))
    (change,) = diff(loop, longer).changes
    assert (change.sort, change.name, change.amount["elementwise"]) == (Sort.added, "relu41", 48)
