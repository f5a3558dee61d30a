"""Each counter's convention against the counter itself, one layer at a time."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import archlens
from archlens.studies.reconciliation.calls import calls
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.terms import terms
from tests.spec.written import network
from tests.studies.reconciliation.conftest import Said
from tests.studies.reconciliation.networks import Attentive, Functional, Plain, Shared

MAP = (1, 4, 8, 8)
TOKENS = (1, 5, 8)


class Behind(nn.Module):
    """A layer behind a 1×1 convolution: some counters cannot do without weights."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.before = nn.Conv2d(4, 4, 1, bias=False)
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(self.before(x))
        return y


class First(nn.Module):
    """Only the first of what a module gives."""

    def __init__(self, layer: nn.Module, times: int = 1) -> None:
        super().__init__()
        self.layer = layer
        self.times = times

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(*[x] * self.times)[0]
        return y


class Called(nn.Module):
    """A function behind a 1×1 convolution."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.before = nn.Conv2d(4, 4, 1, bias=False)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.before(x))


class Unweighing(nn.Module):
    """Attention by module, which is not asked for its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x, x, x, need_weights=False)[0]
        return y


class ThreeTimes(nn.Module):
    """One convolution, called three times."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(4, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(self.layer(self.layer(x)))
        return y


LAYERS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "conv": (lambda: nn.Sequential(nn.Conv2d(4, 6, 3, padding=1)), MAP),
    "depthwise": (lambda: nn.Sequential(nn.Conv2d(4, 8, 3, groups=4, bias=False)), MAP),
    "conv 1d": (lambda: nn.Sequential(nn.Conv1d(4, 6, 3)), (1, 4, 9)),
    "conv 3d": (lambda: nn.Sequential(nn.Conv3d(4, 6, 3)), (1, 4, 5, 5, 5)),
    "transposed": (lambda: nn.Sequential(nn.ConvTranspose2d(4, 6, 2, 2)), MAP),
    "linear": (lambda: nn.Sequential(nn.Linear(8, 3)), (1, 8)),
    "linear on tokens": (lambda: nn.Sequential(nn.Linear(8, 3)), TOKENS),
    "batch norm": (lambda: Behind(nn.BatchNorm2d(4)), MAP),
    "batch norm without weights": (lambda: Behind(nn.BatchNorm2d(4, affine=False)), MAP),
    "layer norm": (lambda: nn.Sequential(nn.LayerNorm(8)), TOKENS),
    "group norm": (lambda: Behind(nn.GroupNorm(2, 4)), MAP),
    "local response norm": (lambda: Behind(nn.LocalResponseNorm(3)), MAP),
    "relu": (lambda: Behind(nn.ReLU()), MAP),
    "relu6": (lambda: Behind(nn.ReLU6()), MAP),
    "gelu": (lambda: Behind(nn.GELU()), MAP),
    "silu": (lambda: Behind(nn.SiLU()), MAP),
    "elu": (lambda: Behind(nn.ELU()), MAP),
    "leaky relu": (lambda: Behind(nn.LeakyReLU()), MAP),
    "prelu": (lambda: Behind(nn.PReLU()), MAP),
    "sigmoid": (lambda: Behind(nn.Sigmoid()), MAP),
    "hard swish": (lambda: Behind(nn.Hardswish()), MAP),
    "softmax": (lambda: Behind(nn.Softmax(1)), MAP),
    "dropout": (lambda: Behind(nn.Dropout()), MAP),
    "max pool": (lambda: Behind(nn.MaxPool2d(3, 2, 1)), MAP),
    "average pool": (lambda: Behind(nn.AvgPool2d(2)), MAP),
    "adaptive pool to one": (lambda: Behind(nn.AdaptiveAvgPool2d(1)), MAP),
    "adaptive pool": (lambda: Behind(nn.AdaptiveAvgPool2d(2)), MAP),
    "adaptive max pool": (lambda: Behind(nn.AdaptiveMaxPool2d(1)), MAP),
    "upsample nearest": (lambda: Behind(nn.Upsample(scale_factor=2)), MAP),
    "upsample bilinear": (lambda: Behind(nn.Upsample(size=(16, 16), mode="bilinear")), MAP),
    "functional convolution": (Functional, MAP),
    "a sum": (lambda: Called(lambda x: x + x), MAP),
    "a product": (lambda: Called(lambda x: x * x), MAP),
    "a mean": (lambda: Called(lambda x: x.mean((2, 3))), MAP),
    "a matrix product": (lambda: Called(lambda x: torch.matmul(x, x)), MAP),
    "functional relu": (lambda: Called(lambda x: functional.relu(x)), MAP),
    "one convolution, three parents": (Shared, MAP),
    "one convolution, three calls": (ThreeTimes, MAP),
    "attention by function": (Attentive, TOKENS),
    "attention by module": (lambda: First(nn.MultiheadAttention(8, 2, batch_first=True), 3), TOKENS),
    "attention by module, without its weights": (Unweighing, TOKENS),
    "lstm": (lambda: First(nn.LSTM(8, 6, batch_first=True)), TOKENS),
    "lstm of two layers": (lambda: First(nn.LSTM(8, 6, 2, batch_first=True)), TOKENS),
    "plain network": (Plain, MAP),
}


FAILS = {("attention by module, without its weights", "torchprofile")}
"""Where a counter raises an error."""


@pytest.mark.parametrize("counter", CONVENTIONS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_terms_add_up_to_what_the_counter_says(layer: str, counter: str, said: Said) -> None:
    if (layer, counter) in FAILS:
        pytest.skip(f"{counter} fails on {layer}")
    make, shape = LAYERS[layer]
    module = make().eval()
    graph = archlens.record(module, torch.ones(shape))
    ours = archlens.profile(graph).totals.multiply_adds
    found = terms(graph, CONVENTIONS[counter], calls(graph, module))
    assert said(counter, make().eval(), torch.ones(shape)) == ours + sum(term.amount for term in found)


POOLS = {
    "uneven": "average_pool: {kernel: 3, stride: 2, padding: [[0, 1], [1, 0]]}",
    "inside": "average_pool: {kernel: 3, stride: 2, padding: [[0, 1], [0, 1]], count_include_pad: false}",
    "largest": "max_pool: {kernel: 3, stride: 2, padding: [[0, 1], [0, 1]]}",
}
"""Paddings that PyTorch does not take: a pad comes before, and where it does not count, a map of ones."""


@pytest.mark.parametrize("counter", CONVENTIONS)
@pytest.mark.parametrize("pool", POOLS)
def test_what_is_pooled_behind_a_padding(pool: str, counter: str, said: Said) -> None:
    graph = network(f"[{{conv: {{out: 4, kernel: 1}}}}, {{{POOLS[pool]}}}]")
    module = archlens.build(graph).eval()
    found = terms(graph, CONVENTIONS[counter], calls(graph, module))
    ours = archlens.profile(graph).totals.multiply_adds
    assert said(counter, module, torch.ones(MAP)) == ours + sum(term.amount for term in found)
