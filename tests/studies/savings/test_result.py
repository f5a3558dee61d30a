"""Closed forms against the same networks, instantiated and counted; and figures known by hand."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archlens.analyses import totals
from archlens.builder import build
from archlens.errors import UsageError
from archlens.graph import verify
from archlens.spec.lower import lower
from archlens.studies.savings.entry import entry_names, find_entry
from archlens.studies.savings.result import Saving, Settled, compute, instantiate, savings

SMALL = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 96])
"""Numbers that often divide one another."""
OWN = {
    ("width_multiplier", "multiplier"): st.sampled_from([0.125, 0.25, 0.5, 0.75, 1.0, 1.5]),
    ("width_multiplier", "size"): st.sampled_from([32, 64, 96, 224]),
    ("resolution", "size"): st.sampled_from([32, 64, 96, 224]),
    ("resolution", "smaller"): st.sampled_from([32, 64, 128, 192]),
    ("squeeze_excite", "reduction"): st.sampled_from([1, 2, 4, 8, 16, 32]),
    ("mobilenet_layer", "multiplier"): st.sampled_from([0.25, 0.5, 0.75, 1.0, 1.25]),
    ("compound_step", "alpha"): st.sampled_from([1, 2, 1.2]),
    ("compound_step", "beta"): st.sampled_from([1, 1.5]),
    ("compound_step", "gamma"): st.sampled_from([1, 1.25]),
    ("compound_step", "depth"): st.sampled_from([1, 5, 10]),
    ("dense_evaluation", "larger"): st.sampled_from([224, 256, 384, 512]),
    ("late_pooling", "classes"): st.sampled_from([10, 100, 1000]),
    ("multi_crop", "crops"): st.sampled_from([1, 10, 144]),
    ("smaller_first", "size"): st.sampled_from([192, 224, 256]),
    ("smaller_first", "first"): st.sampled_from([32, 64, 128]),
    ("smaller_first", "second"): st.sampled_from([96, 160]),
    ("smaller_first", "third"): st.sampled_from([160, 192]),
    ("narrow_shallow", "multiplier"): st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    ("compound_scaling", "depth"): st.integers(1, 4),
    ("compound_scaling", "width"): st.integers(1, 3),
    ("compound_scaling", "resolution"): st.integers(1, 3),
}
"""What only some numbers are allowed for."""


def of(saving: Saving, network: str, metric: str) -> int:
    (found,) = [each for each in saving.networks if each.name == network]
    return found.metric(metric)


def fails(saving: Saving) -> list[Settled]:
    return [each for each in saving.formulas if not each.equal]


@pytest.mark.parametrize("name", entry_names())
def test_closed_forms_are_what_is_counted(name: str) -> None:
    saving = compute(find_entry(name))
    assert saving.formulas
    assert fails(saving) == []


@pytest.mark.parametrize("name", entry_names())
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_closed_forms_hold_for_other_numbers(name: str, data: st.DataObject) -> None:
    entry = find_entry(name)
    known = [key for key, _ in entry.settings]
    chosen = data.draw(st.lists(st.sampled_from(known), unique=True))
    numbers = {key: data.draw(OWN.get((name, key), SMALL), label=key) for key in chosen}
    try:
        saving = compute(entry, numbers)
    except UsageError:
        assume(False)
    assert fails(saving) == []
    assert {**saving.settings, **numbers} == saving.settings


@pytest.mark.parametrize("name", entry_names())
def test_networks_are_what_pytorch_counts(name: str) -> None:
    """An oracle that shares no code with either side: parameters of the modules."""
    entry = find_entry(name)
    saving = compute(entry)
    values = saving.settings | {key: value for key, _, value in saving.derived}
    for network, counted in zip(entry.networks, saving.networks, strict=True):
        if network.spec is None:
            continue
        graph = lower(network.spec, network.name, {**values, "input": counted.input[1:]})
        module = build(graph, device="meta")
        assert sum(parameter.numel() for parameter in module.parameters()) == counted.cost.params


def agrees(settled: Settled) -> bool:
    """Whether what was counted rounds to what is printed."""
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?([kKMG%]?)", settled.formula.printed)
    assert match
    worth = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "%": 1e-2}[match[3]]
    digits = len(match[2] or "")
    return abs(settled.counted / worth - float(match[0].rstrip("kKMG%"))) <= 0.5 * 10.0**-digits


@pytest.mark.parametrize("name", entry_names())
def test_what_papers_print_is_met_or_explained(name: str) -> None:
    for settled in compute(find_entry(name)).formulas:
        if settled.formula.printed:
            assert agrees(settled) == (not settled.formula.why), settled


def test_every_printed_figure_is_looked_at() -> None:
    printed = {
        each.formula.printed for saving in savings() for each in saving.formulas if each.formula.printed
    }
    assert printed == {
        "70k", "93.4%", "28%", "81%", "33%", "128M", "11920", "2.5M", "10%", "0.26%", "462M", "52.3M",
        "29.6M", "15.1M", "2.36M", "0.27M", "0.15M", "569M", "325M", "4.2M", "2.6M", "290M", "30M", "10M",
        "1.8G", "1.9G", "307M", "2.9M",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "network", "metric", "count"),
    [
        ("bottleneck", "plain", "params", 1_179_648),
        ("bottleneck", "bottleneck", "params", 69_632),
        ("bottleneck", "basic", "params", 73_728),
        ("depthwise_separable", "plain", "params", 4_608),
        ("depthwise_separable", "separable", "params", 656),
        ("group_convolution", "dense", "params", 614_400),
        ("group_convolution", "grouped", "params", 307_200),
        ("resnext_block", "resnet", "params", 69_632),
        ("resnext_block", "resnext", "params", 70_144),
        ("cardinality", "two", "params", 69_760),
        ("cardinality", "four", "params", 69_888),
        ("cardinality", "eight", "params", 71_456),
        ("cardinality", "many", "params", 70_144),
        ("shufflenet_unit", "resnet", "multiply_adds", 784 * (28_800 + 32_400)),
        ("shufflenet_unit", "resnext", "multiply_adds", 784 * (28_800 + 10_800)),
        ("shufflenet_unit", "shufflenet", "multiply_adds", 784 * (9_600 + 540)),
        ("fire", "fire", "params", 11_920),
        ("inception_reduction", "naive", "params", 387_072),
        ("inception_reduction", "reduced", "params", 163_328),
        ("low_rank_pair", "squeezenext", "params", 9_216),
        ("low_rank_pair", "direct", "params", 9_216),
        ("squeeze_excite", "plain", "params", 25_557_032),
        ("squeeze_excite", "excited", "params", 28_088_024),
        ("alexnet_head", "connected", "params", 58_631_144),
        ("alexnet_head", "pooled", "params", 257_000),
        ("vgg_head", "connected", "params", 123_642_856),
        ("vgg_head", "pooled", "params", 513_000),
        ("dense_connectivity", "dense", "params", 106_272),
        ("mobilenet_layer", "separable", "multiply_adds", 52_283_392),
        ("inverted_residual", "inverted", "params", 8_208),
        ("fused_mbconv", "mbconv", "params", 192 * 105),
        ("fused_mbconv", "fused", "params", 92_160),
        ("stem_filters", "wide", "multiply_adds", 20_873_216),
        ("stem_filters", "narrow", "multiply_adds", 10_436_608),
        ("last_stage", "original", "multiply_adds", 44_352_960),
        ("last_stage", "efficient", "multiply_adds", 10_035_200),
        ("linear_as_conv", "linear", "params", 102_764_544),
        ("linear_as_conv", "convolution", "params", 102_764_544),
        ("compound_scaling", "compound", "multiply_adds", 1_800_091_280),
        ("equal_channels", "equal", "memory_access", 819_200),
        ("equal_channels", "unequal", "memory_access", 1_019_904),
        ("group_access", "grouped", "memory_access", 1_622_016),
        ("dense_links", "dense", "params", 78),
        ("group_budget", "g1", "multiply_adds", 784 * (2 * 144 * 36 + 324)),
        ("late_pooling", "late", "multiply_adds", 818_924_576),
        ("late_pooling", "early", "multiply_adds", 467_577_888),
        ("bn_folding", "apart", "params", 36_992),
        ("multi_crop", "many", "multiply_adds", 7_244_068_160),
        ("winograd", "transformed", "multiply_adds", 28**2 * 16 * 64 * 64),
        ("im2col", "lowered", "multiply_adds", 115_605_504),
    ],
)
def test_figures_known_by_hand(name: str, network: str, metric: str, count: int) -> None:
    assert of(compute(find_entry(name)), network, metric) == count


@pytest.mark.parametrize(
    ("name", "written", "share"),
    [
        ("pointwise_groups", "2·channels / (2·channels + kernel²·inner / groups)", 0.934),
        ("two_3x3", "1 − layers·9 / kernel²", 0.28),
        ("three_3x3", "1 − layers·9 / kernel²", 0.449),
        ("asymmetric", "1 − 2 / kernel", 0.333),
        ("depthwise_separable", "1 / out + 1 / kernel²", 0.142),
        ("grid_reduction", "1 / 8", 0.125),
        ("winograd", "points / (tile·kernel)²", 0.444),
        ("compound_step", "alpha·beta²·gamma²", 1.920),
        ("dense_links", "2 / (layers + 1)", 0.154),
        ("separable_sizes", "1 / out + 1 / 25", 0.048),
    ],
)
def test_shares_known_by_hand(name: str, written: str, share: float) -> None:
    (settled,) = [each for each in compute(find_entry(name)).formulas if each.written == written]
    assert round(float(settled.counted), 3) == share


@pytest.mark.parametrize(
    ("name", "metric", "times"),
    [
        ("bottleneck", "params", 16.94),
        ("group_convolution", "params", 2.0),
        ("low_rank_pair", "params", 4.0),
        ("channel_shuffle", "params", 1.0),
        ("channel_shuffle", "multiply_adds", 1.0),
        ("hard_swish", "memory_access", 2.5),
        ("grid_reduction", "multiply_adds", 8.0),
        ("squeeze_excite", "params", 0.91),
    ],
)
def test_ratios_known_by_hand(name: str, metric: str, times: float) -> None:
    """How many times less it is, as people say it; a ratio is what is left, below 1."""
    found = compute(find_entry(name)).ratio(metric)
    assert found is not None
    assert round(1 / found, 2) == times


def test_gates_of_resnet50() -> None:
    settled = compute(find_entry("squeeze_excite")).formulas
    assert [each.counted for each in settled[:2]] == [2_514_944, 2_530_992]
    halved = compute(find_entry("squeeze_excite"), {"reduction": 8}).formulas
    assert halved[0].counted == 2 * 2_514_944


def test_a_shuffle_computes_nothing_and_moves_the_map() -> None:
    saving = compute(find_entry("channel_shuffle"))
    assert of(saving, "shuffled", "memory_access") - of(saving, "apart", "memory_access") == 2 * 240 * 28 * 28


def test_nothing_is_saved_of_what_costs_nothing() -> None:
    saving = compute(find_entry("hard_swish"))
    assert saving.ratio("multiply_adds") is None
    assert saving.ratio("params") is None


def test_oldest_first() -> None:
    found = savings()
    assert [saving.entry.year for saving in found] == sorted(saving.entry.year for saving in found)
    assert sorted(saving.entry.name for saving in found) == sorted(entry_names())
    assert not any(saving.changed for saving in found)


def test_titles_tell_the_numbers() -> None:
    saving = compute(find_entry("bottleneck"), {"kernel": 5})
    assert saving.what == "1×1, 5×5, 1×1 for two 5×5"
    assert saving.changed
    assert [network.title for network in saving.networks][:2] == ["two 5×5", "1×1, 5×5, 1×1"]


@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        (
            "group_convolution",
            {"groups": 5},
            "group_convolution needs channels % groups == 0, and has channels=96, groups=5",
        ),
        (
            "mobilenet_layer",
            {"multiplier": 0.3},
            "mobilenet_layer needs channels * multiplier % 1 == 0, and has channels=512, multiplier=0.3",
        ),
        ("two_3x3", {"kernel": 4}, "two_3x3 needs kernel % 2 == 1, and has kernel=4"),
        ("bottleneck", {"kernal": 3}, "bottleneck has no parameter kernal; did you mean kernel?"),
        ("squeeze_excite", {"size": 3}, "squeeze_excite has no parameter size; it has reduction"),
        ("bottleneck", {"size": 0}, "bottleneck: size=0 is not positive"),
        ("bottleneck", {"size": -3}, "bottleneck: size=-3 is not positive"),
        ("bottleneck", {"size": 2.5}, "bottleneck: size=2.5 is not an integer"),
        (
            "width_multiplier",
            {"multiplier": 0.3},
            "width_multiplier needs 32 * multiplier % 1 == 0, and has multiplier=0.3",
        ),
    ],
)
def test_numbers_that_do_not_fit(name: str, numbers: dict[str, int | float], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        compute(find_entry(name), numbers)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("bottleneck", {"channels": 10**9, "size": 10**9}, "the result is larger than 10^15"),
        ("dense_connectivity", {"layers": 10**6}, "number of passes"),
        ("linear_as_conv", {"size": 10**9}, "larger than 10^15"),
    ],
)
def test_numbers_without_bound(name: str, numbers: dict[str, int | float], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as raised:
        compute(find_entry(name), numbers)
    assert str(raised.value).startswith(f"{name} {next(iter(numbers))}=")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", entry_names())
def test_what_is_timed_costs_what_is_shown(name: str) -> None:
    """A part of a network, too, is a network by itself; and two images at once are twice the work."""
    saving = compute(find_entry(name))
    for one, two, counted in zip(
        instantiate(saving), instantiate(saving, batch=2), saving.networks, strict=True
    ):
        verify(one)
        cost = totals(one)
        assert (cost.params, cost.multiply_adds) == (counted.cost.params, counted.cost.multiply_adds)
        assert totals(two).multiply_adds == 2 * counted.cost.multiply_adds
        assert two.input_shape[0] == 2 * one.input_shape[0]
