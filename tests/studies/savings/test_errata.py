"""Printed figures that are wrong: every right one against a figure worked out by hand."""

import pytest

from archlens.spec.loading import load
from archlens.studies.savings.errata import Erratum, errata

RIGHT = {
    "weights of two 3×3 at 256 channels": 1_179_648,
    "gates of SE-ResNet-50, reduction 16": 2_514_944,
    "AlexNet's input": 227,
    "alexnet_paper conv1, activations": 55 * 55 * 96,
    "GoogLeNet, 7×7 convolution, params": 9_408 / 1024,
    "GoogLeNet, 7×7 convolution, ops": 118_013_952,
    "GoogLeNet, inception (4a), params": 375_552 / 1024,
    "GoogLeNet, inception (4a), ops": 73_608_192,
    "GoogLeNet, inception (4b), params": 448_512 / 1024,
    "GoogLeNet, inception (4c), params": 509_440 / 1024,
    "GoogLeNet, inception (4d), params": 604_672 / 1024,
    "GoogLeNet, inception (4e), params": 867_328 / 1024,
    "GoogLeNet, inception (5a), params": 1_042_432 / 1024,
    "GoogLeNet, inception (5a), ops": 51_079_168,
    "GoogLeNet, inception (5b), params": 1_442_816 / 1024,
    "inception_v1, multiply-adds": 1_582_671_872,
    "vgg16, multiply-adds": 15_470_264_320,
    "tf_inception_v3, params": 23_834_568,
    "resnet50, multiply-adds": 3_857_973_248,
    "densenet264, layers": 2 * (6 + 12 + 64 + 48) + 5,
    "squeezenet1_0_complex_bypass, params": 1_248_424 + 12_416 + 33_024 + 98_688 + 197_120,
    "mobilenet_v1_x0_75, multiply-adds": 325_400_448,
    "mobilenet_v1_x0_25_192, multiply-adds": 30_212_608,
    "shufflenet_v1_g3_se, multiply-adds": 138_180_672,
    "ShuffleNet V2, ARM channels of 8 groups": 184,
    "mobilenet_v2_x1_4, params": 6_108_776,
    "mobilenet_v2_x1_4, multiply-adds": 582_195_824,
    "mobilenet_v2_x0_35_96, multiply-adds": 11_934_128,
    "mobilenet_v3_small, multiply-adds": 56_510_400,
    "mobilenet_v3_small_minimalistic, multiply-adds": 56_510_400 - 16 * (196 * 840 + 49 * 1_440) - 458_752,
    "MobileNetV3, last stage, multiply-adds": 35_546_560 - 1_228_800,
    "EfficientNet-B0, depth 4, multiply-adds": 1_575_132_640,
    "EfficientNet-B0, width 2, multiply-adds": 1_449_958_848,
    "EfficientNet-B0, resolution 2, multiply-adds": 1_537_537_408,
    "efficientnet_b1, multiply-adds": 686_802_832,
    "efficientnet_b4, multiply-adds": 4_393_771_024,
    "efficientnet_b5, multiply-adds": 10_266_384_752,
    "efficientnet_b4, activations": 49_489_032,
    "efficientnet_v2_s, multiply-adds": 8_365_617_152,
    "efficientnet_v2_l, params": 119_027_848 - 512_576,
    "efficientnet_v2_l, multiply-adds": 56_079_699_008,
    "weights of a 3×3, 12 → 6 in 3 groups": 3 * (4 * 9 * 2),
    "inception with 1×1 reductions": 271_351_808,
    "MobileNet V1, % of work in the 3×3": pytest.approx(1.906, abs=5e-4),
    "AlexNet, steps of an unpadded conv1": 53.25,
    "17×17 behind a 3×3 of stride 2": len(range(0, 17 - 2, 2)),
    "AlexNet, neurons of a layer and GPU": 2048,
    "MobileNet V2, layers": 53,
    "inception_resnet_v1, layers": 6 + 4 * 20 + 2 * 3 + 1,
    "bn_inception, layers": 4 + 3 * 10 + 1,
    "shufflenet_v1_g3_x0_5_shallow, multiply-adds": 21_584_496,
    "memory access of a 1×1, 128 channels, 56×56": 819_200,
    "convnext_base, multiply-adds": 45_122_117_632,
    "seresnet50 reduction=4, params": 35_635_688,
    "resnet50 depths=[12, 16, 24, 12], multiply-adds": 4_089_184_256
    + 48 * 56**2 * (2 * 256 * 64 + 9 * 64**2),
    "resnet50 multiplier=2, multiply-adds": 4 * 4_089_184_256 - 2 * (112**2 * 49 * 3 * 64 + 2048 * 1000),
}
"""Those of the catalogue are held against PyTorch's and fvcore's counts by `archlens verify`."""


@pytest.fixture(scope="module")
def listed() -> tuple[Erratum, ...]:
    return errata()


def test_every_right_figure(listed: tuple[Erratum, ...]) -> None:
    assert {each.what: each.right for each in listed} == RIGHT


def test_copied_figures_are_wrong(listed: tuple[Erratum, ...]) -> None:
    worth = {"K": 10**3, "M": 10**6, "G": 10**9}
    for each in listed:
        text = each.copied.replace(",", "")
        unit = 1 if each.unit else worth.get(text[-1], 1)
        printed = float(text.rstrip("KMG"))
        digits = len(text.rstrip("KMG").partition(".")[2])
        assert abs(each.right / unit - printed) > 0.5 * 10**-digits, each


def test_each_says_where_and_how(listed: tuple[Erratum, ...]) -> None:
    for each in listed:
        assert each.where
        assert each.arithmetic
        assert "\n" not in each.arithmetic


def test_the_copied_sum_over_gates_has_one_slip() -> None:
    """131,072 is 2·256², and the 2018 of the copies is added up as 2048."""
    assert 2 * (131_072 + 4 * 512**2 + 6 * 1024**2 + 3 * 2048**2) // 16 == 2_506_752
    assert 2 * 256**2 == 131_072


@pytest.mark.parametrize("module", ["4a", "4b", "4c", "4d", "4e", "5a", "5b"])
def test_modules_of_googlenet_have_these_weights(module: str, listed: tuple[Erratum, ...]) -> None:
    """The network of the catalogue: at each place of the map, a multiply-add a weight."""
    (erratum,) = [each for each in listed if each.what == f"GoogLeNet, inception ({module}), params"]
    stage, letter = module[0], module[1]
    nodes = [node for node in load("inception_v1").nodes if node.name.startswith(f"stage{stage}.{letter}.")]
    places = {"4": 14 * 14, "5": 7 * 7}[stage]
    assert sum(node.cost.multiply_adds for node in nodes) == erratum.right * 1024 * places


def test_units_of_1024_are_told() -> None:
    for each in errata():
        assert each.unit == (
            "K" if each.what.startswith("GoogLeNet") and each.what.endswith("params") else ""
        )


def test_the_authors_stride() -> None:
    """ResNet-50 as its paper has it: the stride in the first 1×1."""
    graph = load("resnet50", stride_in="1x1")
    assert sum(node.cost.multiply_adds for node in graph.nodes) == RIGHT["resnet50, multiply-adds"]
