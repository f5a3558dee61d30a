"""Sums, products, gains, means and maxima: small modules, as torch has only functions for them."""

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder.rule import module_for

__all__ = ["Add", "Divide", "Gain", "MatrixProduct", "Maximum", "Mean", "Multiply", "Scale", "Shift", "Sum"]


@module_for.register
def linear(op: ops.Linear, inputs: ops.Shapes) -> nn.Module:
    """`nn.Linear`."""
    return nn.Linear(inputs[0][-1], op.out, bias=op.bias)


class MatrixProduct(nn.Module):
    """The product of two tensors over their last two axes."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """Shapes …×m×k and …×k×n in, …×m×n out."""
        return torch.matmul(a, b)


@module_for.register
def matrix_product(op: ops.MatrixProduct, inputs: ops.Shapes) -> nn.Module:
    """See `MatrixProduct`."""
    return MatrixProduct()


class Add(nn.Module):
    """The sum of tensors, left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Any shapes that broadcast."""
        for other in others:
            first = first + other
        return first


@module_for.register
def add(op: ops.Add, inputs: ops.Shapes) -> nn.Module:
    """See `Add`."""
    return Add()


class Subtract(nn.Module):
    """The first tensor less the others, left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Any shapes that broadcast."""
        for other in others:
            first = first - other
        return first


@module_for.register
def subtract(op: ops.Subtract, inputs: ops.Shapes) -> nn.Module:
    """See `Subtract`."""
    return Subtract()


class Multiply(nn.Module):
    """The product of tensors, element by element, left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Any shapes that broadcast."""
        for other in others:
            first = first * other
        return first


@module_for.register
def multiply(op: ops.Multiply, inputs: ops.Shapes) -> nn.Module:
    """See `Multiply`."""
    return Multiply()


class Divide(nn.Module):
    """The first tensor over the others, left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Any shapes that broadcast."""
        for other in others:
            first = first / other
        return first


@module_for.register
def divide(op: ops.Divide, inputs: ops.Shapes) -> nn.Module:
    """See `Divide`."""
    return Divide()


class Scale(nn.Module):
    """Multiplication by a constant."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x * self.factor

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"factor={self.factor}"


@module_for.register
def scale(op: ops.Scale, inputs: ops.Shapes) -> nn.Module:
    """See `Scale`."""
    return Scale(op.factor)


class Shift(nn.Module):
    """The sum with a constant."""

    def __init__(self, offset: float) -> None:
        super().__init__()
        self.offset = offset

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x + self.offset

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"offset={self.offset}"


@module_for.register
def shift(op: ops.Shift, inputs: ops.Shapes) -> nn.Module:
    """See `Shift`."""
    return Shift(op.offset)


class Gain(nn.Module):
    """Multiplication by a learnable weight that broadcasts: a scalar, or one number a channel."""

    def __init__(self, shape: tuple[int, ...], initial: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full(shape, float(initial)))

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x * self.weight

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"shape={tuple(self.weight.shape)}"


@module_for.register
def gain(op: ops.Gain, inputs: ops.Shapes) -> nn.Module:
    """See `Gain`."""
    (x,) = inputs
    return Gain((x[1], *(1 for _ in x[2:])) if op.per_channel else (), op.initial)


class Reduction(nn.Module):
    """One output for all elements along some axes."""

    def __init__(self, axes: tuple[int, ...], *, keep_axes: bool) -> None:
        super().__init__()
        self.axes = axes
        self.keep_axes = keep_axes

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"axes={self.axes}, keep_axes={self.keep_axes}"


class Mean(Reduction):
    """The mean along some axes."""

    def forward(self, x: Tensor) -> Tensor:
        """The axes gone, or of length 1."""
        return x.mean(self.axes, keepdim=self.keep_axes)


class Sum(Reduction):
    """The sum along some axes."""

    def forward(self, x: Tensor) -> Tensor:
        """The axes gone, or of length 1."""
        return x.sum(self.axes, keepdim=self.keep_axes)


class Maximum(Reduction):
    """The largest element along some axes."""

    def forward(self, x: Tensor) -> Tensor:
        """The axes gone, or of length 1."""
        return x.amax(self.axes, keepdim=self.keep_axes)


@module_for.register
def mean(op: ops.Mean, inputs: ops.Shapes) -> nn.Module:
    """See `Mean`."""
    return Mean(op.axes, keep_axes=op.keep_axes)


@module_for.register
def total(op: ops.Sum, inputs: ops.Shapes) -> nn.Module:
    """See `Sum`."""
    return Sum(op.axes, keep_axes=op.keep_axes)


@module_for.register
def maximum(op: ops.Maximum, inputs: ops.Shapes) -> nn.Module:
    """See `Maximum`."""
    return Maximum(op.axes, keep_axes=op.keep_axes)
