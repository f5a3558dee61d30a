"""Savings as their files describe them."""

import pytest
import yaml

from archlens.errors import UsageError
from archlens.studies.savings.entry import ENTRIES, entry_names, find_entry
from archlens.studies.savings.result import METRICS

KEYS = {
    "what",
    "year",
    "source",
    "settings",
    "derived",
    "requires",
    "input",
    "blocks",
    "networks",
    "formulas",
    "remarks",
}
NETWORK_KEYS = {"title", "input", "do", "model", "with", "rows", "times"}
FORMULA_KEYS = {"of", "rows", "less", "over", "metric", "unit", "is", "printed", "where", "why"}


@pytest.mark.parametrize("name", entry_names())
def test_a_file_has_no_key_that_nobody_reads(name: str) -> None:
    data = yaml.safe_load((ENTRIES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert data.keys() <= KEYS
    for network in data["networks"].values():
        assert network.keys() <= NETWORK_KEYS
        assert ("do" in network) != ("model" in network)
    for formula in data["formulas"]:
        assert formula.keys() <= FORMULA_KEYS
        assert formula["metric"] in METRICS
    assert all(isinstance(remark, str) for remark in data.get("remarks", []))


@pytest.mark.parametrize("name", entry_names())
def test_an_entry_is_complete(name: str) -> None:
    entry = find_entry(name)
    assert entry.name == name
    assert 1998 <= entry.year <= 2025
    assert "arXiv" in entry.source or "NIPS" in entry.source
    assert len(entry.networks) >= 2
    assert {formula.of for formula in entry.formulas} >= {
        network.name for network in entry.networks[:1]
    } or any(
        formula.less or formula.over or entry.networks[0].name in formula.closed.names
        for formula in entry.formulas
    )
    for formula in entry.formulas:
        assert bool(formula.printed) == bool(formula.where)
        assert formula.unit in ("", "%")
        assert (formula.unit == "%") == bool(formula.over)


def test_the_savings_that_there_must_be() -> None:
    assert {
        "alexnet_head", "asymmetric", "bn_folding", "bottleneck", "compound_step", "late_pooling",
        "dense_evaluation", "dense_links", "equal_channels", "fft", "group_access", "group_budget", "im2col",
        "multi_crop", "narrow_shallow", "smaller_first", "separable_sizes", "winograd",
        "cardinality", "channel_shuffle", "channel_split",
        "compound_scaling", "dense_connectivity", "depthwise_separable", "fire", "fused_mbconv",
        "grid_reduction", "group_convolution", "hard_swish", "inception_reduction", "inverted_residual",
        "last_stage", "linear_as_conv", "low_rank_pair", "mobilenet_layer", "pointwise_groups",
        "resnext_block", "resolution", "shufflenet_unit", "squeeze_excite", "stem_filters", "three_3x3",
        "two_3x3", "vgg_head", "width_multiplier",
    } <= set(entry_names())  # fmt: skip


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("bottlenek", "; did you mean bottleneck?"),
        ("zzz", "; `archlens savings` lists all"),
        ("../errata", "; `archlens savings` lists all"),
        ("", "; `archlens savings` lists all"),
    ],
)
def test_an_unknown_name(name: str, ending: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_entry(name)
    assert str(raised.value) == f"no saving is called {name}{ending}"
