"""What operators say that their outputs see, against the gradient of each output of each example."""

from itertools import product
from math import prod

import pytest
import torch
from torch import Tensor

from archlens.ops import (
    OPERATORS,
    AdaptiveAveragePool,
    AdaptiveMaxPool,
    Channels,
    Conv,
    MaxPool,
    Op,
    Shape,
    Shapes,
    Span,
    Split,
    TransposedConv,
    Upsample,
)
from archlens.ops.layout import Pad
from archlens.ops.rearrangement import Laid, Picked, Rearrangement, Turned
from archlens.ops.view import Dropout, Flatten, Identity, Reshape, Slice, Transpose
from tests.ops import (
    test_activation,
    test_arithmetic,
    test_attention,
    test_convolution,
    test_layout,
    test_normalization,
    test_pooling,
    test_product,
    test_sampling,
)
from tests.oracles.seeing import dependencies, seen_along

X = (1, 4, 7, 6)

MORE: list[tuple[Op, Shapes]] = [
    (Conv(4, (3, 1), stride=(2, 1), dilation=(2, 1), groups=2), (X,)),
    (Conv(2, 4, padding=((0, 3), (2, 1))), (X,)),
    (Conv(4, 3, 2, padding="tensorflow_same", groups=4), (X,)),
    (MaxPool(3, 2, ceil_mode=True), (X,)),
    (MaxPool(2, 2, ceil_mode=True), (X,)),
    (TransposedConv(2, 3, stride=3, padding=1, output_padding=1), (X,)),
    (TransposedConv(2, 2, stride=3), (X,)),
    (Upsample(scale=3, mode="bilinear"), (X,)),
    (Upsample(size=(4, 9), mode="bilinear"), (X,)),
    (Upsample(size=(10, 4)), (X,)),
    (AdaptiveAveragePool((3, 4)), (X,)),
    (AdaptiveMaxPool((9, 1)), (X,)),
    (Pad(((2, 1), (1, 0), (0, 3))), (X,)),
    (Split(2, 1), (X,)),
    (Split(3, 2, axis=3), (X,)),
    (Slice(1, 5, axis=2), (X,)),
    (Slice(1, 3), (X,)),
    (Flatten(), (X,)),
    (Flatten(2), (X,)),
    (Identity(), (X,)),
    (Dropout(), (X,)),
    (Transpose((0, 2, 3, 1)), (X,)),
    (Reshape((0, 2, 2, 7, 6)), (X,)),
    (Reshape((0, 4, 42)), (X,)),
    (Reshape((0, 8, 21)), (X,)),
]

MODULES = (
    test_activation, test_arithmetic, test_attention, test_convolution, test_layout, test_normalization,
    test_pooling, test_product, test_sampling,
)  # fmt: skip
SIGHTED = [(example.op, example.inputs) for module in MODULES for example in module.EXAMPLES] + MORE


def named(value: object) -> str:
    return f"{value.kind}({value.attributes()})" if isinstance(value, Op) else ""


def tellable(op: Op) -> bool:
    """A dilated max pool has no positive form: torch has no mean of such windows."""
    return getattr(op, "dilation", 1) == 1 or not isinstance(op, MaxPool)


CHECKED = [(op, inputs) for op, inputs in SIGHTED if tellable(op)]


def test_every_operator_has_an_example() -> None:
    silent = {"input"}  # takes nothing
    assert {op.kind for op, _ in CHECKED} >= set(OPERATORS) - silent


def origins(op: Op, inputs: Shapes) -> list[frozenset[tuple[int, int]]] | None:
    """The (input, channel) pairs that each output channel is said to come from."""
    if any(len(shape) < 2 for shape in inputs):
        return None
    known = tuple(
        Channels(
            tuple((1, frozenset({(i, c)})) for c in range(shape[1])), lambda sets: frozenset().union(*sets)
        )
        for i, shape in enumerate(inputs)
    )
    runs = op.channels(inputs, known).runs
    return [frozenset() if value is None else value for count, value in runs for _ in range(count)]


@pytest.mark.parametrize(("op", "inputs"), CHECKED, ids=named)
def test_spans_and_channels(op: Op, inputs: Shapes) -> None:
    """Where an operator tells its spans, each output sees just these places of just those channels."""
    spans, output = op.spans(inputs), op.output(inputs)
    if spans is None or len(output) < 2 or len(output) != len(inputs[0]):
        return
    expected = origins(op, inputs)
    assert expected is not None
    assert len(expected) == output[1]
    maps = dependencies(op, inputs)
    for row, place in enumerate(product(*map(range, output))):
        channels = {
            (i, channel)
            for i, (seen, shape) in enumerate(zip(maps, inputs, strict=True))
            for channel in seen_along(seen[row], shape, 1)
        }
        assert channels <= expected[place[1]]
        for seen, shape in zip(maps, inputs, strict=True):
            if len(inputs) == 1 or shape[2:] == output[2:]:
                see_what_the_spans_say(seen[row], shape, spans, place)
        if channels:
            assert channels == expected[place[1]]


def see_what_the_spans_say(
    seen: Tensor, shape: Shape, spans: tuple[Span, ...], place: tuple[int, ...]
) -> None:
    for axis, span in enumerate(spans, start=2):
        places = seen_along(seen, shape, axis)
        low, high = span.low(place[axis]), span.high(place[axis])
        assert all(low <= at <= high for at in places)
        if places and low >= 0:
            assert places[0] == low
        if places and high < shape[axis]:
            assert places[-1] == high


@pytest.mark.parametrize(("op", "inputs"), CHECKED, ids=named)
def test_mixed_axes(op: Op, inputs: Shapes) -> None:
    """Along an axis that it says it mixes an output sees everything, along the others its own place."""
    mixed, output = op.mixes(inputs), op.output(inputs)
    x = inputs[0]
    plain = type(op).channels is Op.channels and type(op).spans is Op.spans
    moves = op.windows(inputs) or op.rearrangement(inputs) is not None or len(output) != len(x)
    if mixed is None or moves or len(inputs) > 1 or not (plain or mixed):
        return
    (seen,) = dependencies(op, inputs)
    for row, place in enumerate(product(*map(range, output))):
        for axis, length in enumerate(x):
            whole = list(range(length))
            assert seen_along(seen[row], x, axis) == (whole if axis in mixed else [place[axis]])


def sources(x: Shape, output: Shape, steps: Rearrangement) -> list[set[int]]:
    """For each element of an output, the elements of the input that it is said to come from."""
    found = [{number} for number in range(prod(x))]
    for step in steps:
        if isinstance(step, Laid):
            x = step.shape
        elif isinstance(step, Turned):
            numbers = torch.arange(prod(x)).reshape(x).permute(step.order)
            found, x = [found[number] for number in numbers.flatten().tolist()], tuple(numbers.shape)
        elif isinstance(step, Picked):
            numbers = torch.arange(prod(x)).reshape(x).index_select(step.axis, torch.tensor(step.places))
            found, x = [found[number] for number in numbers.flatten().tolist()], tuple(numbers.shape)
        else:
            length = output[step.axis] if step.length is None else step.length
            y = (*x[: step.axis], length, *x[step.axis + 1 :])
            numbered = torch.arange(prod(x)).reshape(x).movedim(step.axis, 0)
            taken = [
                [numbered[at].flatten() for at in step.span.taps(place) if 0 <= at < x[step.axis]]
                for place in range(length)
            ]
            whole: list[set[int]] = [set() for _ in range(prod(y))]
            places = torch.arange(prod(y)).reshape(y).movedim(step.axis, 0)
            for place, parts in enumerate(taken):
                for part in parts:
                    for to, of in zip(places[place].flatten().tolist(), part.tolist(), strict=True):
                        whole[to] |= found[of]
            found, x = whole, y
    assert x == output
    return found


@pytest.mark.parametrize(("op", "inputs"), CHECKED, ids=named)
def test_rearrangements(op: Op, inputs: Shapes) -> None:
    """Each output depends on just the elements that the steps lead to."""
    steps = op.rearrangement(inputs)
    if steps is None:
        return
    (seen,) = dependencies(op, inputs)
    expected = sources(inputs[0], op.output(inputs), steps)
    assert [set(row.nonzero().flatten().tolist()) for row in seen] == expected


def test_the_oracle_by_hand() -> None:
    (seen,) = dependencies(Conv(1, (1, 2), padding="valid"), ((1, 1, 1, 3),))
    assert torch.equal(seen, torch.tensor([[True, True, False], [False, True, True]]))
