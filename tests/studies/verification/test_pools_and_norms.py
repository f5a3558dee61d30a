"""Small networks whose recordings differed from their specs: pools along one axis, paddings, enlargements."""

from pathlib import Path

import pytest

from archlens.errors import ArchlensError
from archlens.spec.catalog import find
from archlens.studies.verification.specs import verify_model

NETWORKS = {
    "max pool along one axis": ("[3, 16]", "[{conv: {out: 4, kernel: 3}}, {max_pool: {kernel: 2}}]"),
    "average pool along one axis": ("[3, 16]", "[{average_pool: {kernel: 3, stride: 2, padding: 1}}]"),
    "same, along one axis": ("[3, 16]", "[{max_pool: {kernel: 2, stride: 1, padding: same}}]"),
    "same, averaged, along one axis": ("[3, 16]", "[{average_pool: {kernel: 2, stride: 1, padding: same}}]"),
    "same, dilated": ("[3, 12, 12]", "[{max_pool: {kernel: 2, stride: 1, dilation: 3, padding: same}}]"),
    "same, rounded up": ("[3, 8, 8]", "[{max_pool: {kernel: 4, stride: 2, padding: same, ceil_mode: true}}]"),
    "to three, along one axis": ("[3, 16]", "[{adaptive_average_pool: {size: 3}}]"),
    "to two, along one axis": ("[3, 16]", "[{adaptive_max_pool: {size: 2}}]"),
    "enlarged along one axis": ("[4, 8]", "[{upsample: {scale: 2}}]"),
    "enlarged along three": ("[4, 4, 4, 4]", "[{upsample: {scale: 2}}]"),
    "corners on corners": ("[4, 4, 4]", "[{upsample: {scale: 2, mode: bilinear, align_corners: true}}]"),
    "group norm of a turned map": (
        "[4, 6, 8]", "[{transpose: {order: [0, 2, 1, 3]}}, {group_norm: {groups: 2}}]"
    ),
}  # fmt: skip


def written(tmp_path: Path, shape: str, network: str) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(
        f"family: small\ntitle: t\ninput: {shape}\nvariants: {{small: {{}}}}\nnetwork: {network}\n"
    )
    return path


@pytest.mark.parametrize("name", NETWORKS)
def test_what_pytorch_runs_costs_what_the_spec_says(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, *NETWORKS[name])
    checks = verify_model(find(str(path)))
    assert [check for check in checks if check.verdict != "equal"] == []


def test_statistics_of_one_element_are_refused(tmp_path: Path) -> None:
    """As PyTorch refuses them."""
    network = "[{global_average_pool: {keep_axes: true}}, {group_norm: {groups: 4}}]"
    path = written(tmp_path, "[4, 8, 8]", network)
    with pytest.raises(ArchlensError, match="one element"):
        find(str(path)).lower({})
