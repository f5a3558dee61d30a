"""What resized places see, by the gradient of PyTorch's own interpolation."""

import pytest
import torch
from torch.nn import functional as f

from archlens.ops.interpolation import interpolation


@pytest.mark.parametrize(("length", "wanted"), [(12, 24), (12, 36), (24, 12), (12, 18), (20, 15)])
@pytest.mark.parametrize(
    ("mode", "kernel", "places", "antialias"),
    [
        ("nearest", "floor", "asymmetric", False),
        ("nearest-exact", "nearest", "half_pixel", False),
        ("bilinear", "linear", "half_pixel", False),
        ("bicubic", "cubic", "half_pixel", False),
        ("bilinear", "linear", "half_pixel", True),
    ],
)
def test_places_as_the_gradient_shows(
    length: int, wanted: int, mode: str, kernel: str, places: str, antialias: bool
) -> None:
    """Of every place away from the border, where nothing is repeated."""
    x = torch.rand(1, 1, 1, length, dtype=torch.float64).add(1).requires_grad_()
    y = f.interpolate(x, size=(1, wanted), mode=mode, antialias=antialias)
    span = interpolation(length, wanted, kernel, places, antialias=antialias)
    for place in range(wanted):
        low, high = span.low(place), span.high(place)
        if low < 0 or high >= length:
            continue
        (gradient,) = torch.autograd.grad(y[0, 0, 0, place], x, retain_graph=True)
        seen = (gradient[0, 0, 0].abs() > 1e-12).nonzero().flatten().tolist()
        assert (seen[0], seen[-1]) == (low, high), place
