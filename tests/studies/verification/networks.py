"""Modules whose costs are counted by hand, and operators of a user's with rules that are right or wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

import archlens
from archlens.cost import Cost

__all__ = [
    "Asking", "Attentive", "Named", "Recurrent", "Relative", "Rootless", "Scaled", "Twice",
    "Unread", "Vector", "misruled", "plain", "quantised", "ruled", "ruleless", "scripted", "unseen",
]  # fmt: skip


def plain(width: int = 8) -> nn.Module:
    """3 → `width` channels at 6×6 places, and a linear layer."""
    return nn.Sequential(
        nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.ReLU(), nn.Flatten(), nn.Linear(width * 36, 10)
    )


def scripted() -> nn.Module:
    """A linear layer from 8 to 5, compiled."""
    made: nn.Module = torch.jit.script(nn.Linear(8, 5))
    return nn.Sequential(made)


def quantised() -> nn.Module:
    """An LSTM and a linear layer, in eight bits."""
    quantization: Any = torch.ao.quantization
    made: nn.Module = quantization.quantize_dynamic(Recurrent(), {nn.LSTM, nn.Linear}, dtype=torch.qint8)
    return made


class Rootless(nn.Module):
    """A linear layer, and an operator that has no rule."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return torch.linalg.inv(torch.eye(4) + 0 * self.linear(x))


class Relative(nn.Module):
    """Each place of a map multiplied by weights of its row, as for relative positions: 7·9·13·11."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(7, 11, 13))

    def forward(self, x: Tensor) -> Any:
        return torch.einsum("bhwc,hkc->bhwk", x, self.weight)


class Twice(nn.Module):
    """One convolution, used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Any:
        return self.conv(self.conv(x))


class Recurrent(nn.Module):
    """An LSTM and a linear layer, over some steps."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.LSTM(8, 16, batch_first=True)
        self.out = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Any:
        return self.out(self.steps(x)[0])


class Attentive(nn.Module):
    """Attention of PyTorch's own, with two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Any:
        return self.attention(x, x, x)[0]


class Scaled(nn.Module):
    """Attention by a function."""

    def __init__(self) -> None:
        super().__init__()
        self.joint = nn.Linear(8, 24)

    def forward(self, x: Tensor) -> Any:
        q, k, v = self.joint(x).chunk(3, -1)
        return functional.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])


class Unread(nn.Module):
    """A layer that no pass uses."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.rest = nn.Linear(7, 7)

    def forward(self, x: Tensor) -> Any:
        return self.conv(x)


class Asking(nn.Module):
    """Looks at a value."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Any:
        return self.a(x) if x.sum().item() > 0 else self.b(x)


class Vector(nn.Module):
    """A product with a vector, which no counter knows."""

    def __init__(self) -> None:
        super().__init__()
        self.vector = nn.Parameter(torch.zeros(8))

    def forward(self, x: Tensor) -> Any:
        return x.mv(self.vector)


class Named(nn.Module):
    """Two inputs, and a mapping of outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, image: Tensor, scale: Tensor) -> Any:
        return {"image": self.linear(image) * scale, "more": [self.linear(image)]}


def product(x: Tensor, y: Tensor) -> Tensor:
    """In PyTorch's operators."""
    return x @ y


def hidden(x: Tensor, y: Tensor) -> Tensor:
    """In nobody's."""
    return torch.tensor(
        [[sum(map(float.__mul__, row, column)) for column in y.T.tolist()] for row in x.tolist()]
    )


def operator(name: str, kernel: Callable[[Tensor, Tensor], Tensor], factor: int) -> Any:
    """A matrix product of a user's, and a rule that counts `factor` for a multiply-add; 0: none."""
    made = torch.library.custom_op(f"verified::{name}", kernel, mutates_args=())
    made.register_fake(lambda x, y: x.new_empty(x.shape[0], y.shape[1]))

    def rule(inputs: Any, outputs: Any, arguments: Any) -> Cost:
        (n, k), (_, m) = inputs
        return Cost(multiply_adds=factor * n * k * m)

    if factor:
        archlens.rule(f"verified::{name}")(rule)
    return made


class Custom(nn.Module):
    """An operator of a user's, and a linear layer."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self.made = made
        self.matrix = nn.Parameter(torch.zeros(8, 5))
        self.linear = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Any:
        return self.linear(self.made(x, self.matrix))


RIGHT, WRONG = operator("right", product, 1), operator("wrong", product, 2)
NONE, HIDDEN = operator("none", product, 0), operator("hidden", hidden, 1)


def ruled() -> nn.Module:
    """The rule is right."""
    return Custom(RIGHT)


def misruled() -> nn.Module:
    """The rule counts twice what is done."""
    return Custom(WRONG)


def ruleless() -> nn.Module:
    """There is no rule."""
    return Custom(NONE)


def unseen() -> nn.Module:
    """What the operator does is not done by PyTorch."""
    return Custom(HIDDEN)
