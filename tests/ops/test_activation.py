"""Activations, against a look at every element and against torch."""

import pytest
import torch
from torch import nn

from archlens.ops import (
    ELU,
    GELU,
    Activation,
    HardSigmoid,
    HardSwish,
    Op,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from tests.ops.refusal import refuses
from tests.oracles.activation import activation, sloped
from tests.oracles.example import Example

X = (2, 3, 4, 5)
PLAIN = (ReLU, ReLU6, Sigmoid, HardSigmoid, Tanh, SiLU, HardSwish, ELU, GELU)

EXAMPLES = [
    *(Example(function(), (X,), lambda: activation(X)) for function in PLAIN),
    Example(ReLU(), ((3, 7),), lambda: activation((3, 7))),
    Example(Softmax(), ((2, 10),), lambda: activation((2, 10))),
    Example(Softmax(axis=-1), (X,), lambda: activation(X)),
    Example(PReLU(), (X,), lambda: sloped(X, per_channel=True)),
    Example(PReLU(per_channel=False), (X,), lambda: sloped(X, per_channel=False)),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_an_activation_by_hand() -> None:
    # 64 channels of 56×56: 200704 elements in, as many out, nothing learned
    x = (1, 64, 56, 56)
    cost = ReLU().cost((x,), x)
    assert cost.elementwise == cost.reads == cost.writes == 200_704
    assert cost.params == cost.multiply_adds == cost.activations == 0


def test_every_plain_activation_is_costed_by_one_rule() -> None:
    assert {op for op in Activation.__subclasses__() if op.kind} == set(PLAIN)


@pytest.mark.parametrize(
    ("module", "op"),
    [
        (nn.Softmax(dim=1), Softmax()),
        (nn.PReLU(3), PReLU()),
        (nn.PReLU(), PReLU(per_channel=False)),
        (nn.GELU(), GELU()),
    ],
    ids=str,
)
def test_shape_and_params_are_those_of_torch(module: nn.Module, op: Op) -> None:
    assert op.output((X,)) == tuple(module(torch.empty(X)).shape)
    assert op.cost((X,), X).params == sum(parameter.numel() for parameter in module.parameters())


def test_what_activations_refuse() -> None:
    refuses(PReLU, (4,), because="a PReLU needs a channel axis, got 4")
    refuses(lambda: Softmax(axis=2), (1, 10), because="axis=2 is not an axis of 1×10, 0 to 1")
    refuses(lambda: Softmax(axis=-3), (1, 10), because="axis=-3 is not an axis of 1×10, 0 to 1")
