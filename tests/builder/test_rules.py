"""Every operator through its rule: PyTorch must agree with the operator on shapes and parameters."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder import module_for
from archlens.cost import Cost
from archlens.errors import BuildError
from archlens.ops import OPERATORS, Op, Shape, Shapes

MAP = (2, 8, 9, 11)
LINE = (2, 8, 13)
VOLUME = (2, 4, 5, 6, 7)

CONVOLUTIONS: list[tuple[Op, Shapes]] = [
    (ops.Conv(6), (MAP,)),
    (ops.Conv(6, bias=True), (LINE,)),
    (ops.Conv(6, 3), (VOLUME,)),
    (ops.Conv(6, 3, 2), (MAP,)),
    (ops.Conv(6, 3, 2, padding="valid"), (MAP,)),
    (ops.Conv(6, 3, 2, padding="tensorflow_same"), (MAP,)),
    (ops.Conv(6, 3, 2, padding="tensorflow_same"), ((1, 3, 8, 8),)),
    (ops.Conv(6, (1, 7)), (MAP,)),
    (ops.Conv(6, (7, 1), (2, 1)), (MAP,)),
    (ops.Conv(6, 2), (MAP,)),
    (ops.Conv(6, (2, 4), 2), (MAP,)),
    (ops.Conv(6, 4, 2), (LINE,)),
    (ops.Conv(6, 2), (VOLUME,)),
    (ops.Conv(6, 2, dilation=3), (MAP,)),
    (ops.Conv(6, 3, dilation=(2, 1), padding=(2, 0)), (MAP,)),
    (ops.Conv(6, 5, 4, padding=2), (MAP,)),
    (ops.Conv(6, 3, 2, padding=((0, 1), (1, 0))), (MAP,)),
    (ops.Conv(6, 3, padding=((0, 3),)), (LINE,)),
    (ops.Conv(12, 3, groups=4), (MAP,)),
    (ops.Conv(8, 3, groups=8), (MAP,)),
    (ops.Conv(16, 3, 2, groups=8, padding="tensorflow_same", bias=True), (MAP,)),
    (ops.TransposedConv(6), (MAP,)),
    (ops.TransposedConv(6, 3, 2, 1, 1, bias=True), (MAP,)),
    (ops.TransposedConv(6, (4, 3), (2, 1), (1, 0), dilation=(1, 2), groups=2), (MAP,)),
    (ops.TransposedConv(6, 3, 1), (LINE,)),
    (ops.TransposedConv(6, 2, 2), (VOLUME,)),
    (ops.WeightStandardizedConv(6), (MAP,)),
    (ops.WeightStandardizedConv(6, 3, 2, bias=False), (MAP,)),
    (ops.WeightStandardizedConv(8, 3, 2, groups=4, padding="tensorflow_same"), (MAP,)),
    (ops.WeightStandardizedConv(8, 4), (LINE,)),
    (ops.WeightStandardizedConv(8, 3), (VOLUME,)),
]

POOLINGS: list[tuple[Op, Shapes]] = [
    (ops.MaxPool(2), (MAP,)),
    (ops.MaxPool(3, 2, 1), (MAP,)),
    (ops.MaxPool(3, 2, ceil_mode=True), (MAP,)),
    (ops.MaxPool(3, 2, "same", 2), (MAP,)),
    (ops.MaxPool(2, 1, "same"), (MAP,)),
    (ops.MaxPool(3, 2, "tensorflow_same"), ((1, 3, 8, 8),)),
    (ops.MaxPool(2, 3, ((0, 1), (1, 0)), ceil_mode=True), (MAP,)),
    (ops.MaxPool((3, 2), (1, 2), (1, 0)), (MAP,)),
    (ops.MaxPool(3, 2, "same"), (LINE,)),
    (ops.MaxPool(2, 2, "same", ceil_mode=True), (VOLUME,)),
    (ops.AveragePool(2), (MAP,)),
    (ops.AveragePool(3, 2, 1), (MAP,)),
    (ops.AveragePool(3, 2, 1, ceil_mode=True, count_include_pad=False), (MAP,)),
    (ops.AveragePool(3, 2, "tensorflow_same", count_include_pad=False), ((1, 3, 8, 8),)),
    (ops.AveragePool(2, 1, "same"), (MAP,)),
    (ops.AveragePool(2, 3, ((0, 1), (1, 0)), ceil_mode=True), (MAP,)),
    (ops.AveragePool(4, 3, "same", ceil_mode=True, count_include_pad=False), (LINE,)),
    (ops.AveragePool((1, 2, 3)), (VOLUME,)),
    (ops.AdaptiveAveragePool(3), (MAP,)),
    (ops.AdaptiveAveragePool((2, 5)), (MAP,)),
    (ops.AdaptiveAveragePool(4), (LINE,)),
    (ops.AdaptiveMaxPool(3), (MAP,)),
    (ops.AdaptiveMaxPool((1, 2, 3)), (VOLUME,)),
    (ops.GlobalAveragePool(), (MAP,)),
    (ops.GlobalAveragePool(keep_axes=True), (MAP,)),
    (ops.GlobalAveragePool(), (LINE,)),
    (ops.GlobalMaxPool(), (VOLUME,)),
    (ops.GlobalMaxPool(keep_axes=True), (MAP,)),
]

NORMALIZATIONS: list[tuple[Op, Shapes]] = [
    (ops.BatchNorm(), ((4, 6),)),
    (ops.BatchNorm(), (LINE,)),
    (ops.BatchNorm(), (MAP,)),
    (ops.BatchNorm(affine=False, epsilon=1e-3), (VOLUME,)),
    (ops.LayerNorm(), (MAP,)),
    (ops.LayerNorm((1,)), (MAP,)),
    (ops.LayerNorm((-3,), affine=False), (MAP,)),
    (ops.LayerNorm((1, 2, 3)), (MAP,)),
    (ops.LayerNorm((3, 1)), (MAP,)),
    (ops.GroupNorm(4), (MAP,)),
    (ops.GroupNorm(1, affine=False), ((2, 6),)),
    (ops.LocalResponseNorm(), (MAP,)),
    (ops.UnitNorm(), (MAP,)),
    (ops.UnitNorm(-1), ((2, 8),)),
    (ops.LocalResponseNorm(4, 1e-3, 0.5, 1.0), (LINE,)),
]

POINTWISE: list[tuple[Op, Shapes]] = [
    (ops.ReLU(), (MAP,)),
    (ops.ReLU6(), (MAP,)),
    (ops.Sigmoid(), (MAP,)),
    (ops.HardSigmoid(), (MAP,)),
    (ops.Tanh(), (MAP,)),
    (ops.SiLU(), (MAP,)),
    (ops.HardSwish(), (MAP,)),
    (ops.ELU(), (MAP,)),
    (ops.GELU(), (MAP,)),
    (ops.Softmax(), (MAP,)),
    (ops.Softmax(-1), ((2, 5, 7),)),
    (ops.PReLU(), (MAP,)),
    (ops.PReLU(per_channel=False), (LINE,)),
    (ops.Add(), (MAP, MAP)),
    (ops.Add(), (MAP, (2, 8, 1, 1), MAP)),
    (ops.Subtract(), (MAP, (2, 8, 1, 1), MAP)),
    (ops.Multiply(), (MAP, (2, 8, 1, 1))),
    (ops.Multiply(), (MAP, MAP, MAP)),
    (ops.Divide(), (MAP, (2, 8, 1, 1))),
    (ops.Shift(1e-5), (MAP,)),
    (ops.Scale(0.17), (MAP,)),
    (ops.Gain(), (MAP,)),
    (ops.Gain(per_channel=True, initial=1e-6), (MAP,)),
    (ops.Gain(per_channel=True), ((2, 8),)),
    (ops.Mean(), (MAP,)),
    (ops.Mean((-1, 1), keep_axes=True), (MAP,)),
    (ops.Sum(), (MAP,)),
    (ops.Sum((1,), keep_axes=True), (LINE,)),
    (ops.Maximum(), (MAP,)),
    (ops.Maximum((1,), keep_axes=True), (MAP,)),
    (ops.Linear(5), ((2, 8),)),
    (ops.Linear(5, bias=False), ((2, 3, 8),)),
    (ops.MatrixProduct(), ((2, 3, 4, 5), (2, 1, 5, 6))),
]

LAYOUTS: list[tuple[Op, Shapes]] = [
    (ops.Identity(), (MAP,)),
    (ops.Dropout(0.2), (MAP,)),
    (ops.Flatten(), (MAP,)),
    (ops.Flatten(-2), (MAP,)),
    (ops.Reshape((0, -1)), (MAP,)),
    (ops.Reshape((0, 2, 4, -1)), (MAP,)),
    (ops.Transpose((0, 2, 3, 1)), (MAP,)),
    (ops.Transpose((0, -1, 1, 2)), (MAP,)),
    (ops.Split(2, 1), (MAP,)),
    (ops.Split(3, 0, axis=-2), (MAP,)),
    (ops.Slice(2, 5), (MAP,)),
    (ops.Slice(0, 1, axis=3), (MAP,)),
    (ops.Concat(), (MAP, (2, 3, 9, 11), MAP)),
    (ops.Concat(-1), ((2, 3), (2, 4))),
    (ops.ChannelShuffle(4), (MAP,)),
    (ops.ChannelShuffle(2), (LINE,)),
    (ops.Pad(((0, 1), (2, 3))), (MAP,)),
    (ops.Pad(((0, 1), (2, 3)), 1.0), (MAP,)),
    (ops.Pad(((1, 2), (0, 0), (0, 0), (1, 0))), (VOLUME,)),
    (ops.Upsample(scale=2), (MAP,)),
    (ops.Upsample(scale=3), (LINE,)),
    (ops.Upsample(scale=2, mode="bilinear"), (MAP,)),
    (ops.Upsample(size=(20, 13), mode="bilinear"), (MAP,)),
    (ops.Upsample(size=9), (VOLUME,)),
]

SCORES = (2, 6, 3, 4, 4)

ATTENTION: list[tuple[Op, Shapes]] = [
    (ops.ClassToken(), ((2, 5, 8),)),
    (ops.ClassToken(3), ((2, 5, 8),)),
    (ops.PositionEmbedding(), ((2, 5, 8),)),
    (ops.PositionEmbedding((-1, 1)), (MAP,)),
    (ops.RelativePositionBias((2, 2)), (SCORES,)),
    (ops.RelativePositionBias((4,)), (SCORES,)),
    (ops.RelativePositionBias((2, 2), mirrored=True), (SCORES,)),
    (ops.WindowMask((4, 6), (2, 2), (1, 1)), (SCORES,)),
    (ops.WindowMask((24,), (4,), (0,)), (SCORES,)),
    (ops.Roll((-3, 4)), (MAP,)),
    (ops.Roll((1,), (-1,)), (LINE,)),
]

SAMPLING: list[tuple[Op, Shapes]] = [
    (ops.AffineGrid((3, 4)), ((2, 6),)),
    (ops.AffineGrid((3, 4), 0.5), ((2, 2),)),
    (ops.GridSample(), (MAP, (2, 3, 4, 2))),
    (ops.GridSample("nearest"), (MAP, (2, 3, 4, 2))),
]

EXAMPLES = CONVOLUTIONS + POOLINGS + NORMALIZATIONS + POINTWISE + LAYOUTS + ATTENTION + SAMPLING


def named(example: object) -> str:
    """The example's operator as pytest shows it; its shapes get pytest's own name."""
    return repr(example) if isinstance(example, Op) else ""


def test_every_operator_has_an_example() -> None:
    # an input is no module: test_network.py has it as an argument
    assert {op.kind for op, _ in EXAMPLES} == set(OPERATORS) - {"input"}


@pytest.mark.parametrize(("op", "inputs"), EXAMPLES, ids=named)
def test_shapes_and_parameters_are_what_the_operator_says(op: Op, inputs: Shapes) -> None:
    module = module_for(op, inputs)
    output = op.output(inputs)
    result = module(*(torch.randn(shape) for shape in inputs))
    assert tuple(result.shape) == output
    assert torch.isfinite(result).all()
    parameters = list(module.parameters())
    assert sum(parameter.numel() for parameter in parameters) == op.cost(inputs, output).params
    assert all(parameter.requires_grad for parameter in parameters)


@pytest.mark.parametrize(("op", "inputs"), EXAMPLES, ids=named)
def test_gradients_reach_every_input_and_parameter(op: Op, inputs: Shapes) -> None:
    module = module_for(op, inputs)
    tensors = [torch.randn(shape, requires_grad=True) for shape in inputs]
    module(*tensors).square().sum().backward()
    assert all(tensor.grad is not None for tensor in [*tensors, *module.parameters()])


@pytest.mark.parametrize(("op", "inputs"), EXAMPLES, ids=named)
def test_meta_tensors_have_the_same_shape(op: Op, inputs: Shapes) -> None:
    with torch.device("meta"):
        module = module_for(op, inputs)
    result = module(*(torch.empty(shape, device="meta") for shape in inputs))
    assert result.is_meta
    assert tuple(result.shape) == op.output(inputs)


@pytest.mark.parametrize(("op", "inputs"), EXAMPLES, ids=named)
def test_other_batches_run_through_the_same_module(op: Op, inputs: Shapes) -> None:
    module = module_for(op, inputs)
    shapes = tuple((5, *shape[1:]) for shape in inputs)
    assert tuple(module(*map(torch.randn, shapes)).shape) == op.output(shapes)


@pytest.mark.parametrize(
    ("op", "x", "module"),
    [
        (ops.Conv(6, 3), LINE, nn.Conv1d),
        (ops.Conv(6, 3, padding=((1, 1), (0, 0))), MAP, nn.Conv2d),
        (ops.Conv(6, 3, 2, padding="tensorflow_same"), (1, 3, 9, 9), nn.Conv2d),
        (ops.Conv(6, 3), VOLUME, nn.Conv3d),
        (ops.TransposedConv(6), MAP, nn.ConvTranspose2d),
        (ops.MaxPool(3, 2, 1), MAP, nn.MaxPool2d),
        (ops.AveragePool(3, 2, 1), MAP, nn.AvgPool2d),
        (ops.AdaptiveAveragePool(1), MAP, nn.AdaptiveAvgPool2d),
        (ops.BatchNorm(), MAP, nn.BatchNorm2d),
        (ops.BatchNorm(), (2, 8), nn.BatchNorm1d),
        (ops.LayerNorm((2, 3)), MAP, nn.LayerNorm),
        (ops.Linear(5), (2, 8), nn.Linear),
        (ops.HardSwish(), MAP, nn.Hardswish),
    ],
    ids=named,
)
def test_modules_are_torchs_own_where_it_has_one(op: Op, x: Shape, module: type[nn.Module]) -> None:
    assert type(module_for(op, (x,))) is module


def test_attributes_reach_the_module() -> None:
    norm = module_for(ops.BatchNorm(affine=False, epsilon=1e-3), (MAP,))
    assert isinstance(norm, nn.BatchNorm2d)
    assert (norm.eps, norm.affine) == (1e-3, False)
    drop = module_for(ops.Dropout(0.2), (MAP,))
    assert isinstance(drop, nn.Dropout)
    assert drop.p == 0.2
    conv = module_for(ops.Conv(16, (1, 7), (1, 2), dilation=(2, 1), groups=8), (MAP,))
    assert isinstance(conv, nn.Conv2d)
    assert (conv.kernel_size, conv.stride, conv.padding, conv.dilation) == ((1, 7), (1, 2), (0, 3), (2, 1))
    assert (conv.groups, conv.bias) == (8, None)


def test_more_spatial_axes_than_torch_has() -> None:
    with pytest.raises(BuildError, match="PyTorch has Conv for 1 to 3 spatial axes, not for 4"):
        module_for(ops.Conv(6), ((1, 2, 3, 4, 5, 6),))


@dataclass(frozen=True, slots=True)
class Foreign(Op):
    """An operator that no rule knows."""

    def output(self, inputs: Shapes) -> Shape:
        return inputs[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        return Cost()


def test_an_operator_without_a_rule_is_named() -> None:
    with pytest.raises(BuildError, match="no rule builds the operator 'Foreign'"):
        module_for(Foreign(), (MAP,))


def test_operands_are_not_changed_in_place() -> None:
    for op in (ops.Add(), ops.Multiply(), ops.ReLU(), ops.HardSwish(), ops.Scale(2.0)):
        x = torch.randn(2, 3, 4, 4)  # a residual branch may read it again
        before = x.clone()
        tensors: list[Tensor] = [x] * (1 if op.arity == 1 else 2)
        module_for(op, tuple(tuple(t.shape) for t in tensors))(*tensors)
        assert torch.equal(x, before)
