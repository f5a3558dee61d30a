"""Operators that only recordings have: what PyTorch runs and no spec needs to say.

Their shapes are those that PyTorch gave; their costs follow the rules of the other operators.
"""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.ops import Op, Shape, Shapes
from archlens.ops.rearrangement import Rearrangement

__all__ = ["Computed", "Constant", "Copied", "Made", "Parameter", "Pointwise", "Recorded", "Ruled", "Viewed"]

KEEPING = frozenset({
    "clone", "to_copy", "contiguous", "copy", "cat", "expand_copy", "alias_copy", "detach_copy", "pin_memory",
    "to_mkldnn", "to_dense", "dequantize", "cast", "cast_like",
})  # fmt: skip
"""Copies that put every element where it was, if the shape stays."""


@dataclass(frozen=True, slots=True)
class Recorded(Op):
    """An operator by the name that PyTorch knows it under, and the shape that came out."""

    arity = -1
    sees_everything = False

    name: str
    shape: Shape

    def output(self, inputs: Shapes) -> Shape:
        return self.shape

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """None: it is not known which places an output sees, so it is taken to see all of them."""
        return None

    def label(self, inputs: Shapes) -> str:
        """The name that PyTorch gives it."""
        return self.name


@dataclass(frozen=True, slots=True)
class Standing(Recorded):
    """A tensor that exists before the forward pass. Nothing is computed for it; who uses it reads it."""

    arity = 0
    work = "view"
    alias = True

    def label(self, inputs: Shapes) -> str:
        """What sort of tensor it is, as its own name would say nothing in a table."""
        return self.kind

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Nothing."""
        return Cost()


@dataclass(frozen=True, slots=True)
class Parameter(Standing):
    """A learnable weight that the network reads by itself, not as the weight of an operator."""

    kind = "parameter"

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """params = its elements; who uses it reads it."""
        return Cost(params=prod(self.shape))


@dataclass(frozen=True, slots=True)
class Constant(Standing):
    """A buffer, or a tensor from outside."""

    kind = "constant"


@dataclass(frozen=True, slots=True)
class Made(Recorded):
    """A tensor filled with a constant, a range or random numbers during the pass.

    Its name is the function that made it: zeros, arange, randn.
    """

    kind = "made"
    work = "copy"

    drawn: bool = False
    unwritten: bool = False

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """writes = its elements, or none; elementwise = those that are drawn at random."""
        elements = 0 if self.unwritten else prod(self.shape)
        return Cost(elementwise=elements * self.drawn, writes=elements)


@dataclass(frozen=True, slots=True)
class Viewed(Recorded):
    """The same elements under another shape, or part of them, read in place: a view.

    steps  how they come from the input's, where that is known
    """

    kind = "view"
    work = "view"
    alias = True

    steps: Rearrangement | None = None

    def rearrangement(self, inputs: Shapes) -> Rearrangement | None:
        return self.steps

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Nothing: no element moves."""
        return Cost()


@dataclass(frozen=True, slots=True)
class Computed(Recorded):
    """Outputs computed without a dot product, each from several elements: reductions, poolings, sorts.

    others  elements of outputs beside the first, such as the indices of a maximum
    steps   which elements each is computed from, where that is known, as of a cubic resize
    """

    kind = "reduction"
    work = "reduction"
    saves = frozenset({"input"})

    others: int = 0
    steps: Rearrangement | None = None

    def rearrangement(self, inputs: Shapes) -> Rearrangement | None:
        return self.steps

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One output per element, whatever it takes to compute.

        elementwise = elements of the first output
        reads       = elements of the inputs
        writes      = elements of all outputs
        """
        elements = prod(output)
        return Cost(elementwise=elements, reads=sum(prod(x) for x in inputs), writes=elements + self.others)


@dataclass(frozen=True, slots=True)
class Pointwise(Computed):
    """Outputs computed each from the elements at its own place: functions, differences, comparisons."""

    kind = "pointwise"
    work = "activation"
    pointwise = True

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """No axis: each output sees its own place alone. If the number of axes changes, nothing is known."""
        return () if all(len(x) == len(self.shape) for x in inputs[:1]) else None


@dataclass(frozen=True, slots=True)
class Copied(Recorded):
    """Elements copied, picked or put elsewhere, none computed: clone, index, gather, pixel shuffle.

    elements  how many move, where it is not the whole output
    indices   elements that say which ones, read beside them
    found     how many of those that move are read, where the others are filled in
    steps     how they move, where that is known
    """

    kind = "copy"
    work = "copy"

    elements: int | None = None
    indices: int = 0
    found: int | None = None
    steps: Rearrangement | None = None

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """No axis where every element keeps its place, as in a clone or a change of type; else all."""
        return () if self.name in KEEPING and inputs == (self.shape,) else None

    def rearrangement(self, inputs: Shapes) -> Rearrangement | None:
        return self.steps

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """reads = elements that move, or are found + indices, writes = elements that move"""
        elements = prod(output) if self.elements is None else self.elements
        found = elements if self.found is None else self.found
        return Cost(reads=found + self.indices, writes=elements)


@dataclass(frozen=True, slots=True)
class Ruled(Recorded):
    """An operator whose cost a rule of the user's told: see `archlens.rule`."""

    kind = "ruled"

    counted: Cost

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """What the user's rule said when it was recorded."""
        return self.counted
