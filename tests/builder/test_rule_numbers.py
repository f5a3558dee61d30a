"""The numbers that come out where archlens pads, divides or normalises itself, against loops."""

from itertools import product
from math import inf, prod, sqrt
from statistics import fmean, pvariance

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder import module_for
from archlens.errors import OperatorError
from archlens.ops import Op

few = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])


def run(op: Op, *inputs: Tensor) -> Tensor:
    """The output of the operator's module, in double precision and evaluation mode."""
    module = module_for(op, tuple(tuple(x.shape) for x in inputs)).double().eval()
    with torch.no_grad():
        result: Tensor = module(*(x.double() for x in inputs))
    return result


def numbers(*shape: int) -> Tensor:
    """The same random numbers at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@st.composite
def slidings(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, object]]:
    """Spatial sizes of one or two axes, and the window that slides over them."""
    axes = draw(st.integers(1, 2))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    kernel = each(1, 4)
    explicit = tuple((draw(st.integers(0, k // 2)), draw(st.integers(0, k // 2))) for k in kernel)
    padding = draw(st.sampled_from(["same", "valid", "tensorflow_same", explicit]))
    return each(1, 7), {"kernel": kernel, "stride": each(1, 3), "padding": padding}


def taps(op: Op, x: Tensor, output: tuple[int, ...]) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """For each output position the input positions under its window, negative or too large in the padding.

    Positions beyond even the padding are left out: rounding up makes windows hang over it.
    """
    sliding = op.windows((tuple(x.shape),))
    under = {}
    for position in product(*map(range, output)):
        axes = []
        for at, size, window in zip(position, x.shape[2:], sliding, strict=True):
            start = at * window.stride - window.before
            places = (start + tap * window.dilation for tap in range(window.kernel))
            axes.append([place for place in places if place < size + window.after])
        under[position] = list(product(*axes))
    return under


def is_inside(place: tuple[int, ...], x: Tensor) -> bool:
    return all(0 <= at < size for at, size in zip(place, x.shape[2:], strict=True))


@few
@given(slidings(), st.booleans(), st.booleans())
def test_average_pool_divides_by_what_its_windows_hold(
    sliding: tuple[tuple[int, ...], dict[str, object]], ceil_mode: bool, count_include_pad: bool
) -> None:
    sizes, window = sliding
    x = numbers(1, 1, *sizes)
    op = ops.AveragePool(**window, ceil_mode=ceil_mode, count_include_pad=count_include_pad)  # type: ignore[arg-type]  # drawn
    try:
        output = op.output((tuple(x.shape),))
    except OperatorError:
        assume(False)
    result = run(op, x)
    for position, places in taps(op, x, output[2:]).items():
        values = [x[0, 0][place].item() for place in places if is_inside(place, x)]
        expected = sum(values) / (len(places) if count_include_pad else len(values))
        assert result[0, 0][position].item() == pytest.approx(expected, abs=1e-9)


@few
@given(slidings(), st.booleans(), st.integers(1, 2))
def test_max_pool_never_picks_the_padding(
    sliding: tuple[tuple[int, ...], dict[str, object]], ceil_mode: bool, dilation: int
) -> None:
    sizes, window = sliding
    x = numbers(1, 1, *sizes) - 10  # all below zero: a zero that was padded would win
    op = ops.MaxPool(**window, dilation=dilation, ceil_mode=ceil_mode)  # type: ignore[arg-type]  # drawn
    try:
        output = op.output((tuple(x.shape),))
    except OperatorError:
        assume(False)
    result = run(op, x)
    for position, places in taps(op, x, output[2:]).items():
        values = [x[0, 0][place].item() for place in places if is_inside(place, x)]
        assert result[0, 0][position].item() == max(values, default=-inf)


@few
@given(slidings(), st.integers(1, 2))
def test_convolution_pads_with_zeros_where_it_says(
    sliding: tuple[tuple[int, ...], dict[str, object]], dilation: int
) -> None:
    sizes, window = sliding
    x = numbers(1, 1, *sizes)
    op = ops.Conv(1, **window, dilation=dilation)  # type: ignore[arg-type]  # drawn
    try:
        output = op.output((tuple(x.shape),))
    except OperatorError:
        assume(False)
    module = module_for(op, (tuple(x.shape),)).double()
    (weight,) = module.parameters()
    result = module(x)
    for position, places in taps(op, x, output[2:]).items():
        weights = weight.flatten().tolist()
        expected = sum(
            w * x[0, 0][place].item() for w, place in zip(weights, places, strict=True) if is_inside(place, x)
        )
        assert result[0, 0][position].item() == pytest.approx(expected, abs=1e-9)


def test_tensorflow_pads_the_end_of_an_even_map() -> None:
    """A 3×3 window with stride 2 over 8×8 needs one more row and column, and gets them at the end."""
    x = numbers(2, 3, 8, 8)
    module = module_for(ops.Conv(4, 3, 2, padding="tensorflow_same"), ((2, 3, 8, 8),)).double()
    (weight,) = module.parameters()
    expected = functional.conv2d(functional.pad(x, (0, 1, 0, 1)), weight, stride=2)
    assert torch.allclose(module(x), expected)


def test_tensorflow_average_pool_divides_by_what_is_inside() -> None:
    ones = torch.ones(1, 1, 4, 4)
    pool = ops.AveragePool(3, 2, "tensorflow_same", count_include_pad=False)
    assert torch.equal(run(pool, ones), torch.ones(1, 1, 2, 2).double())
    counted = ops.AveragePool(3, 2, "tensorflow_same")
    assert torch.allclose(run(counted, ones), torch.tensor([[[[9, 6], [6, 4]]]]).double() / 9)


def test_weights_are_standardised_by_the_formula() -> None:
    op = ops.WeightStandardizedConv(4, 3, groups=2)
    x = numbers(1, 6, 5, 5)
    module = module_for(op, ((1, 6, 5, 5),)).double()
    weight, bias, gain = (
        dict(module.named_parameters())[name] for name in ("inner.weight", "inner.bias", "gain")
    )
    nn.init.uniform_(gain, 0.5, 2.0)
    standardised = []
    for row, factor in zip(weight, gain.flatten().tolist(), strict=True):
        values = row.flatten().tolist()
        fan_in = 3 * 3 * 3
        mean, variance = fmean(values), pvariance(values)
        standardised.append([factor * (value - mean) / sqrt(variance * fan_in) for value in values])
    by_hand = torch.tensor(standardised, dtype=torch.float64).reshape(4, 3, 3, 3)
    assert torch.allclose(module(x), functional.conv2d(x, by_hand, bias, padding=1, groups=2))


def test_standardising_one_weight_alone_stays_finite() -> None:
    """A 1×1 depthwise filter has no variance: epsilon keeps the division finite."""
    op = ops.WeightStandardizedConv(4, groups=4, bias=False)
    assert torch.equal(run(op, numbers(1, 4, 3, 3)), torch.zeros(1, 4, 3, 3).double())


@pytest.mark.parametrize("axes", [(1,), (3, 1), (2,), (1, 2, 3)])
def test_layer_norm_over_any_axes(axes: tuple[int, ...]) -> None:
    x = numbers(2, 3, 4, 5)
    result = run(ops.LayerNorm(axes, epsilon=1e-3), x)
    kept = [axis for axis in range(4) if axis not in axes]
    rows = x.permute(*kept, *axes).reshape(-1, prod(x.shape[axis] for axis in axes))
    normalised = result.permute(*kept, *axes).reshape(rows.shape)
    for row, norm in zip(rows.tolist(), normalised.tolist(), strict=True):
        mean, deviation = fmean(row), sqrt(pvariance(row) + 1e-3)
        assert norm == pytest.approx([(value - mean) / deviation for value in row])


def test_layer_norm_weights_follow_their_axes() -> None:
    module = module_for(ops.LayerNorm((3, 1)), ((2, 3, 4, 5),))
    assert isinstance(module, nn.LayerNorm)
    with torch.no_grad():
        module.weight.zero_()
        module.weight[2, 4] = 1
    result = module(torch.randn(2, 3, 4, 5))
    assert result[:, 2, :, 4].abs().min() > 0
    assert result.count_nonzero() == 2 * 4


def test_a_unit_norm_leaves_vectors_of_length_one() -> None:
    x = numbers(2, 3, 4, 5)
    result = run(ops.UnitNorm(), x)
    for image, row, column in product(range(2), range(4), range(5)):
        vector = x[image, :, row, column].tolist()
        length = sqrt(sum(value * value for value in vector))
        assert result[image, :, row, column].tolist() == pytest.approx([value / length for value in vector])
    assert run(ops.UnitNorm(), torch.zeros(1, 2, 1, 1)).tolist() == [[[[0]], [[0]]]]


def test_local_response_norm_is_alexnets() -> None:
    """b = a / (k + α · the sum of squares over n channels)^β, α not divided by n."""
    a = numbers(1, 7, 2, 2) * 10
    result = run(ops.LocalResponseNorm(5, 0.01, 0.75, 2.0), a)
    for channel in range(7):
        neighbours = a[:, max(channel - 2, 0) : channel + 3]
        expected = a[:, channel] / (2 + 0.01 * neighbours.square().sum(1)) ** 0.75
        assert torch.allclose(result[:, channel], expected)


def test_channels_are_shuffled_as_a_table_read_by_columns() -> None:
    x = torch.arange(6.0).reshape(1, 6, 1, 1).requires_grad_()
    result = module_for(ops.ChannelShuffle(2), ((1, 6, 1, 1),))(x)
    assert result.flatten().tolist() == [0, 3, 1, 4, 2, 5]
    (result.flatten() * torch.arange(6.0)).sum().backward()
    assert x.grad is not None
    assert x.grad.flatten().tolist() == [0, 2, 4, 1, 3, 5]


def test_parts_of_a_split_and_a_slice() -> None:
    x = torch.arange(6.0).reshape(1, 6)
    assert run(ops.Split(3, 1), x).tolist() == [[2, 3]]
    assert run(ops.Slice(1, 5), x).tolist() == [[1, 2, 3, 4]]
    halves = [run(ops.Split(2, index), x) for index in range(2)]
    assert torch.equal(run(ops.Concat(), *halves), x.double())


def test_splits_and_slices_are_views() -> None:
    x = torch.randn(1, 6, 4, 4)
    for op in (ops.Split(2, 1), ops.Slice(2, 4), ops.Transpose((0, 2, 3, 1)), ops.Reshape((0, -1))):
        view = module_for(op, ((1, 6, 4, 4),))(x)
        assert view.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()


def test_pad_names_the_axes_in_order() -> None:
    result = run(ops.Pad(((1, 0), (0, 2))), torch.ones(1, 1, 1, 1))
    assert result[0, 0].tolist() == [[0, 0, 0], [1, 0, 0]]
    result = run(ops.Pad(((0, 1), (0, 0)), 2.5), torch.ones(1, 1, 1, 1))
    assert result[0, 0].tolist() == [[1], [2.5]]


def test_sums_products_and_means() -> None:
    x, gate = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), torch.tensor([[[[10.0]]]])
    assert run(ops.Add(), x, gate, x).flatten().tolist() == [12, 14, 16, 18]
    assert run(ops.Subtract(), x, gate, x).flatten().tolist() == [-10, -10, -10, -10]
    assert run(ops.Multiply(), x, gate, x).flatten().tolist() == [10, 40, 90, 160]
    assert run(ops.Divide(), x, gate).flatten().tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert run(ops.Shift(0.5), x).flatten().tolist() == [1.5, 2.5, 3.5, 4.5]
    assert run(ops.Scale(0.5), x).flatten().tolist() == [0.5, 1, 1.5, 2]
    assert run(ops.Gain(initial=3.0), x).flatten().tolist() == [3, 6, 9, 12]
    assert run(ops.Mean(), x).tolist() == [[2.5]]
    assert run(ops.Sum((2,)), x).tolist() == [[[4, 6]]]
    assert run(ops.Maximum((3,), keep_axes=True), x).tolist() == [[[[2], [4]]]]
    assert run(ops.GlobalAveragePool(), x).tolist() == [[2.5]]
    assert run(ops.GlobalMaxPool(), x).tolist() == [[4]]


def test_hard_activations_are_mobilenets() -> None:
    x = torch.tensor([-4.0, -3.0, -1.0, 0.0, 1.5, 3.0, 5.0])
    clipped = [min(max(value + 3, 0), 6) / 6 for value in x.tolist()]
    assert run(ops.HardSigmoid(), x).tolist() == pytest.approx(clipped)
    expected = [value * share for value, share in zip(x.tolist(), clipped, strict=True)]
    assert run(ops.HardSwish(), x).tolist() == pytest.approx(expected)


def test_an_affine_grid_is_that_of_torch() -> None:
    theta = numbers(2, 6)
    expected = functional.affine_grid(theta.reshape(2, 2, 3), [2, 1, 4, 5], align_corners=False)
    assert torch.allclose(run(ops.AffineGrid((4, 5)), theta), expected)


def test_an_affine_grid_at_a_fixed_scale() -> None:
    places = numbers(2, 2)
    x, y = places.unbind(1)
    zero, half = torch.zeros(2, dtype=torch.float64), torch.full((2,), 0.5, dtype=torch.float64)
    theta = torch.stack([half, zero, x, zero, half, y], dim=1)
    assert torch.allclose(run(ops.AffineGrid((4, 5), 0.5), places), run(ops.AffineGrid((4, 5)), theta))


def test_the_identity_samples_every_element_where_it_is() -> None:
    x = numbers(2, 3, 4, 5)
    identity = torch.tensor([[1.0, 0, 0, 0, 1, 0]]).expand(2, -1)
    grid = run(ops.AffineGrid((4, 5)), identity)
    assert torch.allclose(run(ops.GridSample(), x, grid), x)
    assert torch.allclose(run(ops.GridSample("nearest"), x, grid), x)


def test_a_place_between_four_elements_gets_their_mean() -> None:
    x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    middle = torch.zeros(1, 1, 1, 2)
    assert run(ops.GridSample(), x, middle).tolist() == [[[[3]]]]
