"""Lists of tensors, which a file builds and takes apart: followed while reading, and free of cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from onnx import NodeProto, TensorProto

from archlens import ops
from archlens.errors import OperatorError
from archlens.recorder.onnx.call import attributes_of
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Copied, Viewed

__all__ = ["listed"]

Operands = Sequence[Value | None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A node that has to do with lists, and where what it does is recorded."""

    node: NodeProto
    operands: Operands
    attributes: Mapping[str, Any]
    recording: Recording

    def operand(self, place: int) -> Value | None:
        """The input at a place; None where the file leaves it out."""
        return self.operands[place] if place < len(self.operands) else None

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The list that is the node's first input, if it is one that is known."""
        first = self.operand(0)
        return None if first is None else first.items

    def place(self, at: int, length: int) -> int | None:
        """A place in a list, which may count from its end; None where only a run tells."""
        value = self.operand(at)
        if value is None:
            return length
        if value.number is None:
            return None
        place = int(value.number)
        place += length if place < 0 else 0
        return place if 0 <= place <= length else None


def listed(node: NodeProto, operands: Operands, recording: Recording) -> Value | None:
    """What a node makes that builds lists, or takes them apart; None for others, and where a run decides."""
    rule = RULES.get(node.op_type)
    if rule is None or len(node.output) != 1:
        return None
    mark = len(recording.nodes)
    try:
        return rule(Listing(node, operands, attributes_of(node), recording))
    except (
        OperatorError,
        LookupError,
        TypeError,
        ValueError,
    ):  # attributes that are missing, or of other types
        recording.forget(mark)
        return None


def of(items: Sequence[Value]) -> Value:
    """What stands for a list of tensors."""
    return Value(None, 0, items=tuple(items))


def known(number: int | bool, dtype: int) -> Value:
    """What stands for a number that follows from the list alone, such as its length."""
    kind = numpy.bool_ if dtype == TensorProto.BOOL else numpy.int64
    return Value((), dtype, data=numpy.array(number, dtype=kind))


def constructed(listing: Listing) -> Value | None:
    """SequenceEmpty and SequenceConstruct."""
    items = [value for value in listing.operands if value is not None]
    return of(items)


def inserted(listing: Listing) -> Value | None:
    """SequenceInsert: at a place, else at the end."""
    items, new = listing.items, listing.operand(1)
    if items is None or new is None or (at := listing.place(2, len(items))) is None:
        return None
    return of([*items[:at], new, *items[at:]])


def erased(listing: Listing) -> Value | None:
    """SequenceErase: at a place, else the last one."""
    if not (items := listing.items):
        return None
    at = listing.place(1, len(items))
    if at is None:
        return None
    at = min(at, len(items) - 1)
    return of([*items[:at], *items[at + 1 :]])


def picked(listing: Listing) -> Value | None:
    """SequenceAt."""
    items = listing.items
    if not items or listing.operand(1) is None:
        return None
    at = listing.place(1, len(items))
    return items[at] if at is not None and at < len(items) else None


def counted(listing: Listing) -> Value | None:
    """SequenceLength."""
    items = listing.items
    return None if items is None else known(len(items), TensorProto.INT64)


def joined(listing: Listing) -> Value | None:
    """ConcatFromSequence: side by side along an axis, or along a new one."""
    items, axis = listing.items, int(listing.attributes["axis"])
    if not items or any(value.shape is None for value in items):
        return None
    dtype = items[0].dtype
    if not listing.attributes.get("new_axis", 0):
        return listing.recording.add("concat", ops.Concat(axis), items, dtype)
    shape = items[0].shape or ()
    if any(value.shape != shape for value in items):
        return None
    at = axis % (len(shape) + 1)
    whole = (*shape[:at], len(items), *shape[at:])
    return listing.recording.add("stack", Copied("stack", whole), items, dtype)


def parted(listing: Listing) -> Value | None:
    """SplitToSequence: parts of one length, of given ones, or of one place each."""
    x, lengths = listing.operand(0), listing.operand(1)
    if x is None or not x.shape:
        return None
    axis = int(listing.attributes.get("axis", 0)) % len(x.shape)
    whole, keep = x.shape[axis], bool(listing.attributes.get("keepdims", 1))
    if lengths is None:
        sizes = [1] * whole
    elif lengths.integers is None:
        return None
    elif lengths.shape == ():
        size = max(1, lengths.integers[0])
        sizes = [min(size, whole - start) for start in range(0, whole, size)]
    else:
        sizes = list(lengths.integers)
    parts = []
    for size in sizes:
        shape = (*x.shape[:axis], size, *x.shape[axis + 1 :])
        if lengths is None and not keep:
            shape = (*x.shape[:axis], *x.shape[axis + 1 :])
        parts.append(listing.recording.add("split", Viewed("split", shape), (x,), x.dtype))
    return of(parts) if sum(sizes) == whole else None


def there(listing: Listing) -> Value | None:
    """Optional and OptionalGetElement of what is there: the same."""
    return listing.operand(0)


def whether(listing: Listing) -> Value | None:
    """OptionalHasElement."""
    return known(listing.operand(0) is not None, TensorProto.BOOL)


def same(listing: Listing) -> Value | None:
    """An Identity of a list."""
    return None if listing.items is None else of(listing.items)


RULES: Mapping[str, Callable[[Listing], Value | None]] = {
    "ConcatFromSequence": joined,
    "Identity": same,
    "Optional": there,
    "OptionalGetElement": there,
    "OptionalHasElement": whether,
    "SequenceAt": picked,
    "SequenceConstruct": constructed,
    "SequenceEmpty": constructed,
    "SequenceErase": erased,
    "SequenceInsert": inserted,
    "SequenceLength": counted,
    "SplitToSequence": parted,
}
