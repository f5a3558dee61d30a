"""Operators whose output is as long as the numbers of a run make it: what they keep of a longer input."""

from dataclasses import dataclass
from math import prod

import numpy

from archlens.cost import Cost
from archlens.ops import Shape, Shapes
from archlens.ops.operator import shown
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.trouble import quoted
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Copied, Recorded, Viewed

__all__ = ["RULES", "Suppression"]


@dataclass(frozen=True, slots=True)
class Suppression(Recorded):
    """Non-maximum suppression: of boxes that overlap, the one with the highest score stays.

    kept  boxes that stay of each class, at most
    """

    kind = "reduction"
    work = "reduction"

    kept: int

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """With n boxes, and all classes of all images:

        elementwise = classes · (n + kept · n)      scores compared, and overlaps with what is kept
        reads       = elements of the inputs
        writes      = elements of the output
        """
        boxes, scores = inputs[:2]
        return Cost(
            elementwise=prod(scores) * (1 + self.kept),
            reads=prod(boxes) + prod(scores),
            writes=prod(output),
        )


def length(call: Call, place: int, most: Shape) -> Shape:
    """The shape of an output: as the file states it, else the largest that there can be, which is said."""
    if place < len(call.shapes) and (stated := call.shapes[place]) is not None:
        return stated
    remark = (
        f"{quoted(call.path)} ({call.kind}) keeps as much as a run tells: the most is counted, {shown(most)}"
    )
    call.recording.remarks.append(remark)
    call.recording.longest += 1
    return most


def suppressed(call: Call) -> Value:
    """NonMaxSuppression: boxes, scores, how many to keep of a class: none unless it says so."""
    (images, boxes, _), (_, classes, _) = call.shape_of(0), call.shape_of(1)
    most = call.operand(2)
    if most is not None and most.number is None:
        kept = boxes
    else:
        kept = 0 if most is None or most.number is None else max(0, min(boxes, int(most.number)))
    shape = length(call, 0, (images * classes * kept, 3))
    return call.add(Suppression(call.name, shape, kept), call.x, call.needed(1))


def nonzero(call: Call) -> Value:
    """NonZero: the places of what is not zero, a row an axis."""
    x = call.shape_of(0)
    shape = length(call, 0, (max(1, len(x)), prod(x)))
    return call.add(Copied(call.name, shape, found=prod(x)), call.x)


def compressed(call: Call) -> Value:
    """Compress: what a list of conditions keeps of an axis, or of all elements."""
    x, chosen = call.shape_of(0), call.needed(1)
    axis = call.attributes.get("axis")
    along = prod(x) if axis is None else x[axis]
    conditions = prod(call.shape_of(1))
    most = min(along, conditions)
    known = chosen.constant and chosen.data is not None
    if known:
        most = int(numpy.count_nonzero(chosen.data[:along])) if chosen.data is not None else most
    shape: Shape = (most,)
    if axis is not None:
        at = axis % len(x)
        shape = (*x[:at], most, *x[at + 1 :])
    whole = shape if known else length(call, 0, shape)
    return call.add(Copied(call.name, whole, indices=conditions), call.x)


def unique(call: Call) -> list[Value]:
    """Unique: what differs, where it stands first, which one each element is, and how often it comes."""
    x, axis = call.shape_of(0), call.attributes.get("axis")
    if axis is None:
        most: Shape = (prod(x),)
        along = prod(x)
    else:
        most, along = x, x[axis]
    shape = length(call, 0, most)
    different = prod(shape) if axis is None else shape[axis]
    lists: list[Shape] = [(different,), (along,), (different,)]
    others = lists[: len(call.shapes) - 1]
    values = call.add(Computed(call.name, shape, others=sum(map(prod, others))), call.x)
    return [values, *(call.add(Viewed("places", each), values) for each in others)]


RULES: Rules = {
    "Compress": compressed,
    "NonMaxSuppression": suppressed,
    "NonZero": nonzero,
    "Unique": unique,
}
