"""Fields of recorded modules beside their own gradient: whatever happens to the axes on the way."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as f

import archlens
from archlens.analyses import receptive_fields

Between = Callable[[Tensor], Tensor]
LINEAR = nn.Linear(8, 8)
nn.init.ones_(LINEAR.weight)
CASES: dict[str, Between] = {
    "nothing": lambda x: x,
    "Focus": lambda x: torch.cat(
        [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1
    ),
    "every third": lambda x: x[:, :, 1::3, ::3],
    "a crop along two axes": lambda x: x[:, :, 3:-2, 1:-4],
    "channels last and back": lambda x: (x.permute(0, 2, 3, 1) * 2).permute(0, 3, 1, 2),
    "a linear layer over channels that come last": lambda x: LINEAR(x.permute(0, 2, 3, 1)).permute(
        0, 3, 1, 2
    ),
    "half": lambda x: x.bfloat16().float(),
    "pixel shuffle": lambda x: f.pixel_shuffle(x, 2),
    "pixel unshuffle": lambda x: f.pixel_unshuffle(x, 2),
    "pixel shuffle there and back": lambda x: f.pixel_shuffle(f.pixel_unshuffle(x, 3), 3),
    "depth to space by hand": lambda x: x.reshape(1, 2, 2, 2, *x.shape[2:])
    .permute(0, 1, 4, 2, 5, 3)
    .reshape(1, 2, 2 * x.shape[2], -1),
    "space to depth by hand": lambda x: x.reshape(1, 8, x.shape[2] // 2, 2, x.shape[3] // 2, 2)
    .permute(0, 3, 5, 1, 2, 4)
    .reshape(1, 32, x.shape[2] // 2, -1),
    "rows and columns in turn": lambda x: x.reshape(1, 8, x.shape[2] // 2, 2, x.shape[3])
    .permute(0, 1, 3, 2, 4)
    .reshape(1, 16, x.shape[2] // 2, -1),
    "tokens and back": lambda x: (x.flatten(2).transpose(1, 2) * 2).transpose(1, 2).reshape(x.shape),
    "windows and back": lambda x: (
        x.reshape(1, 8, x.shape[2] // 4, 4, x.shape[3] // 4, 4).permute(0, 2, 4, 3, 5, 1) * 2
    )
    .permute(0, 5, 1, 3, 2, 4)
    .reshape(x.shape),
    "pad on one side": lambda x: f.pad(x, (3, 0, 0, 2)),
    "pad by reflection": lambda x: f.pad(x, (2, 2, 2, 2), mode="reflect"),
    "nearest": lambda x: f.interpolate(x, scale_factor=2),
    "nearest, exact": lambda x: f.interpolate(x, scale_factor=3, mode="nearest-exact"),
    "bilinear": lambda x: f.interpolate(x, scale_factor=2, mode="bilinear"),
    "bicubic": lambda x: f.interpolate(x, scale_factor=2, mode="bicubic"),
    "smaller by a cubic": lambda x: f.interpolate(x, scale_factor=0.5, mode="bicubic"),
    "smaller, smoothed": lambda x: f.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True),
    "power pool": lambda x: f.lp_pool2d(x + 1, 2, 3, 2),
    "squeezed": lambda x: x.squeeze(0).unsqueeze(0),
    "one tile": lambda x: x.repeat(1, 1, 1, 1),
    "channels repeated": lambda x: x.repeat(1, 2, 1, 1),
    "one channel, expanded": lambda x: x[:, :1].expand(-1, 8, -1, -1),
    "every other row picked": lambda x: x[:, :, torch.arange(0, x.shape[2], 2)],
    "channels picked": lambda x: x.index_select(1, torch.tensor([1, 3, 5, 7])),
    "turned round": lambda x: x.transpose(2, 3).transpose(2, 3),
    "transposed with a gap": lambda x: f.conv_transpose2d(x, torch.ones(8, 4, 4, 4), stride=2, dilation=3),
    "transposed, with places left out": lambda x: f.conv_transpose2d(x, torch.ones(8, 4, 2, 2), stride=3),
    "one row at a time": lambda x: torch.stack(x.unbind(1), 1),
    "mean over channels": lambda x: x.mean(1, keepdim=True),
}  # fmt: skip


class Between3x3(nn.Module):
    """Something between two convolutions, as wide as their input, with ones for weights."""

    def __init__(self, between: Between) -> None:
        super().__init__()
        self.between = between

    def forward(self, x: Tensor) -> Tensor:
        y = f.conv2d(x, torch.ones(8, 3, 3, 3), padding=1)
        y = self.between(y)
        return f.conv2d(y, torch.ones(4, y.shape[1], 3, 3), padding=1)


def seen(module: nn.Module, x: Tensor, axis: int, place: int) -> tuple[int, int]:
    """The first and the last place of the input that a row or a column of the output depends on."""
    x = x.clone().requires_grad_()
    output: Any = module(x)
    (gradient,) = torch.autograd.grad(output.select(axis, place).sum(), x)
    places = gradient.movedim(axis, 0).flatten(1).abs().sum(1).nonzero().flatten()
    return int(places[0]), int(places[-1])


@pytest.mark.parametrize("name", CASES)
def test_fields_as_the_gradient_shows(name: str) -> None:
    """Of each of six neighbours in the middle, along both axes: or it is said to be unknown."""
    module, x = Between3x3(CASES[name]), torch.rand(1, 3, 48, 36)
    graph = archlens.record(module, x)
    found = receptive_fields(graph)
    unknown = {"one row at a time"}
    assert found.unknown == (name in unknown)
    if found.unknown:
        assert found.network is None
        return
    output = graph.outputs[0]
    for axis in (2, 3):
        span = found.span(output, axis)
        middle = graph.nodes[output].shape[axis] // 2
        for place in range(middle - 3, middle + 3):
            assert (span.low(place), span.high(place)) == seen(module, x, axis, place), (axis, place)


def test_an_input_whose_channels_come_last() -> None:
    """Images as TensorFlow has them: the axes of the input are 1 and 2."""

    class Own(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            y = f.conv2d(x.permute(0, 3, 1, 2), torch.ones(4, 3, 3, 3), stride=2)
            return f.conv2d(y, torch.ones(4, 4, 3, 3)).permute(0, 2, 3, 1)

    found = receptive_fields(archlens.record(Own(), torch.zeros(1, 32, 24, 3)))
    assert found.axes == (1, 2)
    assert found.network is not None
    assert found.network.size == (7, 7)
    assert list(found.network.stride) == [2, 2]


def test_what_cannot_be_followed_is_unknown() -> None:
    class Sorted(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return f.conv2d(x.sort(-1)[0], torch.ones(4, 3, 3, 3))

    found = receptive_fields(archlens.record(Sorted(), torch.zeros(1, 3, 16, 16)))
    assert found.unknown
    assert found.network is None
