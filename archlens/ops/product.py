"""Dot products without a window: linear layers and matrix products."""

from dataclasses import dataclass, replace

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.channels import Channels, Value
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size

__all__ = ["Linear", "MatrixProduct"]


@register("linear")
@dataclass(frozen=True, slots=True)
class Linear(Op):
    """Fully connected layer over the last axis."""

    work = "linear"
    saves = frozenset({"input"})

    out: int
    bias: bool = True

    def check(self) -> None:
        positive(out=self.out)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 2:
            raise OperatorError(f"a linear layer needs a batch and a feature axis, got {shown(x)}")
        return (*x[:-1], self.out)

    def mixes(self, inputs: Shapes) -> tuple[int, ...]:
        return (len(inputs[0]) - 1,)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].mixed(1, self.out)

    def absorbing_scale(self, inputs: Shapes) -> "Linear | None":
        return replace(self, bias=True) if len(inputs[0]) == 2 else None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add per output per input feature; rows are all axes but the last.

        weights       = c_in · c_out
        params        = weights + c_out (bias)
        multiply_adds = rows · weights
        reads         = rows·c_in + params
        writes        = rows · c_out
        """
        (x,) = inputs
        weights = x[-1] * self.out
        params = weights + self.out * self.bias
        return Cost(
            params=params,
            multiply_adds=size(x[:-1]) * weights,
            reads=size(x) + params,
            writes=size(output),
            activations=size(output),
        )


@register("matrix_product")
@dataclass(frozen=True, slots=True)
class MatrixProduct(Op):
    """Product of two tensors over their last two axes; the axes before them broadcast."""

    arity = 2
    work = "product"
    saves = frozenset({"input"})

    def output(self, inputs: Shapes) -> Shape:
        a, b = inputs
        if len(a) < 2 or len(b) < 2 or a[-1] != b[-2]:
            raise OperatorError(f"{shown(a)} and {shown(b)} cannot be multiplied: (…×m×k) and (…×k×n) can")
        return (*broadcast(a[:-2], b[:-2]), a[-2], b[-1])

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add per output per element of the shared axis k.

        multiply_adds = batch · m · n · k
        reads         = both inputs
        writes        = batch · m · n
        """
        a, b = inputs
        return Cost(
            multiply_adds=size(output) * a[-1],
            reads=size(a) + size(b),
            writes=size(output),
            activations=size(output),
        )


def broadcast(*shapes: Shape) -> Shape:
    """The common shape of several, where an axis of 1 stretches and missing leading axes are 1."""
    rank = max(len(shape) for shape in shapes)
    aligned = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    result = []
    for lengths in zip(*aligned, strict=True):
        stretched = set(lengths) - {1}
        if len(stretched) > 1:
            raise OperatorError(f"{' and '.join(map(shown, shapes))} do not fit together, axis by axis")
        result.append(stretched.pop() if stretched else 1)
    return tuple(result)
