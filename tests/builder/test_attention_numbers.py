"""The numbers that learnable tokens, positions and shifted windows make, against loops over a map."""

from itertools import product

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder import module_for


def built(op: ops.Op, x: Tensor) -> nn.Module:
    """The operator's module for an input of this shape."""
    return module_for(op, (tuple(x.shape),))


def learned(module: nn.Module) -> Tensor:
    """The one parameter of a module, filled with numbers of which no two are alike."""
    (parameter,) = module.parameters()
    with torch.no_grad():
        parameter.copy_(torch.arange(1.0, 1.0 + parameter.numel()).reshape(parameter.shape))
    return parameter


def test_learned_tokens_come_first() -> None:
    x = torch.randn(2, 3, 4)
    module = built(ops.ClassToken(2), x)
    token = learned(module)
    result = module(x)
    assert torch.equal(result[:, 2:], x)
    for sample in result:
        assert torch.equal(sample[:2], token[0])


def test_positions_are_the_same_for_every_sample_and_along_other_axes() -> None:
    x = torch.zeros(2, 3, 4, 5)
    module = built(ops.PositionEmbedding((3, 1)), x)
    weight = learned(module)
    result = module(x)
    for n, c, row, column in product(range(2), range(3), range(4), range(5)):
        assert result[n, c, row, column] == weight[0, c, 0, column]
    assert len(result.unique()) == 15


def test_pairs_as_far_apart_share_a_number_and_no_others_do() -> None:
    window = (2, 3)
    x = torch.zeros(1, 2, 6, 6)
    module = built(ops.RelativePositionBias(window), x)
    learned(module)
    result = module(x)[0]
    tokens = list(product(range(2), range(3)))
    seen: dict[tuple[int, ...], float] = {}
    for head, (i, one), (j, other) in product(range(2), enumerate(tokens), enumerate(tokens)):
        way = (head, one[0] - other[0], one[1] - other[1])
        assert result[head, i, j].item() == seen.setdefault(way, result[head, i, j].item())
    assert len(seen) == len(set(seen.values())) == 2 * 3 * 5


def test_mirrored_ways_share_a_number() -> None:
    x = torch.zeros(1, 2, 6, 6)
    module = built(ops.RelativePositionBias((2, 3), mirrored=True), x)
    learned(module)
    result = module(x)[0]
    tokens = list(product(range(2), range(3)))
    seen: dict[tuple[int, ...], float] = {}
    for head, (i, one), (j, other) in product(range(2), enumerate(tokens), enumerate(tokens)):
        way = (head, abs(one[0] - other[0]), abs(one[1] - other[1]))
        assert result[head, i, j].item() == seen.setdefault(way, result[head, i, j].item())
    assert len(seen) == len(set(seen.values())) == 2 * 2 * 3


def test_a_mask_parts_what_only_the_roll_joined() -> None:
    """Pixels that carry their own coordinates, rolled and cut into windows: who was near whom before?"""
    height, width, (rows, columns), (down, right) = 4, 9, (2, 3), (1, 2)
    pixels = torch.tensor([[(row, column) for column in range(width)] for row in range(height)])
    moved = built(ops.Roll((-down, -right), (0, 1)), pixels)(pixels)
    x = torch.zeros(1, 6, 1, 6, 6)
    result = built(ops.WindowMask((height, width), (rows, columns), (down, right)), x)(x)[0, :, 0]
    for at, (top, left) in enumerate(product(range(0, height, rows), range(0, width, columns))):
        inside = [moved[top + r, left + c].tolist() for r, c in product(range(rows), range(columns))]
        for (i, one), (j, other) in product(enumerate(inside), enumerate(inside)):
            near = abs(one[0] - other[0]) < rows and abs(one[1] - other[1]) < columns
            assert result[at, i, j].item() == (0 if near else -100)
    assert 0 < (result < 0).sum() < result.numel()


def test_a_roll_goes_around_the_end() -> None:
    x = torch.tensor([[1.0, 2.0, 3.0]])
    assert built(ops.Roll((1,), (1,)), x)(x).tolist() == [[3, 1, 2]]
    assert built(ops.Roll((-4,), (1,)), x)(x).tolist() == [[2, 3, 1]]
