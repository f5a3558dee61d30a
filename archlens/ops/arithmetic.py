"""Sums, products, means and maxima, element by element or along axes."""

from dataclasses import dataclass

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.channels import Channels, Value
from archlens.ops.normalization import resolve_axes
from archlens.ops.operator import Op, Shape, Shapes, register, shown, size
from archlens.ops.product import broadcast

__all__ = [
    "Add",
    "Divide",
    "Gain",
    "Maximum",
    "Mean",
    "Multiply",
    "Reduction",
    "Scale",
    "Shift",
    "Subtract",
    "Sum",
]


@dataclass(frozen=True, slots=True)
class Pairwise(Op):
    """Two or more tensors, broadcast to a common shape."""

    arity = None
    work = "add"

    def output(self, inputs: Shapes) -> Shape:
        return broadcast(*inputs)

    def kernels(self, inputs: Shapes) -> int:
        return len(inputs) - 1

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Tensors combined two at a time, left to right, as eager frameworks do.

        For each of the k − 1 steps, with r the elements of its result:

        elementwise = r
        reads       = the elements of both its operands
        writes      = r
        """
        left = inputs[0]
        elementwise = reads = 0
        for right in inputs[1:]:
            result = broadcast(left, right)
            elementwise += size(result)
            reads += size(left) + size(right)
            left = result
        return Cost(elementwise=elementwise, reads=reads, writes=elementwise)


@register("add")
class Add(Pairwise):
    """The sum of two or more tensors, broadcast to a common shape: the residual shortcut."""

    __slots__ = ()


@register("subtract")
class Subtract(Pairwise):
    """The first tensor less all the others, broadcast to a common shape: what a mixer changed."""

    __slots__ = ()


@register("multiply")
class Multiply(Pairwise):
    """The product of two or more tensors, broadcast to a common shape: the gate."""

    __slots__ = ()
    work = "multiply"
    saves = frozenset({"input"})


@register("divide")
class Divide(Pairwise):
    """The first tensor over all the others, broadcast to a common shape: a mean over its weights."""

    __slots__ = ()
    work = "multiply"
    saves = frozenset({"input"})


@dataclass(frozen=True, slots=True)
class WithConstant(Op):
    """Each element together with the same constant; the shape stays."""

    pointwise = True

    def output(self, inputs: Shapes) -> Shape:
        return inputs[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """elementwise = reads = writes = elements of the input"""
        elements = size(inputs[0])
        return Cost(elementwise=elements, reads=elements, writes=elements)


@register("scale")
@dataclass(frozen=True, slots=True)
class Scale(WithConstant):
    """Multiplication by a constant: Inception-ResNet's residual scaling."""

    work = "scale"

    factor: float


@register("shift")
@dataclass(frozen=True, slots=True)
class Shift(WithConstant):
    """The sum with a constant: the epsilon that keeps a divisor from 0."""

    work = "add"

    offset: float


@register("gain")
@dataclass(frozen=True, slots=True)
class Gain(Op):
    """Multiplication by a learnable scalar, or by one a channel: SkipInit, layer scale."""

    work = "scale"
    pointwise = True
    saves = frozenset({"input"})

    per_channel: bool = False
    initial: float = 1.0

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 2:
            raise OperatorError(f"a gain needs a channel axis, got {shown(x)}")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element.

        params      = c, or 1 for one gain for all channels
        elementwise = elements of the input
        reads       = elements of the input + params
        writes      = elements of the input
        """
        (x,) = inputs
        params = x[1] if self.per_channel else 1
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))


@dataclass(frozen=True, slots=True)
class Reduction(Op):
    """One output for all elements along some axes."""

    work = "pooling"

    axes: tuple[int, ...] = (2, 3)
    keep_axes: bool = False

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        gone = set(resolve_axes("axes", self.axes, x))
        if self.keep_axes:
            return tuple(1 if axis in gone else length for axis, length in enumerate(x))
        return tuple(length for axis, length in enumerate(x) if axis not in gone)

    def mixes(self, inputs: Shapes) -> tuple[int, ...]:
        return resolve_axes("axes", self.axes, inputs[0])

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        mixed = 1 in resolve_axes("axes", self.axes, inputs[0])
        return known[0].mixed(1, 1) if mixed else known[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per window, the window being everything along the axes.

        elementwise = writes = elements of the output
        reads       = elements of the input
        """
        return Cost(elementwise=size(output), reads=size(inputs[0]), writes=size(output))


@register("mean")
class Mean(Reduction):
    """The mean along some axes."""

    __slots__ = ()


@register("sum")
class Sum(Reduction):
    """The sum along some axes."""

    __slots__ = ()


@register("maximum")
class Maximum(Reduction):
    """The largest element along some axes: over channels, CBAM's spatial attention (arXiv 1807.06521, §3)."""

    __slots__ = ()
    saves = frozenset({"input", "output"})
