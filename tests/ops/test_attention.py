"""Tokens, positions and windows, against one element at a time."""

from collections.abc import Callable

import pytest

from archlens.cost import Cost
from archlens.ops import ClassToken, Op, PositionEmbedding, RelativePositionBias, Roll, Shape, WindowMask
from tests.ops.refusal import refuses
from tests.oracles.activation import activation
from tests.oracles.attention import embedded, prefixed, relatively_biased, rolled
from tests.oracles.example import Example

TOKENS = (2, 5, 3)
X = (2, 3, 4, 5)
SCORES = (2, 4, 3, 6, 6)
"""Two samples of four windows, three heads, and a score for each pair of 2×3 tokens."""

EXAMPLES = [
    Example(ClassToken(), (TOKENS,), lambda: prefixed(TOKENS, count=1)),
    Example(ClassToken(3), (TOKENS,), lambda: prefixed(TOKENS, count=3)),
    Example(PositionEmbedding(), (TOKENS,), lambda: embedded(TOKENS, axes={1, 2})),
    Example(PositionEmbedding((-1, 1)), (X,), lambda: embedded(X, axes={1, 3})),
    Example(RelativePositionBias((2, 3)), (SCORES,), lambda: relatively_biased(SCORES, window=(2, 3))),
    Example(RelativePositionBias((6,)), (SCORES,), lambda: relatively_biased(SCORES, window=(6,))),
    Example(
        RelativePositionBias((2, 3), mirrored=True),
        (SCORES,),
        lambda: relatively_biased(SCORES, window=(2, 3), mirrored=True),
    ),
    Example(WindowMask((4, 6), (2, 3), (1, 1)), (SCORES,), lambda: activation(SCORES)),
    Example(WindowMask((24,), (6,), (5,)), (SCORES,), lambda: activation(SCORES)),
    Example(Roll((1, -2)), (X,), lambda: rolled(X, shifts={2: 1, 3: -2})),
    Example(Roll((7,), (-3,)), (X,), lambda: rolled(X, shifts={1: 7})),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_the_tokens_of_vit_by_hand() -> None:
    # 14·14 patches and the class token: 197·768 = 151296 learnable numbers of position
    patches, tokens = (1, 196, 768), (1, 197, 768)
    assert ClassToken().output((patches,)) == tokens
    assert ClassToken().cost((patches,), tokens).params == 768
    assert PositionEmbedding().cost((tokens,), tokens).params == 151_296


def test_the_windows_of_swin_by_hand() -> None:
    # 8·8 windows of 7·7 tokens and 3 heads; offsets of −6 to 6 both ways: 13·13·3 = 507 numbers
    scores = (1, 64, 3, 49, 49)
    assert RelativePositionBias((7, 7)).cost((scores,), scores).params == 507
    assert RelativePositionBias((7, 7), mirrored=True).cost((scores,), scores).params == 147
    assert WindowMask((56, 56), (7, 7), (3, 3)).output((scores,)) == scores
    assert WindowMask((56, 56), (7, 7), (3, 3)).cost((scores,), scores).params == 0
    assert Roll((-3, -3), (1, 2)).cost(((1, 4, 4, 2),), (1, 4, 4, 2)) == Cost(reads=32, writes=32)


@pytest.mark.parametrize(
    ("make", "x", "because"),
    [
        (lambda: ClassToken(0), TOKENS, "count=0 is not a positive integer"),
        (ClassToken, X, "a class token needs batch, tokens and features, got 2×3×4×5"),
        (lambda: PositionEmbedding((0, 1)), X, "axes=[0, 1] includes the batch"),
        (lambda: PositionEmbedding((1, 4)), X, "axes=[1, 4] are not all axes of 2×3×4×5, 0 to 3"),
        (lambda: PositionEmbedding((3, -1)), X, "axes=[3, -1] name one axis twice"),
        (lambda: RelativePositionBias(()), SCORES, "window=[]: expected lengths, such as [7, 7]"),
        (lambda: RelativePositionBias((2, 0)), SCORES, "window=[2, 0]: expected lengths, such as [7, 7]"),
        (
            lambda: RelativePositionBias((7, 7)),
            SCORES,
            "2×4×3×6×6 are no scores of the 49 tokens of window=[7, 7]: …×heads×t×t are",
        ),
        (
            lambda: RelativePositionBias((2, 3)),
            (6, 6),
            "6×6 are no scores of the 6 tokens of window=[2, 3]: …×heads×t×t are",
        ),
        (
            lambda: WindowMask((4, 6), (2, 3), (1,)),
            SCORES,
            "size=[4, 6], window=[2, 3], shift=[1]: expected lists of one length",
        ),
        (
            lambda: WindowMask((), (), ()),
            SCORES,
            "size=[], window=[], shift=[]: expected lists of one length",
        ),
        (
            lambda: WindowMask((4, 7), (2, 3), (1, 1)),
            SCORES,
            "size=[4, 7] cannot be cut into windows of [2, 3]",
        ),
        (
            lambda: WindowMask((4, 6), (2, 0), (1, 1)),
            SCORES,
            "size=[4, 6] cannot be cut into windows of [2, 0]",
        ),
        (
            lambda: WindowMask((4, 6), (2, 3), (1, 3)),
            SCORES,
            "shift=[1, 3] is not at least 0 and below window=[2, 3]",
        ),
        (
            lambda: WindowMask((4, 12), (2, 3), (1, 1)),
            SCORES,
            "2×4×3×6×6 does not have the 8 windows of size=[4, 12]",
        ),
        (
            lambda: WindowMask((2, 3), (2, 3), (1, 1)),
            (3, 6, 6),
            "3×6×6 does not have the 1 windows of size=[2, 3]",
        ),
        (lambda: Roll((1,)), X, "shifts=[1] and axes=[2, 3] do not match, one an axis"),
        (lambda: Roll((1, 1), (2, 4)), X, "axes=[2, 4] are not all axes of 2×3×4×5, 0 to 3"),
        (lambda: Roll((), ()), X, "axes=[] names no axis of 2×3×4×5: expected a list such as [2, 3]"),
    ],
)
def test_what_attention_refuses(make: Callable[[], Op], x: Shape, because: str) -> None:
    refuses(make, x, because=because)
