"""Table 8's networks, and the correlations of what they cost with how fast they are."""

from dataclasses import replace

import pytest

from archlens.studies.guidelines.table8 import METRICS, PRINTED, Correlation, Network, correlations, networks


@pytest.fixture(scope="module")
def found() -> tuple[Network, ...]:
    return networks()


def test_networks_are_those_of_the_table(found: tuple[Network, ...]) -> None:
    """Within 7.5 % of the multiply-adds printed, but for IGCV3-D (0.7), of which 210M are."""
    off = {
        network.printed.name: round(network.cost.multiply_adds / network.printed.millions / 1e6, 3)
        for network in found
        if abs(network.cost.multiply_adds / network.printed.millions / 1e6 - 1) > 0.075
    }
    assert off == {"IGCV3-D (0.7)": 0.831}


def test_smaller_images_are_what_the_multiply_adds_say(found: tuple[Network, ...]) -> None:
    sizes = {network.printed.name: network.graph.input_shape[2] for network in found}
    assert {name: size for name, size in sizes.items() if size != 224} == {
        "0.4 MobileNet v2": 160,
        "0.75 MobileNet v2": 192,
    }


def test_names_are_there_once() -> None:
    assert len({printed.name for printed in PRINTED}) == len(PRINTED) == 22


def test_a_batch_is_of_the_network_that_runs_and_not_of_its_costs(found: tuple[Network, ...]) -> None:
    batched = networks(batch=8)
    assert {network.graph.input_shape[0] for network in batched} == {8}
    assert [network.cost for network in batched] == [network.cost for network in found]


def of(listed: tuple[Correlation, ...], metric: str, device: str) -> Correlation:
    """One of them."""
    return next(each for each in listed if (each.metric, each.device) == (metric, device))


def test_every_metric_with_every_speed(found: tuple[Network, ...]) -> None:
    assert {each.device for each in correlations(found)} == {"gpu", "arm"}
    here = correlations(found, [1.0 + place for place in range(len(found))])
    assert {(each.metric, each.device) for each in here} == {
        (metric, device) for metric in METRICS for device in ("gpu", "arm", "here")
    }


def test_by_hand(found: tuple[Network, ...]) -> None:
    """Multiply-adds that rank 1 2 3 and speeds that rank 3 1 2: two pairs of three disagree."""
    three = tuple(
        replace(network, cost=replace(network.cost, multiply_adds=work), printed=replace(PRINTED[0], gpu=gpu))
        for network, work, gpu in zip(found[:3], (10, 20, 30), (9, 1, 5), strict=True)
    )
    its = of(correlations(three), "multiply-adds", "gpu")
    assert its.kendall == pytest.approx((1 - 2) / 3)
    assert its.spearman == pytest.approx(1 - 6 * (4 + 1 + 1) / (3 * 8))
    assert its.within == its.kendall  # they are of one level


def test_memory_access_tells_what_multiply_adds_do_not(found: tuple[Network, ...]) -> None:
    """The paper's case: among networks of as many multiply-adds, these say nothing about the GPU's speed."""
    listed = correlations(found)
    work, access = of(listed, "multiply-adds", "gpu"), of(listed, "memory access", "gpu")
    assert access.spearman is not None
    assert work.spearman is not None
    assert access.spearman < -0.95 < work.spearman
    assert access.within is not None
    assert work.within is not None
    assert access.within < -0.7
    assert abs(work.within) < 0.1
