"""The networks that the peers count, in plain PyTorch."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

__all__ = ["densenet121", "densenet201", "image", "resnet", "resnet50"]


class Bottleneck(nn.Module):
    """Three convolutions and a shortcut, strided in the 3×3 as torchvision has it."""

    def __init__(self, channels: int, width: int, stride: int, base: int, groups: int) -> None:
        super().__init__()
        inner = width * base // 64 * groups
        self.conv1 = nn.Conv2d(channels, inner, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=groups, bias=False)
        self.norm2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, 4 * width, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != 4 * width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.norm1(self.conv1(x)))
        y = self.relu(self.norm2(self.conv2(y)))
        y = self.norm3(self.conv3(y))
        sum_: Tensor = self.relu(y + self.shortcut(x))
        return sum_


def resnet(depths: Sequence[int], *, base: int = 64, groups: int = 1) -> nn.Module:
    """A ResNet of bottlenecks in evaluation mode, on the device that PyTorch defaults to.

    depths  blocks of each of the four stages
    base    channels that each group of the 3×3 convolutions has in stage 1
    """
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),
    ]
    channels = 64
    for stage, (width, depth) in enumerate(zip((64, 128, 256, 512), depths, strict=True)):
        for i in range(depth):
            stride = 2 if i == 0 and stage > 0 else 1
            layers.append(Bottleneck(channels, width, stride, base, groups))
            channels = 4 * width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000)]
    return nn.Sequential(*layers).eval()


def resnet50() -> nn.Module:
    """ResNet-50: 25,557,032 parameters."""
    return resnet((3, 4, 6, 3))


class DenseLayer(nn.Module):
    """Puts `growth` channels, made from its input, behind its input."""

    def __init__(self, channels: int, growth: int) -> None:
        super().__init__()
        self.made = nn.Sequential(
            *normalized(channels),
            nn.Conv2d(channels, 4 * growth, 1, bias=False),
            *normalized(4 * growth),
            nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((x, self.made(x)), 1)


def densenet121() -> nn.Module:
    """DenseNet-121: 7,978,856 parameters."""
    return densenet((6, 12, 24, 16))


def densenet201() -> nn.Module:
    """DenseNet-201: 20,013,928 parameters."""
    return densenet((6, 12, 48, 32))


def densenet(depths: Sequence[int]) -> nn.Module:
    """A DenseNet with bottlenecks and compression, 32 channels a layer, in evaluation mode."""
    growth, channels = 32, 64
    layers: list[nn.Module] = [nn.Conv2d(3, channels, 7, 2, 3, bias=False), *normalized(channels)]
    layers.append(nn.MaxPool2d(3, 2, 1))
    for depth, following in pairwise((*depths, 0)):
        for _ in range(depth):
            layers.append(DenseLayer(channels, growth))
            channels += growth
        layers += normalized(channels)
        if following:
            layers += [nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)]
            channels //= 2
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000)]
    return nn.Sequential(*layers).eval()


def normalized(channels: int) -> list[nn.Module]:
    """Batch normalization and a ReLU."""
    return [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]


def image() -> Tensor:
    """One input of ones: uninitialised memory may hold denormal numbers, which are slow."""
    return torch.ones(1, 3, 224, 224)
