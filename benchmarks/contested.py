"""The networks of the bake-off: what counters are known to miss, and what everybody counts."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

import archlens
from benchmarks.networks import image, resnet50

__all__ = ["NETWORKS"]


class Functional(nn.Module):
    """Parameters of its own, and functions: no module inside."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.randn(16, 3, 3, 3))
        self.second = nn.Parameter(torch.randn(16, 8, 3, 3))
        self.shifts = nn.Parameter(torch.zeros(2, 16))
        self.classes = nn.Parameter(torch.randn(10, 16))
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, x: Tensor) -> Tensor:
        """3×32×32 in, 10 out."""
        x = functional.relu(functional.conv2d(x, self.first, self.shifts[0], padding=1))
        x = functional.conv2d(x, self.second, self.shifts[1], stride=2, padding=1, groups=2)
        return functional.linear(x.mean((2, 3)), self.classes, self.bias)


class ThreeParents(nn.Module):
    """One convolution, a part of three others."""

    def __init__(self) -> None:
        super().__init__()
        shared = nn.Conv2d(8, 8, 3, padding=1)
        self.low, self.middle, self.high = (nn.Sequential(shared, nn.ReLU()) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        """8×16×16 in and out."""
        y: Tensor = self.high(self.middle(self.low(x)))
        return y


class ThreeCalls(nn.Module):
    """One linear layer, called three times."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        """Rows of 64 features in and out."""
        for _ in range(3):
            x = self.layer(x)
        return x


class Tied(nn.Module):
    """A language model in small: what looks words up also scores them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(1000, 64)
        self.layer = nn.Linear(64, 64)
        self.scores = nn.Linear(64, 1000, bias=False)
        self.scores.weight = self.words.weight

    def forward(self, x: Tensor) -> Tensor:
        """Numbers of words in, 1,000 scores for each out."""
        y: Tensor = self.scores(self.layer(self.words(x)))
        return y


class ByModule(nn.Module):
    """Self-attention by PyTorch's module."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens of 64 features in and out."""
        y: Tensor = self.attention(x, x, x)[0]
        return y


class ByFunction(nn.Module):
    """Self-attention by PyTorch's function, between two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Linear(64, 3 * 64)
        self.out = nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens of 64 features in and out."""
        q, k, v = self.into(x).unflatten(2, (3, 4, 16)).permute(2, 0, 3, 1, 4)
        y: Tensor = self.out(functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return y


class Sequences(nn.Module):
    """An LSTM, of which only the outputs are used."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.LSTM(32, 48, num_layers=2, bidirectional=True, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Steps of 32 features in, of 96 out."""
        y: Tensor = self.layers(x)[0]
        return y


def built(model: str) -> Callable[[], nn.Module]:
    """A network of the catalogue."""
    return lambda: archlens.build(archlens.load(model))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Tensor]]] = {
    "F.conv2d, no modules": (Functional, lambda: torch.ones(1, 3, 32, 32)),
    "a convolution with three parents": (ThreeParents, lambda: torch.ones(1, 8, 16, 16)),
    "a module called three times": (ThreeCalls, lambda: torch.ones(1, 10, 64)),
    "tied embeddings": (Tied, lambda: torch.ones(1, 12, dtype=torch.long)),
    "nn.MultiheadAttention": (ByModule, lambda: torch.ones(1, 16, 64)),
    "F.scaled_dot_product_attention": (ByFunction, lambda: torch.ones(1, 16, 64)),
    "LSTM, two layers, two directions": (Sequences, lambda: torch.ones(1, 20, 32)),
    "ResNet-50": (resnet50, image),
    "ShuffleNet V2 1×": (built("shufflenet_v2"), image),
    "ViT-B/16": (built("vit_b_16"), image),
    "Swin-T": (built("swin_t"), image),
}
"""By name: what makes the module, and what makes its input."""
