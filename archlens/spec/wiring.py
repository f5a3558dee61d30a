"""The operators of a part of a network while it grows."""

from itertools import accumulate, pairwise

from archlens.ops import Op, Shape, Slice, Split
from archlens.spec.naming import RefusalError
from archlens.spec.read import Value
from archlens.spec.section import Applied, Operation, Placed
from archlens.spec.values import show

__all__ = ["MAX_NODES", "Wiring", "pieces"]

MAX_NODES = 10_000


class Wiring:
    """What a section is made of, in the order in which it runs. A place stands for what comes out there.

    shapes  at each place; place 0 is what the section is fed
    reach   no path in it is longer
    """

    def __init__(self, fed: Shape) -> None:
        self.entries: list[Operation | Placed] = []
        self.shapes: list[Shape] = [fed]
        self.reach = 0

    def add(self, work: Applied, inputs: tuple[int, ...], name: int | str) -> int:
        """Append an operator; its place."""
        self.entries.append(Operation(work, inputs, name))
        self.shapes.append(work.shape)
        return len(self.entries)

    def place(self, placed: Placed) -> int:
        """Append a section; its place, or that of what feeds it where it has no operators."""
        if not placed.section.count:
            return placed.at
        self.entries.append(placed)
        self.shapes.append(placed.section.shape)
        return len(self.entries)


def pieces(value: Value, branches: int, shape: Shape, what: str) -> tuple[type[Op], list[dict[str, Value]]]:
    """The operator that cuts a tensor for its branches, and its attributes for each of them.

    value  how many equal parts, or a list with the channels of each
    what   who asks, for messages
    """
    parts = len(value) if isinstance(value, tuple) else value
    if type(parts) is not int or parts != branches:
        raise RefusalError(f"split={show(value)} does not match the {branches} branches", what)
    if not isinstance(value, tuple):
        return Split, [{"parts": branches, "index": index} for index in range(branches)]
    for size in value:
        if type(size) is not int or size < 1:
            raise RefusalError(f"split={show(value)}: {show(size)} is not a number of channels", what)
    edges = list(accumulate(value, initial=0))
    channels = sum(shape[1:2])
    if edges[-1] != channels:
        raise RefusalError(
            f"split={show(value)} adds up to {show(edges[-1])}, not to the {channels} channels", what
        )
    return Slice, [{"start": start, "stop": stop} for start, stop in pairwise(edges)]
