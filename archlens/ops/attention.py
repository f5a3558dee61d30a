"""What transformers add to linear layers and matrix products: tokens, positions and shifted windows."""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.normalization import resolve_axes, sample_axes
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size

__all__ = ["ClassToken", "PositionEmbedding", "RelativePositionBias", "Roll", "WindowMask"]


@register("class_token")
@dataclass(frozen=True, slots=True)
class ClassToken(Op):
    """Learnable tokens put before those that come in, along axis 1: n×t×c becomes n×(count + t)×c.

    The first of them is what a Vision Transformer classifies by (arXiv 2010.11929, Eq. 1).
    """

    work = "concat"

    count: int = 1

    def check(self) -> None:
        positive(count=self.count)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        if len(x) != 3:
            raise OperatorError(f"a class token needs batch, tokens and features, got {shown(x)}")
        return (x[0], self.count + x[1], x[2])

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy, as a concat; a sample has the same tokens as the next.

        params = count · c
        reads  = n·t·c + params
        writes = n · (count + t) · c
        """
        (x,) = inputs
        params = self.count * x[2]
        return Cost(params=params, reads=size(x) + params, writes=size(output))


@register("position_embedding")
@dataclass(frozen=True, slots=True)
class PositionEmbedding(Op):
    """A learnable number added for each place along the given axes (arXiv 2010.11929, Eq. 1).

    Along the other axes it is the same. `axes: [1, 2]` is a number for each feature of each token.
    """

    work = "add"

    axes: tuple[int, ...] = (1, 2)

    def lengths(self, x: Shape) -> tuple[int, ...]:
        """The lengths of the axes, in the order of the tensor: the shape of the weights but for axes of 1."""
        return tuple(x[axis] for axis in sorted(sample_axes(self.axes, x)))

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        self.lengths(x)
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element.

        params      = product of the lengths of the axes
        elementwise = elements of the input
        reads       = elements of the input + params
        writes      = elements of the input
        """
        (x,) = inputs
        params = prod(self.lengths(x))
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))


@register("relative_position_bias")
@dataclass(frozen=True, slots=True)
class RelativePositionBias(Op):
    """A learnable number added to the score of each pair of a window's tokens, by how far apart they lie.

    Scores are …×heads×t×t, with t the tokens of a window, row by row; every head has numbers of its
    own (Swin Transformer, arXiv 2103.14030, Eq. 4). Mirrored, a way and its mirror image share one
    (LeViT, arXiv 2104.01136, Section 4.2).
    """

    work = "add"

    window: tuple[int, ...]
    mirrored: bool = False

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        tokens_of(self.window, x)
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; which number belongs to it follows from its place.

        params      = heads · product of (2·w − 1) over the window's axes, of w where it is mirrored
        elementwise = elements of the input
        reads       = elements of the input + params
        writes      = elements of the input
        """
        (x,) = inputs
        ways = prod(length if self.mirrored else 2 * length - 1 for length in self.window)
        params = x[-3] * ways
        return Cost(params=params, elementwise=size(x), reads=size(x) + params, writes=size(x))


@register("window_mask")
@dataclass(frozen=True, slots=True)
class WindowMask(Op):
    """A large negative number added to the score of tokens that only a roll has made neighbours.

    A map of `size` was rolled back by `shift` and cut into windows: scores are
    …×windows×heads×t×t (Swin Transformer, arXiv 2103.14030, Fig. 4).
    """

    work = "add"

    size: tuple[int, ...]
    window: tuple[int, ...]
    shift: tuple[int, ...]

    def check(self) -> None:
        if not len(self.size) == len(self.window) == len(self.shift) > 0:
            raise OperatorError(
                f"size={written(self.size)}, window={written(self.window)}, shift={written(self.shift)}: "
                "expected lists of one length"
            )
        for length, width, moved in zip(self.size, self.window, self.shift, strict=True):
            if width < 1 or length < width or length % width:
                raise OperatorError(
                    f"size={written(self.size)} cannot be cut into windows of {written(self.window)}"
                )
            if not 0 <= moved < width:
                raise OperatorError(
                    f"shift={written(self.shift)} is not at least 0 and below window={written(self.window)}"
                )

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        tokens_of(self.window, x)
        windows = prod(self.size) // prod(self.window)
        if len(x) < 4 or x[-4] != windows:
            raise OperatorError(
                f"{shown(x)} does not have the {windows} windows of size={written(self.size)}"
            )
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element; whether it is masked follows from its place.

        elementwise = reads = writes = elements of the input
        """
        elements = size(inputs[0])
        return Cost(elementwise=elements, reads=elements, writes=elements)


@register("roll")
@dataclass(frozen=True, slots=True)
class Roll(Op):
    """Elements moved along the axes by `shifts`; what leaves at one end comes in at the other."""

    work = "copy"

    shifts: tuple[int, ...]
    axes: tuple[int, ...] = (2, 3)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        resolve_axes("axes", self.axes, x)
        if len(self.shifts) != len(self.axes):
            raise OperatorError(
                f"shifts={written(self.shifts)} and axes={written(self.axes)} do not match, one an axis"
            )
        return x

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy: reads = writes = elements of the input."""
        return Cost(reads=size(output), writes=size(output))


def tokens_of(window: tuple[int, ...], x: Shape) -> int:
    """The tokens of a window, for which scores must have a row and a column each."""
    if not window or min(window) < 1:
        raise OperatorError(f"window={written(window)}: expected lengths, such as [7, 7]")
    tokens = prod(window)
    if len(x) < 3 or x[-2:] != (tokens, tokens):
        raise OperatorError(
            f"{shown(x)} are no scores of the {tokens} tokens of window={written(window)}: …×heads×t×t are"
        )
    return tokens
