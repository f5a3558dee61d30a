"""Elements moved about, one at a time. A view only renames them: nothing is loaded or stored."""

from math import prod

from tests.oracles.ledger import Index, Ledger, Tensor, indices, tensor

__all__ = [
    "concatenated",
    "cut",
    "flattened",
    "padded_with_zeros",
    "reshaped",
    "shuffled",
    "transposed",
    "unchanged",
    "upsampled",
]


def viewed(view: Tensor, source: Tensor) -> Ledger:
    """The ledger of a view, whose elements all are elements of the source."""
    assert set(view.values()) <= set(source.values())
    return Ledger().finish(view)


def unchanged(shape: Index) -> Ledger:
    """The same elements in the same places."""
    x = tensor("x", shape)
    return viewed(dict(x), x)


def flattened(shape: Index, *, start: int) -> Ledger:
    """Elements counted off behind each index of the axes that stay."""
    x = tensor("x", shape)
    seen: dict[Index, int] = {}
    view: Tensor = {}
    for index, element in x.items():
        kept = index[:start]
        seen[kept] = seen.get(kept, -1) + 1
        view[(*kept, seen[kept])] = element
    return viewed(view, x)


def reshaped(shape: Index, *, to: Index) -> Ledger:
    """Elements poured into the new shape in the order of memory, until none is left over."""
    x = tensor("x", shape)
    places = indices(to)
    return viewed(dict(zip(places, x.values(), strict=True)), x)


def transposed(shape: Index, *, order: Index) -> Ledger:
    """Every element under its index, dealt in another order."""
    x = tensor("x", shape)
    return viewed({tuple(index[axis] for axis in order): element for index, element in x.items()}, x)


def cut(shape: Index, *, axis: int, keep: range) -> Ledger:
    """The elements whose place along an axis is kept."""
    x = tensor("x", shape)
    return viewed(
        {
            (*index[:axis], keep.index(index[axis]), *index[axis + 1 :]): element
            for index, element in x.items()
            if index[axis] in keep
        },
        x,
    )


def concatenated(*shapes: Index, axis: int) -> Ledger:
    """Every element of every tensor copied behind those of the tensors before."""
    ledger = Ledger()
    results = []
    filled = 0
    for number, shape in enumerate(shapes):
        for index, element in tensor(f"input {number}", shape).items():
            target = (*index[:axis], filled + index[axis], *index[axis + 1 :])
            ledger.load([element])
            ledger.store("y", target)
            results.append(target)
        filled += shape[axis]
    return ledger.finish(results)


def shuffled(shape: Index, *, groups: int) -> Ledger:
    """Channels dealt out like cards: the first of every group, the second of every group, …"""
    ledger = Ledger()
    channels = list(range(shape[1]))
    hands = [channels[start : start + shape[1] // groups] for start in range(0, shape[1], shape[1] // groups)]
    dealt = [hand[turn] for turn in range(len(hands[0])) for hand in hands]
    assert sorted(dealt) == channels
    x = tensor("x", shape)
    for index, element in x.items():
        ledger.load([element])
        ledger.store("y", (index[0], dealt.index(index[1]), *index[2:]))
    return ledger.finish(x)


def padded_with_zeros(shape: Index, *, pairs: dict[int, tuple[int, int]]) -> Ledger:
    """A larger tensor, written in full; `pairs` holds the zeros around each axis that grows."""
    ledger = Ledger()
    x = tensor("x", shape)
    lines = [[*[-1] * pairs.get(axis, (0, 0))[0], *range(length), *[-1] * pairs.get(axis, (0, 0))[1]]
             for axis, length in enumerate(shape)]  # fmt: skip
    results = indices(tuple(len(line) for line in lines))
    for index in results:
        source = tuple(line[at] for line, at in zip(lines, index, strict=True))
        ledger.load([x[source]] if source in x else [])
        ledger.store("y", index)
    return ledger.finish(results)


def upsampled(shape: Index, *, size: Index, computed: bool) -> Ledger:
    """Every output from its neighbours in the input, all of which are read once."""
    assert prod(size) >= prod(shape[2:])
    ledger = Ledger()
    ledger.load(tensor("x", shape).values())
    results = indices((*shape[:2], *size))
    for index in results:
        ledger.elementwise += computed
        ledger.store("y", index)
    return ledger.finish(results)
