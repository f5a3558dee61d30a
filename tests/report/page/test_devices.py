"""Devices as the page computes with them."""

import pytest

from archlens.devices.catalog import SHIPPED, find
from archlens.devices.predict import rates
from archlens.devices.profile import DeviceProfile
from archlens.errors import DeviceError
from archlens.report.page.devices import device_data, shipped


def test_all_that_ship_and_none_of_the_user_s(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("ARCHLENS_DEVICES", str(tmp_path))
    profiles = {path.stem for path in SHIPPED.glob("*.json")}
    found = {device["name"] for device in device_data(None)}
    assert profiles < found
    assert found == {device.name for device in shipped()}


def test_a_profile_has_its_rates_and_its_doubts() -> None:
    (found,) = device_data(["RTX 4090"])
    profile = find("rtx4090")
    assert isinstance(profile, DeviceProfile)
    assert profile.evidence
    assert profile.seen
    assert found["rates"] == dict(rates(profile))
    assert found["interval"]["low"] == profile.evidence.low
    assert found["seen"]["batch"] == list(profile.seen.batch)
    assert "float16" in found["title"]


def test_a_sheet_has_its_three_numbers() -> None:
    (found,) = device_data(['{"name": "mine", "tflops": 2, "bandwidth": "100 GB/s", "launch": "4 us"}'])
    assert found["sheet"] == {"flops": 2e12, "bandwidth": 1e11, "launch": 4e-6}
    assert found["ridge"] == 10


def test_one_that_nobody_knows() -> None:
    with pytest.raises(DeviceError):
        device_data(["rtx9999x"])
