"""Convolutions, one multiply-add at a time."""

from itertools import product

from tests.oracles.ledger import Index, Ledger, extent, indices, tensor
from tests.oracles.sliding import padded, places, window_places

__all__ = ["convolution", "standardized_convolution", "transposed_convolution"]

Pairs = tuple[tuple[int, int], ...]


def chunks(count: int, groups: int) -> list[list[int]]:
    """Channels 0 … count − 1 cut into runs of equal length."""
    length = count // groups
    runs = [list(range(start, start + length)) for start in range(0, count, length)]
    assert len(runs) == groups
    assert sum(map(len, runs)) == count
    return runs


def convolution(
    shape: Index,
    *,
    out: int,
    kernel: Index,
    padding: Pairs,
    stride: Index | None = None,
    dilation: Index | None = None,
    groups: int = 1,
    bias: bool = False,
    weights: str = "weight",
) -> Ledger:
    """Every output channel, at every place of the window, from every tap in every channel of its group.

    The input is read once, in full, even where strides step over it; taps on padding multiply too.
    """
    ledger = Ledger()
    x = tensor("x", shape)
    ledger.load(x.values())
    batch, channels, *sizes = shape
    ones = (1,) * len(sizes)
    along_axes = [
        places(padded(size, *pair), k, s, d)
        for size, k, pair, s, d in zip(sizes, kernel, padding, stride or ones, dilation or ones, strict=True)
    ]
    windows = window_places(along_axes)
    results = []
    for n in range(batch):
        for outgoing, incoming in zip(chunks(out, groups), chunks(channels, groups), strict=True):
            for c_out, (position, taps) in product(outgoing, windows.items()):
                for c_in, (tap, under) in product(incoming, enumerate(taps)):
                    ledger.multiply_adds += 1
                    ledger.learn((weights, c_out, c_in, tap))
                    assert (n, c_in, *under) in x or any(isinstance(place, str) for place in under)
                if bias:
                    ledger.learn(("bias", c_out))
                ledger.store("y", (n, c_out, *position))
                ledger.activations += 1
                results.append((n, c_out, *position))
    return ledger.finish(results)


def standardized_convolution(
    shape: Index, *, out: int, kernel: Index, padding: Pairs, groups: int = 1, bias: bool = True
) -> Ledger:
    """First every weight, shifted and scaled into a new tensor; then the convolution with that one."""
    ledger = convolution(
        shape, out=out, kernel=kernel, padding=padding, groups=groups, bias=bias, weights="standardized"
    )
    for weight in [weight for weight in ledger.learned if weight[0] == "standardized"]:
        _, c_out, c_in, tap = weight
        ledger.learned.remove(weight)
        ledger.learn(("weight", c_out, c_in, tap))
        ledger.learn(("gain", c_out))
        ledger.elementwise += 1
        ledger.stored.add(weight)
    return ledger


def transposed_convolution(
    shape: Index,
    *,
    out: int,
    kernel: Index,
    stride: Index,
    padding: Index,
    output_padding: Index,
    dilation: Index,
    groups: int = 1,
    bias: bool = False,
) -> Ledger:
    """Every input element, spread by every tap into every output channel of its group.

    What the padding crops has been computed all the same.
    """
    ledger = Ledger()
    x = tensor("x", shape)
    ledger.load(x.values())
    batch, channels, *sizes = shape
    reached: set[Index] = set()
    for n, position in product(range(batch), indices(tuple(sizes))):
        for outgoing, incoming in zip(chunks(out, groups), chunks(channels, groups), strict=True):
            for c_in, c_out, tap in product(incoming, outgoing, indices(kernel)):
                assert (n, c_in, *position) in x
                ledger.multiply_adds += 1
                ledger.learn(("weight", c_in, c_out, tap))
                reached.add(
                    tuple(p * s + t * d for p, s, t, d in zip(position, stride, tap, dilation, strict=True))
                )
    lines = []
    for last, crop, extra in zip(map(max, zip(*reached, strict=True)), padding, output_padding, strict=True):
        canvas = list(range(last + 1))[crop:]
        for _ in range(crop):
            canvas.pop()
        lines.append(len([*canvas, *range(extra)]))
    results = indices((batch, out, *lines))
    for index in results:
        ledger.store("y", index)
        ledger.activations += 1
        if bias:
            ledger.learn(("bias", index[1]))
    assert extent(results)[:2] == (batch, out)
    return ledger.finish(results)
