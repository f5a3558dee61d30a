"""Normalisations, against lists of what each element needs and against torch."""

from collections.abc import Callable

import pytest
import torch

from archlens.ops import BatchNorm, GroupNorm, LayerNorm, LocalResponseNorm, Op, Shape, UnitNorm
from archlens.ops.normalization import resolve_axes, resolve_axis
from tests.ops.refusal import refusal, refuses
from tests.oracles.activation import activation
from tests.oracles.example import Example
from tests.oracles.normalization import normalized, normalized_by_running_statistics

X = (2, 4, 3, 5)

EXAMPLES = [
    Example(BatchNorm(), (X,), lambda: normalized_by_running_statistics(X, affine=True)),
    Example(BatchNorm(affine=False), (X,), lambda: normalized_by_running_statistics(X, affine=False)),
    Example(BatchNorm(), ((2, 3),), lambda: normalized_by_running_statistics((2, 3), affine=True)),
    Example(LayerNorm(), (X,), lambda: normalized(X, weighted={3})),
    Example(LayerNorm(axes=(1, 2, 3)), (X,), lambda: normalized(X, weighted={1, 2, 3})),
    Example(LayerNorm(axes=(-3,)), (X,), lambda: normalized(X, weighted={1})),
    Example(LayerNorm(affine=False), (X,), lambda: normalized(X, weighted=set())),
    Example(GroupNorm(2), (X,), lambda: normalized(X, weighted={1})),
    Example(GroupNorm(4, affine=False), (X,), lambda: normalized(X, weighted=set())),
    Example(LocalResponseNorm(), (X,), lambda: activation(X)),
    Example(UnitNorm(), (X,), lambda: activation(X)),
    Example(UnitNorm(axis=-1), ((2, 3),), lambda: activation((2, 3))),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_a_batch_norm_by_hand() -> None:
    # behind ResNet-50's stem: 64 scales and 64 shifts learned, 64 means and 64 variances kept
    x = (1, 64, 112, 112)
    cost = BatchNorm().cost((x,), x)
    assert cost.params == 128
    assert cost.reads == 802_816 + 128 + 128
    assert cost.writes == cost.elementwise == 802_816
    assert cost.multiply_adds == cost.activations == 0


@pytest.mark.parametrize(
    ("module", "op"),
    [
        (torch.nn.BatchNorm2d(4), BatchNorm()),
        (torch.nn.BatchNorm2d(4, affine=False), BatchNorm(affine=False)),
        (torch.nn.LayerNorm(5), LayerNorm()),
        (torch.nn.LayerNorm((4, 3, 5)), LayerNorm(axes=(1, 2, 3))),
        (torch.nn.LayerNorm((3, 5), elementwise_affine=False), LayerNorm(axes=(-2, -1), affine=False)),
        (torch.nn.GroupNorm(2, 4), GroupNorm(2)),
        (torch.nn.LocalResponseNorm(5), LocalResponseNorm(5)),
    ],
    ids=str,
)
def test_shape_and_params_are_those_of_torch(module: torch.nn.Module, op: Op) -> None:
    y = module.eval()(torch.empty(X))
    assert op.output((X,)) == tuple(y.shape)
    assert op.cost((X,), X).params == sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("make", "x", "because"),
    [
        (BatchNorm, (4,), "a batch norm needs a channel axis, got 4"),
        (lambda: GroupNorm(2), (4,), "a group norm needs a channel axis, got 4"),
        (lambda: GroupNorm(3), X, "4 channels are not divisible by groups=3"),
        (lambda: GroupNorm(0), X, "groups=0 is not a positive integer"),
        (lambda: LocalResponseNorm(0), X, "size=0 is not a positive integer"),
        (UnitNorm, (4,), "axis=1 is not an axis of 4, 0 to 0"),
        (LocalResponseNorm, (1, 4), "a local response norm needs a map with channels, got 1×4"),
        (lambda: LayerNorm(axes=(0, 1)), X, "axes=[0, 1] includes the batch"),
        (lambda: LayerNorm(axes=(-4,)), X, "axes=[-4] includes the batch"),
        (lambda: LayerNorm(axes=(4,)), X, "axes=[4] are not all axes of 2×4×3×5, 0 to 3"),
        (lambda: LayerNorm(axes=(1, -5)), X, "axes=[1, -5] are not all axes of 2×4×3×5, 0 to 3"),
        (lambda: LayerNorm(axes=(3, -1)), X, "axes=[3, -1] name one axis twice"),
        (lambda: LayerNorm(axes=()), X, "axes=[] names no axis of 2×4×3×5: expected a list such as [2, 3]"),
    ],
)
def test_what_normalisations_refuse(make: Callable[[], Op], x: Shape, because: str) -> None:
    refuses(make, x, because=because)


def test_axes_count_from_either_end() -> None:
    assert resolve_axes("axes", (-1, 0, 2), X) == (3, 0, 2)
    assert [resolve_axis("axis", axis, X) for axis in range(-4, 4)] == [0, 1, 2, 3, 0, 1, 2, 3]


def test_axes_go_by_the_name_of_their_attribute() -> None:
    assert refusal(lambda: resolve_axis("start", 4, X)) == "start=4 is not an axis of 2×4×3×5, 0 to 3"
    assert refusal(lambda: resolve_axis("axis", -5, X)) == "axis=-5 is not an axis of 2×4×3×5, 0 to 3"
    assert refusal(lambda: resolve_axes("order", (0, 0), X)) == "order=[0, 0] name one axis twice"
