"""What holds for every operator: an oracle, exact types, costs that grow with the batch."""

import dataclasses
import importlib
import itertools
import pkgutil
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens.ops
from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops import OPERATORS, Conv, Identity, Op, Shape, Shapes, WeightStandardizedConv, register
from archlens.ops.operator import positive, shown, size, spatial
from archlens.ops.window import Padding
from tests import ops as tests_of_operators
from tests.ops.refusal import refusal
from tests.oracles.example import Example

EXAMPLES: list[Example] = [
    example
    for module in pkgutil.iter_modules(tests_of_operators.__path__)
    if module.name.startswith("test_") and module.name != "test_operator"
    for example in getattr(
        importlib.import_module(f"{tests_of_operators.__name__}.{module.name}"), "EXAMPLES", []
    )
]
BATCHED = [example for example in EXAMPLES if example.batched and example.inputs]

NEVER: dict[object, list[object]] = {
    bool: [0, 1, 1.0, "yes", "", None, (), (True,), [], {}],
    int: [True, 2.0, 2.5, float("nan"), "x", "3", None, (), (3,), [3], {3: 3}],
    float: [True, False, float("nan"), float("inf"), "x", "0.5", None, (), (0.5,), [0.5]],
    str: [True, 3, 0.5, None, (), ("nearest",), ["nearest"], "no such word"],
    int | None: [True, 2.0, "x", (), (3,), [3]],
    float | None: [True, float("nan"), float("inf"), "x", (), (0.5,), [0.5]],
    int | tuple[int, ...]: [
        True,
        2.5,
        "x",
        None,
        (True, 1),
        (1.5, 2),
        ("x",),
        (None,),
        ((1,), 2),
        [3, 3],
        {},
    ],
    int | tuple[int, ...] | None: [True, 2.5, "x", (True, 1), (1.5, 2), (None,), ((1,), 2), [3, 3], {}],
    Padding: [True, 2.5, "x", "", None, (True, 1), (1.5, 2), ("same",), ((1,), 2), ((1, 2, 3),), [1, 1], {}],
    tuple[int, ...]: [True, 3, 2.5, "a", None, (True,), (1.5,), ("x",), (None,), ((1,), 2), [1, 2], {1}],
    tuple[tuple[int, int], ...]: [
        True,
        3,
        "x",
        None,
        (1, 1),
        ((1,), (2,)),
        ((1, 2.0),),
        ((1, 2), 3),
        [[1, 2]],
    ],
}
"""For every type that an attribute declares, values that must not pass for it."""


def attempts() -> list[tuple[Callable[[], Op], str]]:
    """Every attribute of every operator set to every value that its type does not allow."""
    by_kind = {example.op.kind: example.op for example in EXAMPLES}
    return [
        (partial(remade, op, field.name, value), field.name)
        for op in by_kind.values()
        for field in dataclasses.fields(op)  # type: ignore[arg-type]  # every operator is a dataclass
        for value in NEVER[field.type]
    ]


def remade(op: Op, name: str, value: object) -> Op:
    """The operator with another value for one of its attributes."""
    return dataclasses.replace(op, **{name: value})  # type: ignore[type-var]  # as above


def run(op: Op, inputs: Shapes) -> Cost:
    return op.cost(inputs, op.output(inputs))


def scaled(inputs: Shapes, batch: int) -> Shapes:
    return tuple((batch, *shape[1:]) for shape in inputs)


def test_every_operator_has_an_oracle() -> None:
    assert OPERATORS.keys() - {example.op.kind for example in EXAMPLES} == set()


def test_every_operator_is_public() -> None:
    for operator in OPERATORS.values():
        assert operator.__name__ in archlens.ops.__all__
        assert getattr(archlens.ops, operator.__name__) is operator


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS.keys())
def test_every_operator_is_a_frozen_value_whose_types_are_checked(operator: type[Op]) -> None:
    assert OPERATORS[operator.kind] is operator
    assert operator.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert operator.__post_init__ is Op.__post_init__, "overriding it drops the check: override `check`"
    assert operator.cost.__doc__ != Op.cost.__doc__, "a cost rule states its formula"
    assert operator.parameters().keys() == {
        field.name
        for field in dataclasses.fields(operator)  # type: ignore[arg-type]
    }


def test_a_value_of_the_wrong_type_is_refused_by_name() -> None:
    tried = attempts()
    assert len(tried) > 400
    for attempt, name in tried:
        text = refusal(attempt)
        assert text.startswith(f"{name}=")
        assert " is not " in text


any_value: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["same", "valid", "tensorflow_same", "nearest", "bilinear"]),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from([example for example in EXAMPLES if example.op.parameters()]), st.data())
def test_whatever_an_attribute_holds_there_is_a_cost_or_one_line_that_says_why_not(
    example: Example, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(example.op.parameters())))
    value = data.draw(any_value)
    try:
        cost = run(remade(example.op, name, value), example.inputs)
    except OperatorError as error:
        text = str(error)
    else:
        text = "no refusal"
        assert all(type(count) is int and count >= 0 for count in dataclasses.astuple(cost))
    assert text
    assert "\n" not in text
    assert len(text) < 300


@given(st.sampled_from(EXAMPLES))
def test_memory_access_is_reads_and_writes(example: Example) -> None:
    cost = run(example.op, example.inputs)
    assert cost.memory_access == cost.reads + cost.writes


@pytest.mark.parametrize("example", BATCHED, ids=str)
@pytest.mark.parametrize("batch", [2, 3, 7])
def test_costs_grow_with_the_batch_and_weights_do_not(example: Example, batch: int) -> None:
    one, many = (run(example.op, scaled(example.inputs, n)) for n in (1, batch))
    assert many.params == one.params
    assert many.multiply_adds == batch * one.multiply_adds
    assert many.activations == batch * one.activations
    if isinstance(example.op, WeightStandardizedConv):  # its weights are standardised once a pass
        weights = one.elementwise
        assert many.elementwise == weights
        assert many.writes - weights == batch * (one.writes - weights)
    else:
        assert many.elementwise == batch * one.elementwise
        assert many.writes == batch * one.writes


@pytest.mark.parametrize("example", BATCHED, ids=str)
def test_reads_grow_by_the_same_for_every_sample(example: Example) -> None:
    reads = [run(example.op, scaled(example.inputs, n)).reads for n in (1, 2, 3, 4)]
    assert len({after - before for before, after in itertools.pairwise(reads)}) == 1


def test_operators_are_values() -> None:
    assert Conv(8, kernel=3) == Conv(8, kernel=3)
    assert hash(Conv(8, kernel=(1, 7))) == hash(Conv(8, kernel=(1, 7)))
    assert len({Conv(8), Conv(8, bias=True), WeightStandardizedConv(8), Conv(8)}) == 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        Conv(8).out = 9  # type: ignore[misc]


def test_attributes_are_those_that_were_set() -> None:
    assert Conv(8, kernel=3, stride=1).attributes() == {"out": 8, "kernel": 3}
    assert Identity().attributes() == {}
    assert Conv.parameters() == {
        "out": True, "kernel": False, "stride": False, "padding": False, "dilation": False,
        "groups": False, "bias": False,
    }  # fmt: skip


def test_an_operator_without_a_cost_cannot_be_made() -> None:
    class Shapeless(Op):
        def output(self, inputs: Shapes) -> Shape:
            return inputs[0]

    with pytest.raises(TypeError, match="abstract"):
        Shapeless()  # type: ignore[abstract]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="'conv' is registered twice"):
        register("conv")(Identity)
    with pytest.raises(TypeError):
        OPERATORS["mine"] = Identity  # type: ignore[index]
    assert Identity.kind == "identity"


def test_only_sliding_operators_have_windows() -> None:
    sliding = {example.op.kind for example in EXAMPLES if example.op.windows(example.inputs)}
    assert sliding == {"conv", "weight_standardized_conv", "max_pool", "average_pool"}


def test_positive() -> None:
    positive(out=1, groups=10**15)
    assert refusal(lambda: positive(out=3, groups=0)) == "groups=0 is not a positive integer"
    assert refusal(lambda: positive(parts=-4)) == "parts=-4 is not a positive integer"


def test_shapes() -> None:
    assert size((2, 3, 4)) == 24
    assert size(()) == 1
    assert shown((1, 64, 56, 56)) == "1×64×56×56"
    assert spatial("a window", (1, 2, 3, 4)) == (3, 4)
    assert refusal(lambda: spatial("a window", (1, 2))) == "a window needs a map with spatial axes, got 1×2"
