"""Normalisations: every element shifted and scaled by statistics of its group."""

from dataclasses import dataclass

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size

__all__ = ["BatchNorm", "GroupNorm", "LayerNorm", "LocalResponseNorm", "UnitNorm"]


@register("batch_norm")
@dataclass(frozen=True, slots=True)
class BatchNorm(Op):
    """Batch normalisation with running statistics, as at inference."""

    work = "normalization"
    saves = frozenset({"input"})
    scales_channels = True

    affine: bool = True
    epsilon: float = 1e-5

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 2:
            raise OperatorError(f"a batch norm needs a channel axis, got {shown(x)}")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element, from the running mean and variance (Ioffe and Szegedy,
        arXiv 1502.03167, Algorithm 2).

        params      = 2·c if affine (scale, shift); the statistics are buffers, not parameters
        elementwise = n · c · h · w
        reads       = n·c·h·w + 2·c (statistics) + params
        writes      = n · c · h · w
        """
        (x,) = inputs
        params = 2 * x[1] * self.affine
        return Cost(params=params, elementwise=size(x), reads=size(x) + 2 * x[1] + params, writes=size(x))


@register("layer_norm")
@dataclass(frozen=True, slots=True)
class LayerNorm(Op):
    """Layer normalisation over the given axes; negative ones count from the end."""

    work = "normalization"
    saves = frozenset({"input"})

    axes: tuple[int, ...] = (-1,)
    affine: bool = True
    epsilon: float = 1e-5

    def lengths(self, x: Shape) -> tuple[int, ...]:
        """The lengths of the normalised axes: the shape of the weights."""
        return tuple(x[axis] for axis in sample_axes(self.axes, x))

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        self.lengths(x)
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; the statistics come from the input itself (Ba et al.,
        arXiv 1607.06450, Eq. 4).

        params      = 2 · product of the normalised lengths, if affine
        elementwise = elements of the input
        reads       = elements of the input + params
        writes      = elements of the input
        """
        (x,) = inputs
        params = 2 * size(self.lengths(x)) * self.affine
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))


@register("group_norm")
@dataclass(frozen=True, slots=True)
class GroupNorm(Op):
    """Group normalisation: statistics of each sample's `groups` groups of channels."""

    work = "normalization"
    saves = frozenset({"input"})

    groups: int
    affine: bool = True
    epsilon: float = 1e-5

    def check(self) -> None:
        positive(groups=self.groups)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 2:
            raise OperatorError(f"a group norm needs a channel axis, got {shown(x)}")
        if x[1] % self.groups:
            raise OperatorError(f"{x[1]} channels are not divisible by groups={self.groups}")
        if size(x) == self.groups:
            raise OperatorError(f"each group of {shown(x)} has one element: groups={self.groups} is too many")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; the statistics come from the input itself (Wu and He,
        arXiv 1803.08494, Eq. 1).

        params      = 2·c if affine
        elementwise = n · c · h · w
        reads       = n·c·h·w + params
        writes      = n · c · h · w
        """
        (x,) = inputs
        params = 2 * x[1] * self.affine
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))


@register("local_response_norm")
@dataclass(frozen=True, slots=True)
class LocalResponseNorm(Op):
    """AlexNet's normalisation over `size` neighbouring channels (NIPS 2012, §3.3)."""

    work = "normalization"
    saves = frozenset({"input"})

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    constant: float = 2.0

    def check(self) -> None:
        positive(size=self.size)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) < 3:
            raise OperatorError(f"a local response norm needs a map with channels, got {shown(x)}")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; the sums over neighbours are not counted apart.

        elementwise = reads = writes = n · c · h · w
        """
        (x,) = inputs
        return Cost(elementwise=size(x), reads=size(x), writes=size(x))


@register("unit_norm")
@dataclass(frozen=True, slots=True)
class UnitNorm(Op):
    """Division by the Euclidean length along an axis, channels unless given.

    This is the channel attention of the Residual Attention Network (arXiv 1704.06904, Eq. 7).
    """

    work = "normalization"
    saves = frozenset({"input"})

    axis: int = 1

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        resolve_axis("axis", self.axis, x)
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; the length along the axis is not counted apart.

        elementwise = reads = writes = elements of the input
        """
        elements = size(inputs[0])
        return Cost(elementwise=elements, reads=elements, writes=elements)


def resolve_axes(name: str, axes: tuple[int, ...], x: Shape) -> tuple[int, ...]:
    """Axes counted from the front, in the order given, once each."""
    if not axes:
        raise OperatorError(f"{name}=[] names no axis of {shown(x)}: expected a list such as [2, 3]")
    rank = len(x)
    if not -rank <= min(axes) <= max(axes) < rank:
        raise OperatorError(f"{name}={written(axes)} are not all axes of {shown(x)}, 0 to {rank - 1}")
    resolved = tuple(axis % rank for axis in axes)
    if len(set(resolved)) != len(resolved):
        raise OperatorError(f"{name}={written(axes)} name one axis twice")
    return resolved


def resolve_axis(name: str, axis: int, x: Shape) -> int:
    """One axis, counted from the front."""
    rank = len(x)
    if not -rank <= axis < rank:
        raise OperatorError(f"{name}={axis} is not an axis of {shown(x)}, 0 to {rank - 1}")
    return axis % rank


def sample_axes(axes: tuple[int, ...], x: Shape) -> tuple[int, ...]:
    """Axes that weights lie along, as `resolve_axes` gives them: any but the batch."""
    resolved = resolve_axes("axes", axes, x)
    if 0 in resolved:
        raise OperatorError(f"axes={written(axes)} includes the batch")
    return resolved
