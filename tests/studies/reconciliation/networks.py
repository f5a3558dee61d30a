"""Small networks whose every count fits in the head."""

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Attentive", "Functional", "Plain", "Shared"]


class Plain(nn.Module):
    """4×8×8 in: 3×3 to 6 channels with bias, normalised, activated, pooled; 6 → 3 with bias."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.relu = nn.ReLU()
        self.max = nn.MaxPool2d(2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Three scores."""
        y: Tensor = self.head(self.pool(self.max(self.relu(self.norm(self.conv(x))))).flatten(1))
        return y


class Shared(nn.Module):
    """One 1×1 convolution, 4 → 4 with bias, a part of three others."""

    def __init__(self) -> None:
        super().__init__()
        conv = nn.Conv2d(4, 4, 1)
        self.low, self.middle, self.high = (nn.Sequential(conv) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        """Three times over."""
        y: Tensor = self.high(self.middle(self.low(x)))
        return y


class Functional(nn.Module):
    """A 1×1 convolution, 4 → 4, by function."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = nn.Parameter(torch.ones(4, 4, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return functional.conv2d(x, self.kernel)


class Attentive(nn.Module):
    """Five tokens of 8 features: linear 8 → 24, two heads, linear 8 → 8."""

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Linear(8, 24)
        self.out = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        q, k, v = self.into(x).unflatten(2, (3, 2, 4)).permute(2, 0, 3, 1, 4)
        y: Tensor = self.out(functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return y
