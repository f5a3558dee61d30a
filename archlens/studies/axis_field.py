"""What nodes of a network see along one axis: as the analysis says, and as the network's gradient shows.

The network is built with positive weights and identities for functions, so that the gradient of an
output place is positive at every place of the input that it sees, and zero elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from archlens.errors import BuildError, MissingDependencyError
from archlens.graph import Graph, Node
from archlens.ops import Span
from archlens.studies.long_input import LongInput
from archlens.studies.part import part

try:
    import torch
    from torch import Tensor

    from archlens.builder import build
    from archlens.builder.positive_weights import make_weights_positive
except ImportError as error:
    raise MissingDependencyError(
        f"checking receptive fields needs PyTorch ({error.name} is missing)", extra="torch"
    ) from error

__all__ = ["AxisField", "Stretch", "from_gradients", "from_static"]

Stretch = tuple[int, int] | None
"""The first and the last place of the input that is seen; None where none is."""


@dataclass(frozen=True, slots=True)
class AxisField:
    """What a node sees along one axis.

    places      of its output, which the others belong to
    whole       what each of these places sees in all its channels together
    singles     some of its channels
    each        what each of these channels sees by itself, of the first place
    everything  whether the first place sees the whole length of the input, by some path that is not local
    """

    places: range
    whole: tuple[Stretch, ...]
    singles: tuple[int, ...]
    each: tuple[Stretch, ...]
    everything: bool

    @property
    def size(self) -> int:
        """The receptive field along the axis: the most places from the first seen to the last."""
        return max(length(stretch) for stretch in self.whole[:-1])

    @property
    def smallest(self) -> int:
        """The receptive field of the channel that sees least."""
        return min((length(stretch) for stretch in self.each if stretch), default=self.size)

    @property
    def stride(self) -> Fraction:
        """How far the stretch moves on from one period to the next, over the places between."""
        first, last = self.whole[0], self.whole[-1]
        return Fraction(last[0] - first[0] if first and last else 0, len(self.places) - 1)

    @property
    def padding(self) -> Fraction:
        """How far the first output reaches beyond the start of the input, from the stretch and the stride."""
        first = self.whole[0]
        return self.places[0] * self.stride - (first[0] if first else 0)


def length(stretch: Stretch) -> int:
    """Places from the first to the last."""
    return stretch[1] - stretch[0] + 1 if stretch else 0


def from_static(long: LongInput, node: int) -> AxisField:
    """The field of a node along the axis, as the analysis computes it."""
    places, singles, each = long.places(node), _channels(long, node), long.each(node)
    return AxisField(
        places=places,
        whole=tuple(_stretch(long.whole(node), place) for place in places),
        singles=singles,
        each=tuple(_stretch(each[channel], places[0]) for channel in singles),
        everything=long.fields.states[node].everything,
    )


def from_gradients(long: LongInput, nodes: Sequence[int]) -> list[AxisField]:
    """The fields of some nodes along the axis, as gradients of the built network show them."""

    def told_no_more(node: Node, feeding: int) -> bool:
        return not _is_local(long, node, feeding)

    local = part(long.graph, nodes, told_no_more)
    x, outputs = run(local, long.axis)
    y, others = x, outputs
    if len(local.inputs) > 1:
        y, others = run(part(long.graph, nodes), long.axis)
    found: dict[int, AxisField] = {}
    for node, output, other in zip(nodes, outputs, others, strict=True):
        if node not in found:
            everything = False
            if len(part(long.graph, [node], told_no_more).inputs) > 1:
                anywhere = seen(other.select(long.along(node), long.places(node)[0]), y, long.axis)
                everything = anywhere == (0, long.length - 1)
            found[node] = _axis_field(long, node, output, x, everything)
    return [found[node] for node in nodes]


def _axis_field(long: LongInput, node: int, output: Tensor, x: Tensor, everything: bool) -> AxisField:
    places, singles = long.places(node), _channels(long, node)
    at = [output.select(long.along(node), place) for place in places]
    return AxisField(
        places=places,
        whole=tuple(seen(each, x, long.axis) for each in at),
        singles=singles,
        each=tuple(seen(at[0][:, channel], x, long.axis) for channel in singles),
        everything=everything,
    )


def run(graph: Graph, axis: int) -> tuple[Tensor, tuple[Tensor, ...]]:
    """One pass of ones through the positive form of a network: its input and its outputs.

    Along one axis only, if the network can do without the others: nothing that it sees along this one
    depends on them. A reshape may tie them together.
    """
    try:
        return _run(graph, axis)
    except (BuildError, RuntimeError):
        return _run(graph, None)


def _run(graph: Graph, axis: int | None) -> tuple[Tensor, tuple[Tensor, ...]]:
    network = build(graph, device="meta").eval()
    make_weights_positive(network, [node.name for node in graph.nodes if node.inputs], axis)
    shapes = [graph.nodes[i].shape for i in graph.inputs]
    if axis is not None:
        shapes = [
            (*shape[:2], *(length if at == axis else 1 for at, length in enumerate(shape[2:], 2)))
            for shape in shapes
        ]
    x, *others = (torch.ones(shape, dtype=torch.float64) for shape in shapes)
    x.requires_grad_()
    outputs = network(x, *others)
    return x, outputs if isinstance(outputs, tuple) else (outputs,)


def seen(output: Tensor, x: Tensor, axis: int) -> Stretch:
    """The first and the last place of the input along an axis that an output depends on."""
    (gradient,) = torch.autograd.grad(output.sum(), x, retain_graph=True, allow_unused=True)
    if gradient is None:
        return None
    places = gradient.movedim(axis, 0).flatten(1).sum(1).nonzero().flatten()
    return (int(places[0]), int(places[-1])) if len(places) else None


def _is_local(long: LongInput, node: Node, feeding: int) -> bool:
    """Whether the places of a tensor are those of the node that it feeds, or what its windows slide over."""
    state, shape = long.fields.states[feeding], long.graph.nodes[feeding].shape
    tensor = state.tensor
    return tensor is not None and (
        len(node.inputs) == 1 or tensor.axes is not None or shape[2:] == node.shape[2:]
    )


def _channels(long: LongInput, node: int) -> tuple[int, ...]:
    """The channels to look at by themselves: those said to see least and most, and the last."""
    tensor = long.fields.states[node].tensor
    if tensor is None or tensor.axes is not None:
        return ()
    each = long.each(node)
    sizes = {span: span.size for span in set(each) if span}
    least, most = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    return tuple(sorted({each.index(least), each.index(most), len(each) - 1}))


def _stretch(span: Span | None, place: int) -> Stretch:
    if span is None or span.high(place) < span.low(place):
        return None
    return span.low(place), span.high(place)
