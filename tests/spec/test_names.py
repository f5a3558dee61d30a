"""Which network is meant by a name that no spec spells so."""

from collections import defaultdict

import pytest

from archlens.spec.catalog import families
from archlens.spec.names import Family, matching, meant, nearest_network
from archlens.spec.reference import spelling

PEARS = Family("pear_v1", "Pear V1", ("pear_v1_small", "pear_v1_large"), {"pear": "pear_v1_large"})
APPLES = Family("pearl", "Pearl", ("pearl", "pearl_96"), {})
BOTH = (PEARS, APPLES)


@pytest.mark.parametrize(
    ("name", "networks"),
    [
        ("Pear-V1-Small", ("pear_v1_small",)),
        ("PEAR", ("pear_v1_large",)),
        ("pear v1", ("pear_v1_large",)),
        ("Pearl", ("pearl",)),
        ("pea", ("pear_v1_large", "pearl")),
        ("pearl_9", ()),
        ("", ()),
        ("_", ()),
    ],
)
def test_what_a_name_may_mean(name: str, networks: tuple[str, ...]) -> None:
    assert meant(name, BOTH) == networks


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("pearl_69", "pearl"),
        ("paerl", "pearl"),
        ("pear_v1_smal", "pear_v1_small"),
        ("xyz", ""),
        ("x" * 500, ""),
    ],
)
def test_the_nearest(name: str, network: str) -> None:
    assert nearest_network(name, BOTH) == network


def test_a_pattern_gives_each_network_once() -> None:
    assert matching("pear*", BOTH) == ("pear_v1_small", "pear_v1_large", "pearl", "pearl_96")
    assert matching("PEARL_??", BOTH) == ("pearl_96",)
    assert matching("p[e]ar", BOTH) == ()


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("mobilnet_v2", "mobilenet_v2"),
        ("resnet51", "resnet50"),
        ("resnet18x", "resnet18"),
        ("seresnt50", "seresnet50"),
        ("efficientnet_b9", "efficientnet_b0"),
    ],
)
def test_the_hint_is_the_plain_network_of_the_nearest_family(name: str, network: str) -> None:
    assert nearest_network(name, families()) == network


def test_no_two_networks_of_the_catalogue_are_spelled_alike() -> None:
    found = defaultdict(set)
    for family in families():
        assert family.plain in family.variants
        for name, network in family.names():
            found[spelling(name)].add(network)
    assert {name: networks for name, networks in found.items() if len(networks) > 1} == {}
