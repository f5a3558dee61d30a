"""Sums, products, scalings and means, one output at a time."""

from tests.oracles.ledger import Index, Ledger, indices, tensor

__all__ = ["combined", "common", "gained", "reduced", "scaled", "stretched"]


def common(shapes: list[Index]) -> Index:
    """The shape into which all of these stretch: of each axis, counted from the end, the longest."""
    rank = max(map(len, shapes))
    return tuple(max(shape[axis] for shape in shapes if len(shape) >= -axis) for axis in range(-rank, 0))


def stretched(index: Index, shape: Index) -> Index:
    """The element of a smaller tensor that stands at an index of the stretched one."""
    behind = index[len(index) - len(shape) :]
    return tuple(0 if length == 1 else at for at, length in zip(behind, shape, strict=True))


def combined(*shapes: Index) -> Ledger:
    """Two tensors into a third, that one and the next into a fourth, …"""
    ledger = Ledger()
    left = tensor("input 0", shapes[0])
    left_shape = shapes[0]
    for step, right_shape in enumerate(shapes[1:], start=1):
        right = tensor(f"input {step}", right_shape)
        result_shape = common([left_shape, right_shape])
        result = tensor(f"result {step}", result_shape)
        for index in indices(result_shape):
            ledger.load([left[stretched(index, left_shape)], right[stretched(index, right_shape)]])
            ledger.elementwise += 1
            ledger.store(f"result {step}", index)
        left, left_shape = result, result_shape
    return ledger.finish(left)


def scaled(shape: Index) -> Ledger:
    """Every element times a constant that no memory holds, or more by one."""
    return gained(shape, per_channel=None)


def gained(shape: Index, *, per_channel: bool | None) -> Ledger:
    """Every element times a learnable number: its channel's, or the same for all."""
    ledger = Ledger()
    x = tensor("x", shape)
    for index in x:
        ledger.load([x[index]])
        if per_channel is not None:
            ledger.learn(("gain", index[1] if per_channel else "of all"))
        ledger.elementwise += 1
        ledger.store("y", index)
    return ledger.finish(x)


def reduced(shape: Index, *, axes: set[int], keep: bool) -> Ledger:
    """Elements that differ only along the axes, gathered into one output each."""
    ledger = Ledger()
    gathered: dict[Index, list[object]] = {}
    for index, element in tensor("x", shape).items():
        ledger.load([element])
        if keep:
            target = tuple(0 if axis in axes else at for axis, at in enumerate(index))
        else:
            target = tuple(at for axis, at in enumerate(index) if axis not in axes)
        gathered.setdefault(target, []).append(element)
    for target in gathered:
        ledger.elementwise += 1
        ledger.store("y", target)
    return ledger.finish(gathered)
