"""Device profiles as files: what is written is what is read, and one line about everything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from archlens.devices.profile import (
    DeviceProfile,
    Evidence,
    Seen,
    as_json,
    parse_profile,
    read_profile,
    write_profile,
)
from archlens.errors import DeviceError

EVIDENCE = Evidence(
    source="nobody", licence="MIT", date="2026-11-27", networks=30, families=10,
    mape=0.1, median=0.08, within10=0.6, low=0.8, high=1.3,
)  # fmt: skip
PROFILE = DeviceProfile(
    name="toy", title="A toy", device="Toy", engine="eager", threads=1,
    coefficients={"arithmetic.dense": 1e-11, "constant": 1e-3}, evidence=EVIDENCE,
    seen=Seen(batch=(1, 64), seconds=(0.001, 1.5), shares={"arithmetic.dense": 0.75}),
)  # fmt: skip


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    write_profile(PROFILE, tmp_path / "toy.json")
    assert read_profile(tmp_path / "toy.json") == PROFILE
    assert [path.name for path in tmp_path.iterdir()] == ["toy.json"]


def changed(**values: Any) -> str:
    return json.dumps(json.loads(as_json(PROFILE)) | values)


WRONG = {
    "cut off": as_json(PROFILE)[:200],
    "empty": "",
    "a list": "[]",
    "no schema": json.dumps({"name": "toy"}),
    "another schema": changed(schema=2),
    "a negative number": changed(coefficients={"arithmetic.dense": -1e-11}),
    "an absurd number": changed(coefficients={"arithmetic.dense": 1e9}),
    "no number": changed(coefficients={"arithmetic.dense": "fast"}),
    "not a number": as_json(PROFILE).replace("1e-11", "NaN"),
    "infinite": as_json(PROFILE).replace("1e-11", "1e999"),
    "true": changed(coefficients={"arithmetic.dense": True}),
    "an unknown term": changed(coefficients={"arithmetic.dens": 1e-11}),
    "nothing takes time": changed(coefficients={"constant": 0.0}),
    "no coefficients": changed(coefficients=[1.0]),
    "an unknown field": changed(titel="A toy"),
    "an unknown view": changed(view="lazy"),
    "an unknown phase": changed(phase="sleep"),
    "threads of a text": changed(threads="2"),
    "a name of a number": changed(name=3),
    "an interval that is none": changed(evidence=json.loads(changed())["evidence"] | {"low": 1.2}),
    "a negative error": changed(evidence=json.loads(changed())["evidence"] | {"mape": -0.1}),
    "half of the evidence": changed(evidence={"source": "nobody"}),
    "a range backwards": changed(seen={"batch": [64, 1], "seconds": [1, 2], "shares": {}}),
    "a range of three": changed(seen={"batch": [1, 2, 3], "seconds": [1, 2], "shares": {}}),
}


@pytest.mark.parametrize("what", WRONG)
def test_one_line_about_what_is_wrong(what: str) -> None:
    with pytest.raises(DeviceError) as raised:
        parse_profile(WRONG[what], "toy.json")
    message = str(raised.value)
    assert message.startswith("toy.json: ")
    assert "\n" not in message
    assert len(message) < 250


def test_the_nearest_term_is_named() -> None:
    with pytest.raises(DeviceError, match=r"did you mean arithmetic\.dense\?"):
        parse_profile(WRONG["an unknown term"], "toy.json")


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be read"):
        read_profile(tmp_path / "missing.json")
    with pytest.raises(DeviceError, match="cannot be written"):
        write_profile(PROFILE, tmp_path / "missing" / "toy.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DeviceError, match="UTF-8"):
        read_profile(tmp_path / "binary.json")
