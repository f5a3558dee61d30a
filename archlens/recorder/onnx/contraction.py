"""Einstein's sums: products of tensors, summed over the axes that the result does not have."""

from dataclasses import dataclass, replace
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.operator import Op, Shape, Shapes, shown, size

__all__ = ["Contraction"]

HIDDEN = "0123456789"
"""Names for the axes behind an ellipsis, from the last one on."""


@dataclass(frozen=True, slots=True)
class Contraction(Op):
    """Tensors by an equation such as `bqd,bkd->bqk`, left to right."""

    kind = "contraction"
    arity = -1
    work = "product"
    saves = frozenset({"input"})

    equation: str

    def terms(self, inputs: Shapes) -> tuple[list[str], str, dict[str, int]]:
        """The axes of each tensor and of the result by name, and their lengths."""
        left, arrow, right = self.equation.partition("->")
        given = left.split(",")
        if len(given) != len(inputs):
            raise OperatorError(f"{self.equation} takes {len(given)} tensors, got {len(inputs)}")
        terms = [spelt(term, len(x)) for term, x in zip(given, inputs, strict=True)]
        lengths: dict[str, int] = {}
        for term, x in zip(terms, inputs, strict=True):
            for name, length in zip(term, x, strict=True):
                known = lengths.setdefault(name, length)
                if known == 1:
                    lengths[name] = length
                elif length not in (1, known):
                    raise OperatorError(f"{self.equation}: {' and '.join(map(shown, inputs))} do not fit")
        hidden = "".join(sorted({name for term in terms for name in term if name in HIDDEN}, reverse=True))
        if arrow:
            result = right.replace("...", hidden)
        else:
            alone = sorted(name for name in lengths if name not in HIDDEN and left.count(name) == 1)
            result = hidden + "".join(alone)
        if not set(result) <= set(lengths) or len(set(result)) < len(result):
            raise OperatorError(f"{self.equation}: the result has an axis twice, or one that no tensor has")
        return terms, result, lengths

    def output(self, inputs: Shapes) -> Shape:
        _, result, lengths = self.terms(inputs)
        return tuple(lengths[name] for name in result)

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Two at a time, left to right. With n the product of the lengths of all axes of both:

        multiply_adds = n where a sum is taken
        elementwise   = n where none is: a product, element by element
        reads         = elements of both
        writes        = elements of their result, which keeps the axes that are read later

        A sum is taken in one pass with the product before it. Of a single tensor the result is computed
        element by element.
        """
        terms, result, lengths = self.terms(inputs)
        if len(terms) == 1:
            return Cost(elementwise=size(output), reads=size(inputs[0]), writes=size(output))
        left, total = terms[0], Cost()
        for at, right in enumerate(terms[1:], 2):
            together = dict.fromkeys(left + right)
            later = set(result).union(*terms[at:])
            kept = "".join(name for name in together if name in later)
            work, made = (prod(lengths[name] for name in names) for names in (together, kept))
            read = sum(prod(lengths[name] for name in dict.fromkeys(term)) for term in (left, right))
            step = Cost(reads=read, writes=made)
            total += (
                replace(step, multiply_adds=work, activations=made)
                if len(kept) < len(together)
                else replace(step, elementwise=work)
            )
            left = kept
        return total


def spelt(term: str, rank: int) -> str:
    """The equation with one name for each axis, also for those that stand behind an ellipsis."""
    names = term.replace("...", "")
    hidden = rank - len(names) if "..." in term else 0
    if not names.isascii() or not (names.isalpha() or not names) or not 0 <= hidden <= len(HIDDEN):
        raise OperatorError(f"the term {term[:40]!r} does not name the axes of {rank}")
    spelling = term.replace("...", HIDDEN[:hidden][::-1], 1)
    if len(spelling) != rank:
        raise OperatorError(f"the term {term[:40]!r} does not name the axes of {rank}")
    return spelling
