"""Small networks whose costs can be counted by hand."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Applied", "Calling", "Functional", "Shared", "Thrice", "Tied"]


class Functional(nn.Module):
    """Nothing but functions: no layer has a module."""

    def __init__(self) -> None:
        super().__init__()
        self.kernels = nn.Parameter(torch.zeros(4, 3, 3, 3))
        self.shifts = nn.Parameter(torch.zeros(4))
        self.matrix = nn.Parameter(torch.zeros(10, 4))

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(functional.conv2d(x, self.kernels, self.shifts, padding=1))
        x = functional.max_pool2d(x, 2).mean((2, 3))
        return functional.linear(x, self.matrix)


class Calling(nn.Module):
    """Calls the module that it is given."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Any:
        return self.inner(x)


class Shared(nn.Module):
    """One convolution that three parents have."""

    def __init__(self) -> None:
        super().__init__()
        inner = nn.Conv2d(4, 4, 3, padding=1)
        self.a, self.b, self.c = Calling(inner), Calling(inner), Calling(inner)

    def forward(self, x: Tensor) -> Any:
        return self.c(self.b(self.a(x)))


class Thrice(nn.Module):
    """One convolution, called three times by one parent."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Any:
        return self.conv(self.conv(self.conv(x)))


class Tied(nn.Module):
    """Words in and scores of words out, by one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(50, 8)
        self.scores = nn.Linear(8, 50, bias=False)
        self.scores.weight = self.words.weight

    def forward(self, x: Tensor) -> Any:
        return self.scores(self.words(x))


class Applied(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any], **weights: Tensor) -> None:
        super().__init__()
        self.function = function
        for name, weight in weights.items():
            setattr(self, name, nn.Parameter(weight))

    def forward(self, *inputs: Any, **named: Any) -> Any:
        return self.function(*inputs, **named)
