"""What one operator costs."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Cost", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Counts, in elements and operations; a dtype turns elements into bytes later.

    params          learnable weights; buffers are not parameters
    multiply_adds   one per multiply-accumulate of convolutions, linear layers and matrix products:
                    what most papers print as FLOPs
    elementwise     outputs computed without a dot product: activations, sums, products,
                    normalisations, pooling windows
    reads, writes   elements loaded (inputs, weights, running statistics) and stored
    activations     outputs of convolutions, linear layers and matrix products

    Costs add up field by field:

    >>> (Cost(params=1, reads=2) + Cost(params=10)).params
    11
    """

    params: int = 0
    multiply_adds: int = 0
    elementwise: int = 0
    reads: int = 0
    writes: int = 0
    activations: int = 0

    @property
    def memory_access(self) -> int:
        """Elements loaded and stored: ShuffleNet V2's memory access cost (arXiv 1807.11164, §2)."""
        return self.reads + self.writes

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            params=self.params + other.params,
            multiply_adds=self.multiply_adds + other.multiply_adds,
            elementwise=self.elementwise + other.elementwise,
            reads=self.reads + other.reads,
            writes=self.writes + other.writes,
            activations=self.activations + other.activations,
        )


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of any number of costs; of none, the zero cost."""
    params = multiply_adds = elementwise = reads = writes = activations = 0
    for cost in costs:  # field by field, in one pass: networks are added up by the thousand
        params += cost.params
        multiply_adds += cost.multiply_adds
        elementwise += cost.elementwise
        reads += cost.reads
        writes += cost.writes
        activations += cost.activations
    return Cost(
        params=params,
        multiply_adds=multiply_adds,
        elementwise=elementwise,
        reads=reads,
        writes=writes,
        activations=activations,
    )
