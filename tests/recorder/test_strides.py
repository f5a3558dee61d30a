"""Where outputs lie in memory: recorded on shapes alone, beside the same operator run on real tensors."""

from collections.abc import Callable
from typing import Any
from warnings import catch_warnings

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as f

import archlens

Made = Callable[[Tensor], Any]


def weights(*shape: int) -> Tensor:
    return torch.ones(shape)


ANY: dict[str, Made] = {
    "add a number": lambda x: x + 1,
    "times a number": lambda x: 2 * x,
    "plus itself": lambda x: x + x,
    "plus a tensor": lambda x: x + torch.zeros(x.shape),
    "a tensor plus": lambda x: torch.zeros(x.shape) + x,
    "plus a row": lambda x: x + torch.zeros(x.shape[-1]),
    "a row plus": lambda x: torch.zeros(x.shape[-1]) + x,
    "plus a column": lambda x: x * torch.zeros(x.shape[1], *(1,) * (x.dim() - 2)),
    "plus its mean": lambda x: x - x.mean(-1, keepdim=True),
    "relu": torch.relu,
    "relu in place": lambda x: torch.relu_(x + 1),
    "gelu": f.gelu,
    "silu": f.silu,
    "sigmoid times itself": lambda x: x.sigmoid() * x,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "leaky relu": f.leaky_relu,
    "elu": f.elu,
    "hardswish": f.hardswish,
    "hardsigmoid": f.hardsigmoid,
    "hardtanh": f.hardtanh,
    "relu6": f.relu6,
    "prelu": lambda x: f.prelu(x, torch.ones(x.shape[1])),
    "power": lambda x: x**2,
    "root": lambda x: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6),
    "clamp": lambda x: x.clamp(0, 1),
    "tril": torch.tril,
    "where": lambda x: torch.where(x > 0, x, 0.0),
    "where not": lambda x: torch.where(x > 0, 0.0, x),
    "compared": lambda x: (x > 0).logical_not().float(),
    "masked": lambda x: x.masked_fill(x > 0, 0.0),
    "between": lambda x: torch.lerp(x, x * 2, 0.5),
    "addcmul": lambda x: torch.addcmul(x, x, x),
    "half": lambda x: x.half(),
    "double": lambda x: x.double() + x,
    "clone": lambda x: x.clone(),
    "contiguous": lambda x: x.contiguous(),
    "dropout": lambda x: f.dropout(x, 0.5, True),
    "softmax": lambda x: x.softmax(-1),
    "softmax over channels": lambda x: x.softmax(1),
    "log softmax": lambda x: x.log_softmax(-1),
    "layer norm": lambda x: f.layer_norm(x, x.shape[-1:]),
    "layer norm with weights": lambda x: f.layer_norm(x, x.shape[-1:], torch.ones(x.shape[-1:])),
    "rms norm": lambda x: f.rms_norm(x, x.shape[-1:]),
    "group norm": lambda x: f.group_norm(x, 2),
    "batch norm": lambda x: f.batch_norm(x, torch.zeros(x.shape[1]), torch.ones(x.shape[1])),
    "batch norm while training": lambda x: f.batch_norm(
        x, torch.zeros(x.shape[1]), torch.ones(x.shape[1]), training=True
    ),
    "instance norm": lambda x: f.instance_norm(x) if x.dim() > 2 else x,
    "linear": lambda x: f.linear(x, weights(5, x.shape[-1])),
    "linear with bias": lambda x: f.linear(x, weights(5, x.shape[-1]), weights(5)),
    "matmul": lambda x: x @ x.transpose(-2, -1),
    "matmul with a matrix": lambda x: x @ weights(x.shape[-1], 5),
    "einsum": lambda x: torch.einsum("...c,cd->...d", x, weights(x.shape[-1], 5)),
    "cat": lambda x: torch.cat([x, x], 1),
    "cat with another": lambda x: torch.cat([x, torch.zeros(x.shape)], 1),
    "stack": lambda x: torch.stack([x, x], 1),
    "flip": lambda x: x.flip(1),
    "roll": lambda x: x.roll(1, 1),
    "roll of all": lambda x: x.roll(1),
    "roll of two": lambda x: x.roll((1, 1), (0, 1)),
    "repeat": lambda x: x.repeat(*(1,) * (x.dim() - 1), 2),
    "repeat interleaved": lambda x: x.repeat_interleave(2, 1),
    "pad": lambda x: f.pad(x, (1, 1)),
    "pad to the front": lambda x: f.pad(x, (0, 0, 1, 0)),
    "crop": lambda x: f.pad(x, (-1, 0)),
    "index": lambda x: x[:, torch.arange(x.shape[1])],
    "index select": lambda x: x.index_select(1, torch.arange(x.shape[1])),
    "gather": lambda x: x.gather(-1, torch.zeros(x.shape, dtype=torch.int64)),
    "scatter": lambda x: x.scatter(-1, torch.zeros(x.shape, dtype=torch.int64), 1.0),
    "index put": lambda x: x.index_put((torch.zeros(1, dtype=torch.int64),), torch.zeros(())),
    "glu": lambda x: f.glu(x, -1),
    "sum": lambda x: x.sum(1),
    "mean kept": lambda x: x.mean(1, keepdim=True),
    "largest": lambda x: x.amax(-1),
    "largest with indices": lambda x: x.max(-1),
    "variance": lambda x: x.var(1),
    "cumulated": lambda x: x.cumsum(1),
    "sorted": lambda x: x.sort(-1),
    "topk": lambda x: x.topk(2, -1),
    "norm": lambda x: f.normalize(x, dim=1),
    "zeros": torch.zeros_like,
    "empty, filled": lambda x: torch.empty_like(x).fill_(1.0),
    "random": torch.rand_like,
    "reshaped and back": lambda x: x.reshape(-1).reshape(x.shape),
    "flattened": lambda x: x.flatten(1) * 2,
    "chunk": lambda x: x.chunk(2, 1)[1] * 2,
    "unfold": lambda x: x.unfold(-1, 2, 1) * 2,
}  # fmt: skip
"""Functions of tensors with any number of axes, the last two and the second even."""

MAPS: dict[str, Made] = {
    "convolution": lambda x: f.conv2d(x, weights(6, x.shape[1], 3, 3)),
    "convolution, channels last": lambda x: f.conv2d(
        x, weights(6, x.shape[1], 3, 3).contiguous(memory_format=torch.channels_last)
    ),
    "convolution 1×1": lambda x: f.conv2d(x, weights(6, x.shape[1], 1, 1)),
    "depthwise": lambda x: f.conv2d(x, weights(x.shape[1], 1, 3, 3), padding=1, groups=x.shape[1]),
    "transposed convolution": lambda x: f.conv_transpose2d(x, weights(x.shape[1], 6, 2, 2), stride=2),
    "max pool": lambda x: f.max_pool2d(x, 2),
    "max pool with indices": lambda x: f.max_pool2d(x, 2, return_indices=True),
    "average pool": lambda x: f.avg_pool2d(x, 2),
    "adaptive average pool": lambda x: f.adaptive_avg_pool2d(x, 3),
    "global average pool": lambda x: f.adaptive_avg_pool2d(x, 1) * x,
    "mean": lambda x: x.mean((2, 3), keepdim=True) * x,
    "adaptive max pool": lambda x: f.adaptive_max_pool2d(x, 3),
    "lp pool": lambda x: f.lp_pool2d(x, 2, 2),
    "nearest": lambda x: f.interpolate(x, scale_factor=2),
    "nearest, exact": lambda x: f.interpolate(x, scale_factor=2, mode="nearest-exact"),
    "bilinear": lambda x: f.interpolate(x, scale_factor=2, mode="bilinear"),
    "bicubic": lambda x: f.interpolate(x, scale_factor=2, mode="bicubic"),
    "pixel shuffle": lambda x: f.pixel_shuffle(x, 2),
    "pixel unshuffle": lambda x: f.pixel_unshuffle(x, 2),
    "channel shuffle": lambda x: f.channel_shuffle(x, 2),
    "pad": lambda x: f.pad(x, (1, 1, 1, 1)),
    "pad by reflection": lambda x: f.pad(x, (1, 1, 1, 1), mode="reflect"),
    "pad by replication": lambda x: f.pad(x, (1, 1, 1, 1), mode="replicate"),
    "local response norm": lambda x: f.local_response_norm(x, 3),
    "grid sample": lambda x: f.grid_sample(x, torch.zeros(x.shape[0], 3, 3, 2), align_corners=False),
    "attention": lambda x: f.scaled_dot_product_attention(x, x, x),
    "attention with a mask": lambda x: f.scaled_dot_product_attention(x, x, x, weights(6, 6)),
    "attention with a mask a head": lambda x: f.scaled_dot_product_attention(x, x, x, weights(4, 6, 6)),
    "attention with a mask of 4 axes": lambda x: f.scaled_dot_product_attention(x, x, x, weights(1, 4, 6, 6)),
    "attention with a row as mask": lambda x: f.scaled_dot_product_attention(x, x, x, weights(1, 1, 1, 6)),
    "attention to fewer keys": lambda x: f.scaled_dot_product_attention(x, x[:, :, :3], x[:, :, :3]),
    "attention to one head": lambda x: f.scaled_dot_product_attention(x, x[:, :1], x[:, :1]),
    "attention to half the heads": lambda x: f.scaled_dot_product_attention(
        x, x[:, :2], x[:, :2], enable_gqa=True
    ),
    "dropout of channels": lambda x: f.dropout2d(x, 0.5, True),
    "unfolded": lambda x: f.unfold(x, 2),
    "folded": lambda x: f.fold(f.unfold(x, 2), x.shape[2:], 2),
    "tokens": lambda x: f.layer_norm(x.flatten(2).transpose(1, 2), (x.shape[1],)) + 1,
    "windows": lambda x: x.view(*x.shape[:2], 2, x.shape[2] // 2, 2, -1).permute(0, 1, 2, 4, 3, 5) * 2,
}  # fmt: skip

LINES: dict[str, Made] = {
    "convolution": lambda x: f.conv1d(x, weights(4, x.shape[1], 3)),
    "transposed convolution": lambda x: f.conv_transpose1d(x, weights(x.shape[1], 4, 2)),
    "max pool": lambda x: f.max_pool1d(x, 2),
    "average pool": lambda x: f.avg_pool1d(x, 2),
    "adaptive average pool": lambda x: f.adaptive_avg_pool1d(x, 3),
    "adaptive max pool": lambda x: f.adaptive_max_pool1d(x, 3),
    "nearest": lambda x: f.interpolate(x, scale_factor=2),
    "linear": lambda x: f.interpolate(x, scale_factor=2, mode="linear"),
    "bmm": lambda x: torch.bmm(x, x.transpose(1, 2)),
    "baddbmm": lambda x: torch.baddbmm(x, x[..., :3], x[:, :3]),
    "attention": lambda x: f.scaled_dot_product_attention(x, x, x),
    "pad by reflection": lambda x: f.pad(x, (1, 1), mode="reflect"),
    "pad by replication": lambda x: f.pad(x, (1, 1), mode="replicate"),
}  # fmt: skip

VOLUMES: dict[str, Made] = {
    "convolution": lambda x: f.conv3d(x, weights(4, x.shape[1], 3, 3, 3)),
    "transposed convolution": lambda x: f.conv_transpose3d(x, weights(x.shape[1], 4, 2, 2, 2)),
    "max pool": lambda x: f.max_pool3d(x, 2),
    "average pool": lambda x: f.avg_pool3d(x, 2),
    "adaptive average pool": lambda x: f.adaptive_avg_pool3d(x, 3),
    "adaptive max pool": lambda x: f.adaptive_max_pool3d(x, 3),
    "nearest": lambda x: f.interpolate(x, scale_factor=2),
    "trilinear": lambda x: f.interpolate(x, scale_factor=2, mode="trilinear"),
    "pad by replication": lambda x: f.pad(x, (1,) * 6, mode="replicate"),
}  # fmt: skip

LAYOUTS: dict[str, Made] = {
    "in one piece": lambda x: x,
    "transposed": lambda x: x.transpose(1, -1).contiguous().transpose(1, -1),
    "channels last": lambda x: x.movedim(1, -1).contiguous().movedim(-1, 1),
    "batch inside": lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),
    "every other": lambda x: x.repeat_interleave(2, -1)[..., ::2],
    "a part": lambda x: torch.cat([x, x], 1)[:, : x.shape[1]],
    "a part, channels last": lambda x: torch.cat([x, x], 1).movedim(1, -1).contiguous().movedim(-1, 1)[
        :, : x.shape[1]
    ],
    "turned round": lambda x: x.permute(*range(x.dim())[::-1]).contiguous().permute(*range(x.dim())[::-1]),
    "one sample seen twice": lambda x: x[:1].expand(x.shape),
    "one channel seen often": lambda x: x[:, :1].expand(x.shape),
}  # fmt: skip
"""The same tensor, its elements elsewhere in memory."""

CASES = [
    *[(shape, name, made) for shape in ((2, 4), (2, 4, 8), (2, 4, 6, 8)) for name, made in ANY.items()],
    *[(shape, name, made) for shape in ((2, 4, 6, 8), (1, 4, 6, 8)) for name, made in MAPS.items()],
    *[((2, 4, 8), name, made) for name, made in LINES.items()],
    *[((2, 4, 6, 4, 8), name, made) for name, made in VOLUMES.items()],
]


def watched(function: Made, strides: list[list[tuple[int, ...]]]) -> nn.Module:
    """A function as a module, which notes the strides of what came out."""

    class Watched(nn.Module):
        def forward(self, x: Tensor) -> Any:
            made = function(x)
            strides.append(strides_of(made))
            return made

    return Watched()


def strides_of(made: Any) -> list[tuple[int, ...]]:
    """Of all tensors that came out, but along axes of length 1, where they mean nothing."""
    tensors = [made] if isinstance(made, Tensor) else [x for x in made if isinstance(x, Tensor)]
    return [tuple(s for s, length in zip(x.stride(), x.shape, strict=True) if length != 1) for x in tensors]


@pytest.mark.parametrize(("shape", "name", "function"), CASES, ids=[f"{s} {n}" for s, n, _ in CASES])
def test_strides_as_in_a_real_run(shape: tuple[int, ...], name: str, function: Made) -> None:
    for layout, placed in LAYOUTS.items():
        x = placed(torch.rand(shape))
        strides: list[list[tuple[int, ...]]] = []
        module = watched(function, strides)
        with catch_warnings(action="ignore"):
            try:
                with torch.no_grad():
                    expected = strides_of(function(x))
            except RuntimeError:
                continue  # a view that PyTorch refuses
            archlens.record(module, x)
        assert strides[-1] == expected, layout


def test_strides_along_axes_of_length_1() -> None:
    """128 of a half of 1×16×8 that lies as 1×8×16, as PyTorch prints them for real tensors."""
    x = torch.rand(1, 8, 16).transpose(1, 2)
    for function in (lambda x: f.glu(x, -1), lambda x: x - 1, lambda x: torch.where(x > 0, x, 0.0)):
        seen: list[tuple[int, ...]] = []

        class Watched(nn.Module):
            def forward(self, x: Tensor) -> Any:
                made = function(x)  # noqa: B023  # called in this turn
                seen.append(made.stride())  # noqa: B023
                return made

        archlens.record(Watched(), x)
        assert seen[-1] == function(x).stride()
