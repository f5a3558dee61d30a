"""What an operator does, noted down one event at a time."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import product
from math import prod

__all__ = ["Element", "Index", "Ledger", "Tensor", "extent", "indices", "tensor"]

Index = tuple[int, ...]
Element = tuple[Hashable, ...]
Tensor = dict[Index, Element]


@dataclass
class Ledger:
    """The events of one execution. Elements are named, so that one loaded twice counts once.

    learned   weights that training would change
    loaded    elements read from memory
    stored    elements written to memory
    """

    shape: Index = ()
    learned: set[Element] = field(default_factory=set)
    loaded: set[Element] = field(default_factory=set)
    stored: set[Element] = field(default_factory=set)
    multiply_adds: int = 0
    elementwise: int = 0
    activations: int = 0

    def load(self, elements: Iterable[Element]) -> None:
        """Note elements read: inputs, intermediate results, running statistics."""
        self.loaded.update(elements)

    def learn(self, weight: Element) -> None:
        """Note a learnable weight in use; using it means loading it."""
        self.learned.add(weight)
        self.loaded.add(weight)

    def store(self, name: str, index: Index) -> None:
        """Note an element written to the tensor of that name."""
        element = (name, *index)
        assert element not in self.stored, f"{element} is written twice"
        self.stored.add(element)

    def finish(self, results: Iterable[Index]) -> "Ledger":
        """Close the books: the output is made of the elements at these indices."""
        self.shape = extent(results)
        return self

    def counts(self) -> dict[str, int]:
        """The six numbers of a cost."""
        return {
            "params": len(self.learned),
            "multiply_adds": self.multiply_adds,
            "elementwise": self.elementwise,
            "reads": len(self.loaded),
            "writes": len(self.stored),
            "activations": self.activations,
        }


def indices(shape: Index) -> list[Index]:
    """Every index of a tensor, in the order of memory."""
    return list(product(*map(range, shape)))


def tensor(name: str, shape: Index) -> Tensor:
    """A tensor of named elements, no two alike."""
    return {index: (name, *index) for index in indices(shape)}


def extent(results: Iterable[Index]) -> Index:
    """The shape that indices fill, without a hole and without one twice."""
    listed = list(results)
    shape = tuple(max(axis) + 1 for axis in zip(*listed, strict=True))
    assert len(listed) == len(set(listed)) == prod(shape)
    return shape
