"""The catalogue as a table."""

import json

import pytest

from archlens.graph import Graph
from archlens.report.listing import Entry, list_models, listing_table
from archlens.report.render import render_csv, render_text


def names(pattern: str) -> list[str]:
    return [entry.model for entry in list_models(pattern)]


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    """All networks, which take a second or two."""
    return tuple(list_models())


def test_every_network_is_listed_once(entries: tuple[Entry, ...], catalogue: dict[str, Graph]) -> None:
    assert sorted(entry.model for entry in entries) == sorted(catalogue)
    for entry in entries:
        graph = catalogue[entry.model]
        assert entry.input == graph.input_shape
        assert entry.params == sum(node.cost.params for node in graph.nodes)
        assert entry.multiply_adds == sum(node.cost.multiply_adds for node in graph.nodes)
        assert entry.family == graph.family


def test_oldest_first(entries: tuple[Entry, ...]) -> None:
    years = [entry.year for entry in entries]
    assert None not in years
    assert years == sorted(year for year in years if year is not None)
    assert entries[0].model == "lenet5"


def test_a_word_that_begins_so_comes_before_those_that_hold_it() -> None:
    found = names("lenet")
    assert found[0] == "lenet5"
    assert "mobilenet_v2" in found[1:]
    assert names("LeNet5") == ["lenet5"]
    assert [name for name in names("v2") if not name.endswith("v2")] != []


def test_what_torchvision_has_is_named_as_there(entries: tuple[Entry, ...]) -> None:
    expected = {
        *(f"vgg{depth}{suffix}" for depth in (11, 13, 16, 19) for suffix in ("", "_bn")),
        *(f"resnet{depth}" for depth in (18, 34, 50, 101, 152)),
        *("resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2"),
        *(f"densenet{depth}" for depth in (121, 161, 169, 201)),
        *("alexnet", "googlenet", "squeezenet1_0", "squeezenet1_1", "mobilenet_v2"),
        *(f"shufflenet_v2_x{scale}" for scale in ("0_5", "1_0", "1_5", "2_0")),
    }
    assert expected <= {entry.model for entry in entries}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("lenet5", ["lenet5"]),
        ("vgg?6", ["vgg16"]),
        ("vgg1[13]", ["vgg11", "vgg13"]),
        ("VGG?6", ["vgg16"]),
        ("wide_resnet50*", ["wide_resnet50_2"]),
        ("zzz", []),
        ("", None),
        ("*", None),
    ],
)
def test_patterns(entries: tuple[Entry, ...], pattern: str, expected: list[str] | None) -> None:
    every = [entry.model for entry in entries]
    assert names(pattern) == (every if expected is None else expected)


@pytest.mark.parametrize("part", ["resnet1", "SqueezeNet", "v2"])
def test_a_part_of_a_name(entries: tuple[Entry, ...], part: str) -> None:
    found = list_models(part)
    assert found
    for entry in entries:
        names = " ".join((entry.model, *entry.aliases, entry.family, entry.title))
        assert (entry in found) == (part.lower() in names.lower())


def test_an_alias_finds_its_network() -> None:
    (entry,) = [entry for entry in list_models("shufflenet_v1") if entry.aliases]
    assert (entry.model, entry.aliases) == ("shufflenet_v1_g3", ("shufflenet_v1",))


def test_as_a_dictionary() -> None:
    (entry,) = list_models("lenet5")
    assert json.loads(json.dumps(entry.as_dict())) == {
        "model": "lenet5",
        "aliases": ["lenet"],
        "family": "lenet",
        "title": "LeNet",
        "year": 1998,
        "input": [1, 1, 32, 32],
        "params": 61706,
        "multiply_adds": 416520,
        "top1": None,
        "top1_where": None,
    }


def test_one_network_is_not_one_networks() -> None:
    assert render_text(listing_table(list_models("lenet5"))).endswith(
        "\n1 network; multiply-adds for one image\n"
    )
    assert render_text(listing_table(list_models("vgg1[13]"))).endswith(
        "\n2 networks; multiply-adds for one image\n"
    )


def test_csv() -> None:
    assert render_csv(listing_table(list_models("lenet5"))) == (
        "family,model,aliases,title,year,input,params,multiply_adds,top1,top1_where\n"
        "lenet,lenet5,lenet,LeNet,1998,1x1x32x32,61706,416520,,\n"
    )


def test_accuracy_and_time_choose() -> None:
    """ShuffleNet V2 2× has 74.9 %, 1.5× 72.6 %, and the smaller ones less."""
    found = list_models("shufflenet_v2_x?_?", where="top1 > 70", sort="-top1", columns=["top1"])
    assert [(entry.model, entry.top1) for entry in found] == [
        ("shufflenet_v2_x2_0", 74.9), ("shufflenet_v2_x1_5", 72.6),
    ]  # fmt: skip
    assert found[0].as_dict()["top1_where"] == "arXiv 1807.11164, Table 8"
    shown = render_text(listing_table(found, columns=["top1"]))
    assert "74.9%" in shown
    assert "ImageNet top-1 accuracy in percent, as printed" in shown
    timed = list_models("vgg1?", device="rtx4090", sort="latency")
    seconds = [entry.latency_s for entry in timed]
    assert seconds == sorted(seconds, key=lambda each: each or 0.0)
