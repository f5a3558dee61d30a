"""The networks of the experiments: their costs by hand, and what PyTorch says about them."""

from math import isqrt

import pytest
import torch

from archlens.analyses import totals
from archlens.builder import build
from archlens.graph import verify
from archlens.spec.loading import load
from archlens.studies.guidelines.experiment import NETWORKS, Case, Experiment, experiments
from archlens.studies.guidelines.printed import GUIDELINES, SCALES, Guideline, PrintedDevice, guideline
from archlens.studies.verification import run_on_meta

PLACES = 56 * 56


def at(key: str, scale: int = 1, channels: PrintedDevice = "gpu", batch: int = 1) -> Experiment:
    """One experiment."""
    (found,) = experiments(guideline(key), (scale,), channels, batch=batch)
    return found


def named(experiment: Experiment, name: str) -> tuple[int, Case]:
    """A case and its place."""
    place = [case.name for case in experiment.cases].index(name)
    return place, experiment.cases[place]


@pytest.mark.parametrize(
    ("name", "multiply_adds", "memory_access", "work"),
    [
        ("1:1", 1_027_604_480, 16_384_000, 1.0),
        ("1:2", 1_016_064_000, 17_258_400, 0.989),
        ("1:6", 1_017_569_280, 23_154_560, 0.990),
        ("1:12", 975_421_440, 29_664_000, 0.949),
    ],
)
def test_g1_by_hand(name: str, multiply_adds: int, memory_access: int, work: float) -> None:
    """20 convolutions of hw·c1·c2 multiply-adds, which move hw·(c1 + c2) + c1·c2 elements: §2, G1."""
    experiment = at("g1")
    place, case = named(experiment, name)
    narrow, wide = case.channels
    assert case.cost.multiply_adds == multiply_adds == 20 * PLACES * narrow * wide
    assert case.cost.memory_access == memory_access == 20 * (PLACES * (narrow + wide) + narrow * wide)
    assert round(experiment.work(place), 3) == work
    assert experiment.access(place) == memory_access / 16_384_000


def test_g1_moves_least_where_widths_are_equal() -> None:
    """2·√(hwB) + B/(hw) for each convolution: equation 2 of §2."""
    for scale in SCALES:
        experiment = at("g1", scale)
        for place, case in enumerate(experiment.cases):
            work = case.cost.multiply_adds // 20
            root = isqrt(4 * PLACES * work)
            bound = 20 * (root + (root * root < 4 * PLACES * work) + work // PLACES)
            assert case.access_bound == bound
            assert (case.over_bound == 1) == (place == 0)
        overs = [case.over_bound for case in experiment.cases]
        assert overs == sorted(overs)


def test_g1_with_the_channels_for_arm_is_less_equal() -> None:
    """22·44 is 5.5 % less than 32²: more than the 5.1 % that 9·108 and 36·432 lack."""
    experiment = at("g1", channels="arm")
    works = {case.name: round(experiment.work(i), 3) for i, case in enumerate(experiment.cases)}
    assert works == {"1:1": 1.0, "1:2": 0.945, "1:6": 0.990, "1:12": 0.949}


@pytest.mark.parametrize(
    ("name", "groups", "multiply_adds", "memory_access"),
    [
        ("g=1", 1, 513_802_240, 8_192_000),
        ("g=2", 2, 508_032_000, 11_451_600),
        ("g=4", 4, 513_802_240, 16_220_160),
        ("g=8", 8, 508_032_000, 22_741_200),
    ],
)
def test_g2_by_hand(name: str, groups: int, multiply_adds: int, memory_access: int) -> None:
    """10 convolutions of hw·c²/g multiply-adds, which move 2·hw·c + c²/g elements: equation 2 of §2."""
    _, case = named(at("g2"), name)
    (width,) = case.channels
    assert case.cost.multiply_adds == multiply_adds == 10 * PLACES * width * width // groups
    assert case.cost.memory_access == memory_access == 10 * (2 * PLACES * width + width * width // groups)
    assert case.over_bound == 1  # for so many groups it is the least


@pytest.mark.parametrize(
    ("name", "width", "count", "parallel"),
    [
        ("1-fragment", 128, 1, False),
        ("2-series", 90, 2, False),
        ("4-series", 64, 4, False),
        ("2-parallel", 90, 2, True),
        ("4-parallel", 64, 4, True),
    ],
)
def test_g3_by_hand(name: str, width: int, count: int, parallel: bool) -> None:
    """A block of n convolutions has n·hw·w² multiply-adds; n maps are n − 1 sums, of three maps each."""
    experiment = at("g3")
    place, case = named(experiment, name)
    assert case.channels == (width,)
    assert case.cost.multiply_adds == 10 * count * PLACES * width * width
    convolutions = 10 * count * (2 * PLACES * width + width * width)
    sums = 10 * 3 * (count - 1) * PLACES * width if parallel else 0
    assert case.cost.memory_access == convolutions + sums
    assert case.element_wise == sums / (convolutions + sums)
    fragments = case.fragmentation
    assert fragments.fragments == 10 * count
    assert fragments.parallel_width == (count if parallel else 1)
    assert fragments.serial_depth == (10 if parallel else 10 * count)
    assert fragments.kernels == 10 * (2 * count - 1 if parallel else count)
    assert experiment.work(place) == (90 * 90 * 2 / 128**2 if width == 90 else 1)


@pytest.mark.parametrize(
    ("name", "activations", "shortcut"),
    [
        ("ReLU + shortcut", True, True),
        ("ReLU", True, False),
        ("shortcut", False, True),
        ("neither", False, False),
    ],
)
def test_g4_by_hand(name: str, activations: bool, shortcut: bool) -> None:
    """A unit of 32 channels: 32→8, 3×3 of 8, 8→32; maps of 8, 8 and 32 activated; two maps of 32 added."""
    experiment = at("g4")
    place, case = named(experiment, name)
    weights = 32 * 8 + 9 * 8 * 8 + 8 * 32
    assert case.cost.multiply_adds == 10 * PLACES * weights
    assert experiment.work(place) == 1
    convolutions = 10 * (PLACES * (40 + 16 + 40) + weights)
    rest = 10 * PLACES * (2 * 48 * activations + 3 * 32 * shortcut)
    assert case.cost.memory_access == convolutions + rest
    assert case.element_wise == rest / (convolutions + rest)
    assert case.fragmentation.kernels == 10 * (3 + 3 * activations + shortcut)
    assert case.fragmentation.fragments == 30


def test_merging_by_concatenation_leaves_the_channels() -> None:
    """What Table 3's parallel fragments would be otherwise: c → c/n, n times."""
    model = f"{NETWORKS}:guideline_g3"
    for count in (2, 4):
        graph = load(model, fragments=count, parallel=True, merge="concat")
        cost = totals(graph)
        assert graph.nodes[-1].shape == (1, 128, 56, 56)
        assert cost.multiply_adds == 10 * PLACES * 128 * 128
        convolutions = 10 * (PLACES * (count * 128 + 128) + 128 * 128)
        assert cost.memory_access == convolutions + 10 * 2 * PLACES * 128


@pytest.mark.parametrize("channels", ["gpu", "arm"])
@pytest.mark.parametrize("each", GUIDELINES, ids=lambda each: each.key)
def test_multiply_adds_are_about_equal_everywhere(each: Guideline, channels: PrintedDevice) -> None:
    for experiment in experiments(each, SCALES, channels):
        for place in range(len(experiment.cases)):
            assert 0.94 < experiment.work(place) < 1.04


def test_printed_speeds_beside_the_first() -> None:
    experiment = at("g1")
    assert experiment.cases[-1].printed == {"gpu": 748, "arm": 57.6}
    assert experiment.printed("gpu", 3) == 748 / 1480
    assert experiment.printed("arm", 0) == 1


def test_a_batch_multiplies_maps_and_not_weights() -> None:
    one, four = at("g2").cases[0], at("g2", batch=4).cases[0]
    assert four.cost.multiply_adds == 4 * one.cost.multiply_adds
    assert four.cost.memory_access == 10 * (4 * 2 * PLACES * 128 + 128 * 128)
    assert four.graph.input_shape == (4, 128, 56, 56)


@pytest.mark.parametrize("each", GUIDELINES, ids=lambda each: each.key)
def test_pytorch_agrees(each: Guideline) -> None:
    (experiment,) = experiments(each, (1,), "arm")
    for case in experiment.cases:
        verify(case.graph)
        module = build(case.graph, device="meta").eval()
        assert sum(parameter.numel() for parameter in module.parameters()) == case.cost.params
        inputs = [torch.empty(case.graph.input_shape, device="meta")]
        checks, counted = run_on_meta(case.graph, module, inputs)
        assert [check for check in checks if check.verdict != "equal"] == []
        assert counted == case.cost.multiply_adds
