"""Operators that do dot products with computed operands, where the specs' have weights of their own."""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.ops import Shape, Shapes, Span, TransposedConv, Window
from archlens.ops.channels import Channels, Value
from archlens.ops.window import Padding, windows
from archlens.recorder.operators import Recorded

__all__ = [
    "Attention",
    "Distances",
    "DynamicConv",
    "DynamicNorm",
    "Embedding",
    "Products",
    "SparseProduct",
    "Trilinear",
]


@dataclass(frozen=True, slots=True)
class DynamicConv(Recorded):
    """A convolution whose weights, or bias, come in as tensors: computed, normalised or frozen ones."""

    kind = "conv"
    work = "convolution"
    saves = frozenset({"input"})

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]
    groups: int = 1
    transposed: bool = False

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """Nothing but its windows; transposed, what its spans say, but for padding by a word."""
        return None if self.transposed else ()

    def spans(self, inputs: Shapes) -> tuple[Span, ...] | None:
        if not self.transposed:
            return Recorded.spans(self, inputs)
        padding = self.padding
        if isinstance(padding, str):
            return None
        sides = padding if isinstance(padding, tuple) else (padding,) * len(self.kernel)
        first = tuple(side[0] if isinstance(side, tuple) else side for side in sides)
        return TransposedConv(1, self.kernel, self.stride, first, 0, self.dilation).spans(inputs[:1])

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].mixed(self.groups, self.shape[1])

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        if self.transposed:
            return ()
        return windows(inputs[0][2:], self.kernel, self.stride, self.dilation, self.padding)

    def label(self, inputs: Shapes) -> str:
        """As a convolution's: `conv 3×3`."""
        return f"{self.kind} {'×'.join(map(str, self.kernel))}"

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """As a convolution with weights of its own, which count where they are made.

        multiply_adds = n · h_out · w_out · weights      (of the input's map, where transposed)
        reads         = elements of the inputs, weights among them
        writes        = elements of the output
        """
        map_ = inputs[0] if self.transposed else output
        return Cost(
            multiply_adds=map_[0] * prod(map_[2:]) * prod(inputs[1]),
            reads=sum(prod(x) for x in inputs),
            writes=prod(output),
            activations=prod(output),
        )


@dataclass(frozen=True, slots=True)
class DynamicNorm(Recorded):
    """A normalisation whose factors come in as tensors, or that has only one of the two."""

    kind = "norm"
    work = "normalization"
    saves = frozenset({"input"})

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """No axis: statistics do not count."""
        return ()

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element.

        elementwise = elements of the input
        reads       = elements of the inputs, factors among them
        writes      = elements of the input
        """
        elements = prod(inputs[0])
        return Cost(elementwise=elements, reads=sum(prod(x) for x in inputs), writes=elements)


@dataclass(frozen=True, slots=True)
class Embedding(Recorded):
    """Rows of a learnable table, picked by number.

    rows, features  the table's lengths
    """

    kind = "embedding"
    work = "copy"
    saves = frozenset({"input"})

    rows: int
    features: int

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy of the rows that are picked.

        params = rows · features
        reads  = elements of the output + of the numbers
        writes = elements of the output
        """
        elements = prod(output)
        return Cost(params=self.rows * self.features, reads=elements + prod(inputs[0]), writes=elements)


@dataclass(frozen=True, slots=True)
class Attention(Recorded):
    """Scaled dot-product attention: softmax(q·kᵀ / √e + mask) · v, in one operator.

    q is …×t×e, k is …×s×e, v is …×s×f; fewer heads of k and v serve several of q.
    """

    kind = "attention"
    work = "product"
    sees_everything = True
    saves = frozenset({"input"})

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Two matrix products and a softmax, whichever way PyTorch computes them; a causal one in full.

        scores        = rows of the output · s
        multiply_adds = scores · e + scores · f
        elementwise   = scores (softmax) + scores (mask, if there is one)
        reads         = q + k, scores, scores + v     each as its own operator would;
                        with a mask, scores + mask
        writes        = scores, scores, output        with a mask, scores
        activations   = scores + output

        Vaswani et al., arXiv 1706.03762, Eq. 1. Kernels that keep the scores in registers move less.
        """
        q, k, v, *mask = inputs
        scores = prod(output[:-1]) * k[-2]
        masked = scores if mask else 0
        return Cost(
            multiply_adds=scores * (q[-1] + v[-1]),
            elementwise=scores + masked,
            reads=prod(q) + prod(k) + 2 * scores + prod(v) + masked + sum(prod(x) for x in mask),
            writes=2 * scores + prod(output) + masked,
            activations=scores + prod(output),
        )


@dataclass(frozen=True, slots=True)
class Trilinear(Recorded):
    """A bilinear form: out = Σ over i and j of x_i · w_oij · y_j, of two inputs and a tensor of weights."""

    kind = "bilinear"
    work = "product"
    saves = frozenset({"input"})

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """x·w first, as one product, then its product with y.

        multiply_adds = rows · (weights + out · j)
        reads         = elements of the inputs, weights among them
        writes        = elements of the output
        """
        rows = prod(output[:-1])
        return Cost(
            multiply_adds=rows * (prod(inputs[1]) + output[-1] * inputs[2][-1]),
            reads=sum(prod(x) for x in inputs),
            writes=prod(output),
            activations=prod(output),
        )


@dataclass(frozen=True, slots=True)
class Distances(Recorded):
    """The distances of vectors, pair by pair: the last axis of the inputs is theirs.

    norm  2 for Euclid's
    """

    kind = "distances"
    work = "product"
    saves = frozenset({"input", "output"})

    norm: float = 2.0

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Euclid's is a product of what the vectors differ by with itself; others have none.

        all           = pairs · features
        multiply_adds = all where the norm is 2
        elementwise   = all (differences) + pairs, or where there are products, pairs (roots)
        reads         = elements of the inputs
        writes        = pairs
        """
        pairs = prod(output)
        every = pairs * inputs[0][-1]
        cost = Cost(reads=sum(prod(x) for x in inputs), writes=pairs)
        if self.norm == 2:
            return cost + Cost(multiply_adds=every, elementwise=pairs, activations=pairs)
        return cost + Cost(elementwise=every + pairs)


@dataclass(frozen=True, slots=True)
class Products(Recorded):
    """Matrix products whose operands have other shapes than a spec's: packed in few bits, or in groups.

    shared  terms of the sum that each output is; on average where groups differ
    """

    kind = "product"
    work = "product"
    sees_everything = True
    saves = frozenset({"input"})

    shared: float

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add per output per term.

        multiply_adds = elements of the output · shared
        reads         = elements of the inputs: operands, factors, where groups end
        writes        = elements of the output
        """
        return Cost(
            multiply_adds=round(prod(output) * self.shared),
            reads=sum(prod(x) for x in inputs),
            writes=prod(output),
            activations=prod(output),
        )


@dataclass(frozen=True, slots=True)
class SparseProduct(Recorded):
    """A matrix product whose first operand holds only the elements that are not zero.

    products  of an element of it with one of the other operand
    stored    how many elements it consists of: values, and where they stand
    """

    kind = "product"
    work = "product"
    sees_everything = True
    saves = frozenset({"input"})

    products: int
    stored: int

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add for each element that is not zero and each column of the other operand.

        multiply_adds = products
        reads         = stored + elements of the other inputs
        writes        = elements of the output
        """
        return Cost(
            multiply_adds=self.products,
            reads=self.stored + sum(prod(x) for x in inputs[1:]),
            writes=prod(output),
            activations=prod(output),
        )
