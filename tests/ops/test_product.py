"""Linear layers and matrix products, against loops over every product and against torch."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from archlens.ops import Linear, MatrixProduct, Shape
from archlens.ops.product import broadcast
from tests.ops.refusal import refusal, refuses
from tests.oracles.example import Example
from tests.oracles.product import linear, matrix_product

EXAMPLES = [
    Example(Linear(5), ((2, 3),), lambda: linear((2, 3), out=5)),
    Example(Linear(2, bias=False), ((2, 3, 4),), lambda: linear((2, 3, 4), out=2, bias=False)),
    Example(MatrixProduct(), ((2, 3), (3, 4)), lambda: matrix_product((2, 3), (3, 4)), batched=False),
    Example(
        MatrixProduct(), ((2, 3, 4, 5), (2, 3, 5, 2)), lambda: matrix_product((2, 3, 4, 5), (2, 3, 5, 2))
    ),
    Example(  # one operand stretches over the other's heads, and is still read once
        MatrixProduct(), ((2, 3, 4, 5), (2, 1, 5, 2)), lambda: matrix_product((2, 3, 4, 5), (2, 1, 5, 2))
    ),
    Example(
        MatrixProduct(),
        ((1, 3, 4, 5), (2, 1, 5, 2)),
        lambda: matrix_product((1, 3, 4, 5), (2, 1, 5, 2)),
        batched=False,
    ),
    Example(MatrixProduct(), ((3, 4, 5), (5, 2)), lambda: matrix_product((3, 4, 5), (5, 2)), batched=False),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_the_first_classifier_layer_of_vgg_16_by_hand() -> None:
    # 512·7·7 = 25088 features into 4096: 102760448 weights, and 4096 biases
    x = (1, 25_088)
    op = Linear(4_096)
    assert op.output((x,)) == (1, 4_096)
    cost = op.cost((x,), (1, 4_096))
    assert cost.multiply_adds == 102_760_448
    assert cost.params == 102_764_544
    assert cost.memory_access == 25_088 + 102_764_544 + 4_096


def test_the_attention_of_vit_base_by_hand() -> None:
    # 12 heads, 197 tokens, 64 features: queries times keys makes 12·197·197 scores of 64 products each
    queries, keys = (1, 12, 197, 64), (1, 12, 64, 197)
    op = MatrixProduct()
    assert op.output((queries, keys)) == (1, 12, 197, 197)
    cost = op.cost((queries, keys), (1, 12, 197, 197))
    assert cost.multiply_adds == 12 * 38_809 * 64 == 29_805_312
    assert cost.activations == cost.writes == 465_708
    assert cost.params == 0


shapes = st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple)


@given(shapes, st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.booleans())
def test_linear_is_that_of_torch(rows: Shape, batch: int, features: int, out: int, bias: bool) -> None:
    x = (batch, *rows, features)
    module = torch.nn.Linear(features, out, bias, device="meta")
    with FlopCounterMode(display=False) as counter:
        y = module(torch.empty(x, device="meta"))
    op = Linear(out, bias)
    assert op.output((x,)) == tuple(y.shape)
    cost = op.cost((x,), tuple(y.shape))
    assert cost.params == sum(parameter.numel() for parameter in module.parameters())
    assert cost.multiply_adds * 2 == counter.get_total_flops()


@given(shapes, st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.data())
def test_matrix_product_is_that_of_torch(
    batch: Shape, rows: int, shared: int, columns: int, data: st.DataObject
) -> None:
    a = (*(data.draw(st.sampled_from([1, length])) for length in batch), rows, shared)
    b = (*(data.draw(st.sampled_from([1, length])) for length in batch), shared, columns)
    with FlopCounterMode(display=False) as counter:
        y = torch.empty(a, device="meta") @ torch.empty(b, device="meta")
    op = MatrixProduct()
    assert op.output((a, b)) == tuple(y.shape)
    assert op.cost((a, b), tuple(y.shape)).multiply_adds * 2 == counter.get_total_flops()


@given(st.lists(shapes, min_size=1, max_size=3))
def test_broadcast_is_that_of_torch(several: list[Shape]) -> None:
    try:
        expected = tuple(torch.broadcast_shapes(*several))  # type: ignore[no-untyped-call]
    except RuntimeError:
        assert "do not fit together" in refusal(lambda: broadcast(*several))
    else:
        assert broadcast(*several) == expected


def test_what_a_linear_layer_refuses() -> None:
    refuses(lambda: Linear(0), (1, 4), because="out=0 is not a positive integer")
    refuses(lambda: Linear(4), (4,), because="a linear layer needs a batch and a feature axis, got 4")


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        ((2, 3), (4, 5), "2×3 and 4×5"),
        ((3,), (3, 4), "3 and 3×4"),
        ((3, 4), (4,), "3×4 and 4"),
    ],
)
def test_matrices_that_do_not_meet(a: Shape, b: Shape, shown: str) -> None:
    because = f"{shown} cannot be multiplied: (…×m×k) and (…×k×n) can"
    refuses(MatrixProduct, a, b, because=because)


def test_batches_that_do_not_stretch() -> None:
    refuses(MatrixProduct, (2, 3, 4), (3, 4, 5), because="2 and 3 do not fit together, axis by axis")
