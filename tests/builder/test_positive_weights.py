"""Positive modules, against torch's own with weights of one."""

import pytest
import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder import module_for
from archlens.builder.positive_weights import make_weights_positive, positive_form
from archlens.errors import BuildError

X = (2, 4, 9, 8)


def output(module: nn.Module, x: Tensor) -> Tensor:
    result: Tensor = module(x)
    return result


@pytest.mark.parametrize(
    "op",
    [
        ops.Conv(6, 3), ops.Conv(6, (3, 1), (2, 1), dilation=(2, 1)), ops.Conv(8, 3, groups=4),
        ops.Conv(6, 4, padding=((0, 3), (2, 1)), groups=2), ops.Conv(6, 3, 2, padding="tensorflow_same"),
        ops.TransposedConv(6, 3, 2, padding=1, output_padding=1), ops.TransposedConv(4, 2, 3, groups=2),
    ],
    ids=str,
)  # fmt: skip
def test_a_convolution_is_torchs_with_equal_weights(op: ops.Op) -> None:
    plain = module_for(op, (X,)).double()
    for parameter in plain.parameters():
        nn.init.ones_(parameter)
    x = torch.rand(X, dtype=torch.float64)
    torch.testing.assert_close(positive_form(plain, None)(x), output(plain, x))


@pytest.mark.parametrize("axis", [2, 3])
@pytest.mark.parametrize(
    "op",
    [
        ops.Conv(6, 3, 2), ops.Conv(6, 4, padding=((0, 3), (2, 1))), ops.TransposedConv(6, 3, 2),
        ops.MaxPool(3, 2, 1), ops.MaxPool(3, 2, ceil_mode=True), ops.AveragePool(2, 2),
        ops.AveragePool(3, 2, padding=((0, 1), (1, 0)), count_include_pad=False),
        ops.AdaptiveAveragePool(3), ops.AdaptiveMaxPool((3, 4)), ops.Upsample(scale=2),
        ops.Upsample(size=(5, 11), mode="bilinear"), ops.Pad(((1, 2), (0, 3))), ops.Split(2, 1),
        ops.Slice(1, 3, axis=2), ops.Slice(1, 3, axis=3),
    ],
    ids=str,
)  # fmt: skip
def test_along_one_axis_it_does_what_it_does_along_that_axis(op: ops.Op, axis: int) -> None:
    """Of a map that is the same along the other axis only what happens along this one is left."""
    whole = module_for(op, (X,)).double()
    line = torch.rand(X[axis], dtype=torch.float64)
    shape = [1, 1, 1, 1]
    shape[axis] = X[axis]
    thin = positive_form(whole, axis)(line.reshape(shape).expand(2, 4, *shape[2:]))
    full = positive_form(whole, None)(line.reshape(shape).expand(X))
    assert thin.shape[axis] == full.shape[axis]
    assert thin.shape[5 - axis] == 1
    seen, expected = (each.sign().amax((0, 1, 5 - axis)) for each in (thin, full))
    assert torch.equal(seen, expected)


def test_whole_networks_put_out_ones_and_zeros() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d((2, 2)))
    made = make_weights_positive(network, ["0", "1", "2"])
    x = torch.zeros(1, 3, 8, 8, dtype=torch.float64)
    x[..., 0, 0] = 5
    x.requires_grad_()
    y = output(made, x)
    assert set(y.flatten().tolist()) == {0, 1}
    assert y.nonzero().tolist() == [[0, channel, 0, 0] for channel in range(4)]
    (gradient,) = torch.autograd.grad(y[0, 0, 1, 1], x)
    assert torch.equal(gradient[0, 0].nonzero().aminmax(dim=0).min, torch.tensor([2, 2]))
    assert gradient.min() == 0


def test_what_has_no_positive_form_is_named() -> None:
    with pytest.raises(BuildError, match="no rule tells what LSTM sees"):
        positive_form(nn.LSTM(2, 2), None)
    with pytest.raises(BuildError, match="dilated max pool"):
        positive_form(module_for(ops.MaxPool(2, 1, dilation=2), (X,)), None)
