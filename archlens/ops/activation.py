"""Activations: every element through the same function."""

from dataclasses import dataclass

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.channels import Channels, Value
from archlens.ops.normalization import resolve_axis
from archlens.ops.operator import Op, Shape, Shapes, register, shown, size

__all__ = [
    "ELU",
    "GELU",
    "Activation",
    "HardSigmoid",
    "HardSwish",
    "PReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
]


@dataclass(frozen=True, slots=True)
class Activation(Op):
    """A function of one element; the shape stays."""

    work = "activation"
    pointwise = True
    saves = frozenset({"input"})

    def output(self, inputs: Shapes) -> Shape:
        return inputs[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element, whatever the function takes to compute.

        elementwise = reads = writes = elements of the input
        """
        elements = size(inputs[0])
        return Cost(elementwise=elements, reads=elements, writes=elements)


@register("relu")
class ReLU(Activation):
    """max(x, 0)"""

    __slots__ = ()
    saves = frozenset({"output"})


@register("relu6")
class ReLU6(Activation):
    """min(max(x, 0), 6)"""

    __slots__ = ()


@register("sigmoid")
class Sigmoid(Activation):
    """1 / (1 + e^−x)"""

    __slots__ = ()
    saves = frozenset({"output"})


@register("hard_sigmoid")
class HardSigmoid(Activation):
    """relu6(x + 3) / 6 (MobileNet V3, arXiv 1905.02244, §5.2)"""

    __slots__ = ()


@register("tanh")
class Tanh(Activation):
    """(e^x − e^−x) / (e^x + e^−x)"""

    __slots__ = ()
    saves = frozenset({"output"})


@register("silu")
class SiLU(Activation):
    """x · sigmoid(x), also called swish (arXiv 1710.05941)"""

    __slots__ = ()


@register("hard_swish")
class HardSwish(Activation):
    """x · relu6(x + 3) / 6 (MobileNet V3, arXiv 1905.02244, §5.2)"""

    __slots__ = ()


@register("elu")
class ELU(Activation):
    """x where positive, e^x − 1 elsewhere (arXiv 1511.07289, Eq. 15 with α = 1)"""

    __slots__ = ()


@register("gelu")
class GELU(Activation):
    """x · Φ(x), with the normal distribution's Φ (arXiv 1606.08415)"""

    __slots__ = ()


@register("softmax")
@dataclass(frozen=True, slots=True)
class Softmax(Op):
    """e^x over its sum along one axis."""

    work = "activation"
    saves = frozenset({"output"})

    axis: int = 1

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        resolve_axis("axis", self.axis, x)
        return x

    def mixes(self, inputs: Shapes) -> tuple[int, ...]:
        return (resolve_axis("axis", self.axis, inputs[0]),)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        (x,) = inputs
        mixed = resolve_axis("axis", self.axis, x) == 1
        return known[0].mixed(1, x[1]) if mixed else known[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; the sum along the axis is not counted apart.

        elementwise = reads = writes = elements of the input
        """
        elements = size(inputs[0])
        return Cost(elementwise=elements, reads=elements, writes=elements)


@register("prelu")
@dataclass(frozen=True, slots=True)
class PReLU(Op):
    """x where positive, a learnable slope times x elsewhere (arXiv 1502.01852, Eq. 1)."""

    work = "activation"
    pointwise = True
    saves = frozenset({"input"})

    per_channel: bool = True

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 2:
            raise OperatorError(f"a PReLU needs a channel axis, got {shown(x)}")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element.

        params      = c, or 1 for one slope for all channels
        elementwise = elements of the input
        reads       = elements of the input + params
        writes      = elements of the input
        """
        (x,) = inputs
        params = x[1] if self.per_channel else 1
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))
