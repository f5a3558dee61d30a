"""A roofline worked out by hand."""

import pytest

from archlens.devices.roofline import roofline
from archlens.devices.sheet import parse_sheet
from tests.spec.written import network


def test_a_convolution_and_its_activation() -> None:
    """16 channels to 16 at 8×8 by 3×3: 147,456 multiply-adds, 2,304 weights and no bias, 1,024 in and out.

    At 2·147456 operations a microsecond, arithmetic takes 1 µs. At 4·2048 bytes a microsecond, memory takes
    1 µs for the maps and 1.125 for the weights: longer. The activation moves as much as the maps, in 1 µs,
    and is launched in 1.5.
    """
    graph = network("[{conv: {out: 16, kernel: 3}}, relu]", shape="[16, 8, 8]")
    sheet = parse_sheet('{"tflops": 0.294912, "bandwidth": "8.192 GB/s", "launch": "1.5 us"}')
    found = roofline(graph, sheet)
    assert found.parts() == pytest.approx((0, 1e-6, 1.125e-6, 1.5e-6))
    assert found.seconds == pytest.approx(3.625e-6)


def test_half_the_bytes() -> None:
    graph = network("[relu]", shape="[16, 8, 8]")
    sheet = parse_sheet('{"tflops": 1, "bandwidth": "8.192 GB/s", "dtype": "float16"}')
    assert roofline(graph, sheet).seconds == pytest.approx(0.5e-6)
