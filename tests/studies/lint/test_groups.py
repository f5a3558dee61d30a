"""G2, held to what ShuffleNet V2's Table 2 counts (arXiv 1807.11164)."""

import pytest

from archlens.passes import fold
from archlens.studies.lint.groups import grouped_layers
from tests.spec.written import network


@pytest.mark.parametrize(
    ("channels", "groups", "moved", "dense"),
    [(180, 2, 1_145_160, (127, 128)), (256, 4, 1_622_016, (128, 128)), (360, 8, 2_274_120, (127, 128))],
)
def test_table_2(channels: int, groups: int, moved: int, dense: tuple[int, int]) -> None:
    """Its rows, and the dense layer of its first one: 128 → 128 channels, 819200 elements."""
    (finding,) = grouped_layers(
        network(
            "[{conv: {out: wide}}, {conv: {out: wide, groups: groups}}, {conv: {out: 3}}]",
            f"settings: {{wide: {channels}, groups: {groups}}}",
            shape="[3, 56, 56]",
        )
    )
    (place,) = finding.places
    c_in, c_out = dense
    assert finding.subject == f"conv 1×1 grouped, {groups} groups"
    assert place.memory_access == moved
    assert place.memory_access - place.saved == 3136 * (c_in + c_out) + c_in * c_out
    assert place.multiply_adds == pytest.approx(c_in * c_out * groups / channels**2)


def test_an_activation_changes_nothing() -> None:
    items = "[{conv: {out: 16}}, {conv: {out: 16, kernel: 3, groups: 4}}, relu, {conv: {out: 4}}]"
    (plain,), (folded,) = grouped_layers(network(items)), grouped_layers(fold(network(items)))
    assert plain == folded
    assert plain.subject == "conv 3×3 grouped, 4 groups"


@pytest.mark.parametrize("channels", [16, 32])
def test_depthwise_convolutions_are_not_meant(channels: int) -> None:
    """With as many outputs as inputs, or twice as many."""
    items = (
        f"[{{conv: {{out: 16}}}}, {{conv: {{out: {channels}, kernel: 3, groups: 16}}}}, {{conv: {{out: 4}}}}]"
    )
    assert grouped_layers(network(items)) == ()


def test_dense_layers_are_not_meant() -> None:
    assert grouped_layers(network("[{conv: {out: 16}}, {conv: {out: 16}}, {conv: {out: 4}}]")) == ()
