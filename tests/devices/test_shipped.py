"""The profiles that come with archlens: each is whole, says where it is from, and is good enough to ship."""

from pathlib import Path

import pytest

import archlens
from archlens.devices.catalog import SHIPPED
from archlens.devices.predict import predict_seconds
from archlens.devices.profile import as_json, read_profile

PROFILES = sorted(SHIPPED.glob("*.json"))


def test_there_are_some() -> None:
    assert len(PROFILES) > 10


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_that_ships(path: Path) -> None:
    profile = read_profile(path)
    assert profile.name == path.stem
    assert path.read_text(encoding="utf-8") == as_json(profile)
    evidence = profile.evidence
    assert evidence is not None
    assert evidence.source
    assert evidence.licence
    assert evidence.median <= 0.2
    assert evidence.low < 1 < evidence.high < 5
    assert profile.seen is not None


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_known_networks_take_milliseconds_in_the_order_of_their_size(path: Path) -> None:
    profile = read_profile(path)
    seconds = [
        predict_seconds(archlens.load(name), profile, profile.seen.batch[0] if profile.seen else 1).seconds
        for name in ("resnet18", "resnet50", "resnet152")
    ]
    assert 1e-4 < seconds[0] < seconds[1] < seconds[2] < 60
