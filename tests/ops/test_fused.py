"""An operator with an epilogue: costs by hand, and what it has from the operator inside."""

import dataclasses
from collections.abc import Callable

import pytest

from archlens.cost import Cost
from archlens.ops import (
    OPERATORS,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Flatten,
    Fused,
    GlobalAveragePool,
    Input,
    Linear,
    MaxPool,
    Op,
    PReLU,
    ReLU,
    Scale,
    Sigmoid,
    SiLU,
    Softmax,
    Unknown,
)
from archlens.ops.channels import Channels
from tests.ops.refusal import refusal

X = (1, 2, 4, 4)
CONV = Cost(params=54, multiply_adds=864, reads=86, writes=48, activations=48)
"""Of a 3×3 convolution from 2 to 3 channels: 54 weights at 4·4 places, and 32 elements read beside them."""


def cost(op: Op, *inputs: tuple[int, ...]) -> Cost:
    return op.cost(inputs, op.output(inputs))


def test_an_activation_computes_and_moves_nothing() -> None:
    assert cost(Conv(3, 3), X) == CONV
    assert cost(Fused(Conv(3, 3), (ReLU(),)), X) == dataclasses.replace(CONV, elementwise=48)


def test_the_weights_of_an_epilogue_are_read() -> None:
    # 3 slopes; then the scale computes each of the 48 outputs once more
    fused = Fused(Conv(3, 3), (PReLU(), Scale(0.5)))
    assert cost(fused, X) == dataclasses.replace(CONV, params=57, reads=89, elementwise=96)


def test_an_epilogue_of_a_sum() -> None:
    # two additions of 32 elements read two operands each and write one; the ReLU adds its 32 outputs
    assert cost(Fused(Add(), (ReLU(),)), X, X, X) == Cost(elementwise=96, reads=128, writes=64)


def test_an_epilogue_of_a_pool_works_on_its_output() -> None:
    assert cost(Fused(MaxPool(2), (ReLU(),)), X) == Cost(elementwise=8 + 8, reads=32, writes=8)


INSIDE: list[tuple[Op, tuple[tuple[int, ...], ...]]] = [
    (Conv(4, 3, 2, groups=2), (X,)),
    (Add(), (X, X, X)),
    (Concat(), (X, X)),
    (MaxPool(2), (X,)),
    (GlobalAveragePool(), (X,)),
    (BatchNorm(), (X,)),
    (Linear(5), ((1, 7, 6),)),
    (Sigmoid(), (X,)),
]


@pytest.mark.parametrize(("op", "inputs"), INSIDE, ids=lambda value: getattr(value, "kind", ""))
def test_it_stands_where_the_operator_stood(op: Op, inputs: tuple[tuple[int, ...], ...]) -> None:
    fused = Fused(op, (SiLU(), Scale(2.0)))
    known = tuple(Channels(((shape[1], place),), max) for place, shape in enumerate(inputs))
    assert fused.output(inputs) == op.output(inputs)
    assert fused.windows(inputs) == op.windows(inputs)
    assert fused.spans(inputs) == op.spans(inputs)
    assert fused.mixes(inputs) == op.mixes(inputs)
    assert fused.rearrangement(inputs) == op.rearrangement(inputs)
    assert fused.channels(inputs, known) == op.channels(inputs, known)
    assert fused.kernels(inputs) == op.kernels(inputs)
    assert (fused.arity, fused.work, fused.pointwise) == (op.arity, op.work, op.pointwise)
    assert fused.costed
    assert not fused.alias
    assert not fused.scales_channels
    assert fused.absorbing_scale(inputs) is None


def test_what_a_gradient_needs() -> None:
    assert Fused(Conv(3), (ReLU(),)).saves == {"input", "output"}
    assert Fused(Conv(3), (Scale(2.0),)).saves == {"input"}
    assert Fused(Add(), (ReLU(),)).saves == {"output"}
    assert Fused(Add(), (Scale(2.0),)).saves == frozenset()


def test_tables_name_its_parts() -> None:
    fused = Fused(Conv(8, 3, groups=2), (ReLU(), Scale(0.5)))
    assert fused.kind == "conv + relu + scale"
    assert fused.label((X,)) == "conv 3×3 depthwise + relu + scale"
    assert fused.attributes() == {"out": 8, "kernel": 3, "groups": 2, "scale.factor": 0.5}


def test_epilogues_grow() -> None:
    conv, relu, scale = Conv(3), ReLU(), Scale(0.5)
    assert Fused.of(conv, relu) == Fused(conv, (relu,))
    assert Fused.of(Fused(conv, (relu,)), scale) == Fused(conv, (relu, scale))
    assert Fused.of(conv, Fused(relu, (scale,))) == Fused(conv, (relu, scale))


def test_it_is_a_value_that_no_spec_can_name() -> None:
    one, other = (Fused(Conv(3), (ReLU(),)) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert Fused not in OPERATORS.values()
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.then = ()  # type: ignore[misc]


NO_OPERATOR = "is not an operator that computes its output"


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (lambda: Fused("conv", (ReLU(),)), f"operator='conv' {NO_OPERATOR}"),  # type: ignore[arg-type]
        (lambda: Fused(Flatten(), (ReLU(),)), f"operator=Flatten(start=1) {NO_OPERATOR}"),
        (lambda: Fused(Input((1, 2)), (ReLU(),)), f"operator=Input(shape=(1, 2)) {NO_OPERATOR}"),
        (
            lambda: Fused(Unknown("odd", (1, 7)), (ReLU(),)),
            f"operator=Unknown(name='odd', shape=(1, 7)) {NO_OPERATOR}",
        ),
        (lambda: Fused(Conv(3), ()), "then=[] is not a list of operators"),
        (lambda: Fused(Conv(3), ReLU()), "then=ReLU() is not a list of operators"),  # type: ignore[arg-type]
        (
            lambda: Fused(Conv(3), (Softmax(),)),
            "then=[Softmax(axis=1)]: Softmax(axis=1) is not a pointwise operator",
        ),
        (
            lambda: Fused(Conv(3), (ReLU(), 3)),  # type: ignore[arg-type]
            "then=[ReLU(), 3]: 3 is not a pointwise operator",
        ),
    ],
)
def test_what_it_refuses(make: Callable[[], Op], because: str) -> None:
    assert refusal(make) == because


def test_epilogues_do_not_nest() -> None:
    fused = Fused(Sigmoid(), (ReLU(),))
    assert refusal(lambda: Fused(fused, (ReLU(),))).startswith("operator=Fused(")
    assert refusal(lambda: Fused(Conv(3), (fused,))).endswith("is not a pointwise operator")
