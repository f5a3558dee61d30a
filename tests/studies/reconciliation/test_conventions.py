"""Each counter's convention against the counter itself, one layer at a time."""

from collections.abc import Callable
from typing import Any

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


class Masked(nn.Module):
    """Attention under a mask of numbers, which keeps it from its fused operator."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        mask = torch.zeros(x.shape[1], x.shape[1])
        y: Tensor = self.layer(x, x, x, attn_mask=mask, need_weights=False)[0]
        return y


class Across(nn.Module):
    """The first three tokens attend to all five."""

    def __init__(self, *, weighing: bool) -> None:
        super().__init__()
        self.layer = nn.MultiheadAttention(8, 2, batch_first=True)
        self.weighing = weighing

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x[:, :3], x, x, need_weights=self.weighing)[0]
        return y


class Twice(nn.Module):
    """A module that takes two tensors, given one."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x, x)
        return y


class Unread(nn.Module):
    """Two linear layers, and nothing reads what one gives."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.unread = nn.Linear(8, 8), nn.Linear(8, 6)

    def forward(self, x: Tensor) -> Tensor:
        self.unread(x).mean(1)
        y: Tensor = self.read(x)
        return y


class Bag(nn.Module):
    """Embeddings of the five places, in one bag."""

    def __init__(self) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(10, 8)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(self.bag(x[..., 0].long()))
        return y


def encoder(count: int = 1, **options: Any) -> nn.Module:
    """Layers of 8 features, two heads and 16 features between: 2960 multiply-adds each on five tokens."""
    layer = nn.TransformerEncoderLayer(8, 2, 16, **{"batch_first": True, **options})
    return nn.TransformerEncoder(layer, count, enable_nested_tensor=False) if count > 1 else layer


def decoder(**options: Any) -> nn.Module:
    """A layer of the same widths, which attends to itself and across."""
    return Twice(nn.TransformerDecoderLayer(8, 2, 16, **{"batch_first": True, **options}))


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
    "attention by module, tokens first": (lambda: First(nn.MultiheadAttention(8, 2), 3), TOKENS),
    "attention under a mask": (Masked, TOKENS),
    "attention across": (lambda: Across(weighing=False), TOKENS),
    "attention across, with its weights": (lambda: Across(weighing=True), TOKENS),
    "encoder layer": (encoder, TOKENS),
    "encoder layer that normalises first": (lambda: encoder(norm_first=True), TOKENS),
    "encoder layer with gelu": (lambda: encoder(activation="gelu"), TOKENS),
    "encoder layer with silu": (lambda: encoder(activation=functional.silu), TOKENS),
    "encoder layer with a module of relu": (lambda: encoder(activation=nn.ReLU()), TOKENS),
    "encoder layer, tokens first": (lambda: encoder(batch_first=False), TOKENS),
    "encoder layer of three heads": (
        lambda: nn.TransformerEncoderLayer(9, 3, 16, batch_first=True), (1, 5, 9),
    ),
    "encoder of two layers": (lambda: encoder(2), TOKENS),
    "encoder layer called three times": (lambda: nn.Sequential(*[encoder()] * 3), TOKENS),
    "decoder layer": (decoder, TOKENS),
    "decoder layer that normalises first": (
        lambda: decoder(norm_first=True, activation="gelu"), TOKENS,
    ),
    "decoder of two layers": (
        lambda: Twice(nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), 2)), TOKENS,
    ),
    "transformer": (lambda: Twice(nn.Transformer(8, 2, 1, 1, 16, batch_first=True)), TOKENS),
    "gru": (lambda: First(nn.GRU(8, 6, batch_first=True)), TOKENS),
    "gru of two layers, both ways": (
        lambda: First(nn.GRU(8, 6, 2, batch_first=True, bidirectional=True)), TOKENS,
    ),
    "rnn": (lambda: First(nn.RNN(8, 6, batch_first=True)), TOKENS),
    "rnn with relu": (lambda: First(nn.RNN(8, 6, 2, batch_first=True, nonlinearity="relu")), TOKENS),
    "lstm, both ways": (lambda: First(nn.LSTM(8, 6, batch_first=True, bidirectional=True)), TOKENS),
    "lstm cell": (lambda: First(nn.LSTMCell(8, 6)), (1, 8)),
    "gru cell": (lambda: nn.Sequential(nn.GRUCell(8, 6)), (1, 8)),
    "rnn cell": (lambda: nn.Sequential(nn.RNNCell(8, 6)), (1, 8)),
    "embedding bag": (Bag, TOKENS),
    "instance norm": (lambda: Behind(nn.InstanceNorm2d(4)), MAP),
    "instance norm with weights": (lambda: Behind(nn.InstanceNorm2d(4, affine=True)), MAP),
    "instance norm with statistics": (
        lambda: Behind(nn.InstanceNorm2d(4, affine=True, track_running_stats=True)), MAP,
    ),
    "layer norm without bias": (lambda: nn.Sequential(nn.LayerNorm(8, bias=False)), TOKENS),
    "rms norm": (lambda: nn.Sequential(nn.Linear(8, 8), nn.RMSNorm(8)), TOKENS),
    "bilinear": (lambda: Twice(nn.Bilinear(8, 8, 3)), TOKENS),
    "transposed in groups": (lambda: nn.Sequential(nn.ConvTranspose2d(4, 6, 3, 2, groups=2)), MAP),
    "leaky relu in place": (lambda: Behind(nn.LeakyReLU(inplace=True)), MAP),
    "power pool": (lambda: Behind(nn.LPPool2d(2, 2)), MAP),
    "adaptive pool 1d": (lambda: nn.Sequential(nn.Conv1d(4, 6, 3), nn.AdaptiveAvgPool1d(2)), (1, 4, 9)),
    "adaptive pool 3d": (
        lambda: nn.Sequential(nn.Conv3d(4, 4, 1), nn.AdaptiveAvgPool3d(2)), (1, 4, 5, 5, 5),
    ),
    "upsample 1d": (lambda: nn.Sequential(nn.Conv1d(4, 6, 3), nn.Upsample(scale_factor=2)), (1, 4, 9)),
    "upsample linear": (
        lambda: nn.Sequential(nn.Conv1d(4, 6, 3), nn.Upsample(size=9, mode="linear")), (1, 4, 9),
    ),
    "upsample bicubic": (lambda: Behind(nn.Upsample(scale_factor=2, mode="bicubic")), MAP),
    "upsample by a class of its own": (lambda: Behind(nn.UpsamplingBilinear2d(scale_factor=2)), MAP),
    "what nothing reads": (Unread, TOKENS),
}  # fmt: skip


@pytest.mark.parametrize("counter", CONVENTIONS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_terms_add_up_to_what_the_counter_says(layer: str, counter: str, said: Said) -> None:
    make, shape = LAYERS[layer]
    module = make().eval()
    graph = archlens.record(module, torch.ones(shape))
    ours = archlens.profile(graph).totals.multiply_adds
    found = terms(graph, CONVENTIONS[counter], calls(graph, module))
    assert said(counter, make().eval(), torch.ones(shape)) == ours + sum(term.amount for term in found)


PROJECTIONS = 5 * 8 * 24 + 5 * 8 * 8
SCORES = 2 * (2 * 5 * 5 * 4)
FEED = 2 * (5 * 8 * 16)
BIASES = 5 * (24 + 8 + 16 + 8)
ENCODER = {
    "fvcore": {"attention missed": -SCORES, "normalisation": 5 * 2 * 40},
    "torchinfo": {
        "attention missed": -PROJECTIONS - SCORES,
        "linear layers once for all tokens": 2 * 8 * 16 - FEED,
        "bias": 16 + 8,
        "weights of normalisations and others": 2 * 16,
    },
    "ptflops": {
        "bias": BIASES,
        "softmax and scaling of attention": 2 * 5 * 5 + 5 * 8,
        "normalisation": 2 * 40,
    },
    "thop": {"attention missed": -PROJECTIONS - SCORES, "normalisation": 4 * 2 * 40},
    "calflops": {"attention missed": -SCORES},
    "torchprofile": {"normalisation": 2 * 40, "sizes computed in the trace": 4},
    "torch": {"attention missed": -PROJECTIONS - SCORES, "fused layers missed": -FEED},
}
"""By hand, of five tokens of 8 features: 24 and 8 features, two heads of 4, 16 and 8 features."""


@pytest.mark.parametrize("counter", CONVENTIONS)
@pytest.mark.parametrize("norm_first", [False, True])
def test_an_encoder_layer_by_hand(norm_first: bool, counter: str, said: Said) -> None:
    module = encoder(norm_first=norm_first).eval()
    graph = archlens.record(module, torch.ones(TOKENS))
    found = terms(graph, CONVENTIONS[counter], calls(graph, module))
    assert {term.name: term.amount for term in found} == ENCODER[counter]
    total = PROJECTIONS + SCORES + FEED + sum(ENCODER[counter].values())
    assert said(counter, module, torch.ones(TOKENS)) == total


GATES = 5 * 6
"""Hidden features of five steps."""


@pytest.mark.parametrize(("kind", "each"), [("GRU", 7), ("RNN", 1)])
@pytest.mark.parametrize("counter", ["ptflops", "thop"])
def test_gates_by_hand(counter: str, kind: str, each: int) -> None:
    module = First(getattr(nn, kind)(8, 6, batch_first=True)).eval()
    graph = archlens.record(module, torch.ones(TOKENS))
    found = terms(graph, CONVENTIONS[counter], calls(graph, module))
    gates = 3 if kind == "GRU" else 1
    assert {term.name: term.amount for term in found} == {
        "bias": 2 * gates * GATES,
        "gates of recurrent layers": each * GATES,
    }


def test_what_a_trace_drops() -> None:
    module = Unread().eval()
    graph = archlens.record(module, torch.ones(TOKENS))
    (term,) = terms(graph, CONVENTIONS["fvcore"], calls(graph, module))
    assert (term.name, term.amount) == ("dropped from the trace, as nothing reads it", -5 * 8 * 6)


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
