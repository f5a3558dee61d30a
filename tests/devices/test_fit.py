"""Fits to times that are made up, so that what has to come out is known."""

import math
import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import archlens
from archlens.devices.fit import Timed, fit, folds, ratios, timed
from archlens.devices.plan import NETWORKS
from archlens.devices.predict import predict_seconds
from archlens.devices.profile import DeviceProfile, as_json, parse_profile
from archlens.devices.terms import KINDS
from archlens.errors import DeviceError

TRUTH = {
    **{f"arithmetic.{kind}": 2e-11 for kind in KINDS[:6]},
    **{f"memory.{kind}": 3e-10 for kind in KINDS},
    **{f"launches.{kind}": 5e-6 for kind in KINDS},
    "weights": 4e-10,
    "constant": 1e-4,
}
DEVICE = DeviceProfile(name="toy", title="A toy", device="Toy", engine="eager", coefficients=TRUTH)
ABOUT: dict[str, Any] = {
    "source": "made up", "licence": "none", "date": "2026-11-27",
    "name": "toy", "title": "A toy", "device": "Toy", "engine": "eager",
}  # fmt: skip


@cache
def rows(noise: float = 0.0, slow_depthwise: float = 1.0, pooled: float = 0.0) -> tuple[Timed, ...]:
    """What the networks of a calibration take at two batches, on a device whose coefficients are known."""
    order = random.Random(0)
    slow = {"arithmetic.depthwise": slow_depthwise * TRUTH["arithmetic.depthwise"], "pooled": pooled}
    coefficients = TRUTH | {term: value for term, value in slow.items() if value}
    device = replace(DEVICE, coefficients=coefficients)
    found = []
    for name in NETWORKS:
        graph = archlens.load(name)
        for batch in (1, 8):
            seconds = predict_seconds(graph, device, batch).seconds * math.exp(order.gauss(0, noise))
            found.append(timed(graph, seconds, batch=batch, views=("eager", "folded")))
    return tuple(found)


def test_a_device_of_five_terms_is_found_again() -> None:
    profile = fit(rows(), **ABOUT)
    assert profile.view == "eager"
    assert profile.evidence is not None
    assert profile.evidence.median < 0.02
    for name in ("resnet50", "vgg16", "mobilenet_v3_small"):
        graph = archlens.load(name)
        true = predict_seconds(graph, DEVICE, 4).seconds
        assert predict_seconds(graph, profile, 4).seconds == pytest.approx(true, rel=0.05)


def test_a_kind_that_is_slow_is_found() -> None:
    profile = fit(rows(0.0, 30.0), **ABOUT)
    rates = profile.coefficients
    assert 10 < rates["arithmetic.depthwise"] / rates["arithmetic.dense"] < 60


def test_slow_pooling_is_found_where_there_are_networks_enough() -> None:
    """At a hundred times what a multiply-add takes, as scalar code on a CPU that has vectors."""
    assert fit(rows(pooled=2e-9), **ABOUT).coefficients["pooled"] == pytest.approx(2e-9, rel=0.1)
    assert "pooled" not in fit(rows(pooled=2e-9)[:24], **ABOUT).coefficients


def test_noise_is_the_error_that_is_named() -> None:
    """Errors of one network in ten are above 1.64 · 0.1; their median is 0.67 · 0.1."""
    evidence = fit(rows(0.1), **ABOUT).evidence
    assert evidence is not None
    assert 0.03 < evidence.median < 0.13
    assert evidence.low < 0.95
    assert evidence.high > 1.05


def test_a_profile_that_was_fitted_can_be_kept() -> None:
    profile = fit(rows(0.05), **ABOUT)
    assert parse_profile(as_json(profile), "toy") == profile


def test_few_networks_have_common_rates() -> None:
    few = [row for row in rows(0.05) if row.batch == 1][4:18]
    rates = fit(few, **ABOUT).coefficients
    assert len({rate for term, rate in rates.items() if term.startswith("arithmetic.")}) == 1


def test_few_networks_take_the_ratios_of_devices_alike() -> None:
    alike = replace(DEVICE, coefficients=TRUTH | {"arithmetic.depthwise": 10 * TRUTH["arithmetic.depthwise"]})
    few = [row for row in rows(0.0, 10.0) if row.batch == 1][4:18]
    rates = fit(few, alike=[alike], **ABOUT).coefficients
    assert rates["arithmetic.depthwise"] / rates["arithmetic.dense"] == pytest.approx(10, rel=0.01)
    assert ratios([alike])["arithmetic.depthwise"] == pytest.approx(math.log(10))


def test_too_few_networks_or_families() -> None:
    with pytest.raises(DeviceError, match="there are 2 of 2"):
        fit(rows()[:4], **ABOUT)
    with pytest.raises(DeviceError, match="of 1"):
        fit([replace(row, family="one") for row in rows()], **ABOUT)


def test_times_that_are_noise() -> None:
    order = random.Random(1)
    noise = [replace(row, seconds=math.exp(order.gauss(0, 3))) for row in rows()]
    with pytest.raises(DeviceError, match="the times are noise"):
        fit(noise, **ABOUT)


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_time(seconds: float) -> None:
    with pytest.raises(DeviceError, match="which is no time"):
        fit([replace(rows()[0], seconds=seconds), *rows()[1:]], **ABOUT)


def test_families_are_left_out_whole_and_once() -> None:
    parts = folds(rows(), 6, 0)
    assert len(parts) == 6
    assert sorted(family for part in parts for family in part) == sorted({row.family for row in rows()})
