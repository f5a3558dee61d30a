"""The most activations that are alive at once, where, and what writing in place and training change."""

from dataclasses import dataclass
from itertools import accumulate
from math import prod

from archlens.graph import Graph

__all__ = ["Peak", "PeakActivations", "peak_activations", "storages"]


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest number of elements alive at once.

    elements  how many; times the dtype's size, in bytes
    node      the position of the first node during which they are
    """

    elements: int
    node: int


@dataclass(frozen=True, slots=True)
class PeakActivations:
    """What a network needs memory for besides its weights, run in the order of its graph.

    inference           tensors are freed after their last reader
    inference_in_place  and operators that can write over their input do
    training            what backward reads stays; the peak of the forward pass
    training_in_place   and operators that can write over their input, where nobody needs it, do
    live                elements alive at inference while each node runs, in the order of the graph
    kept                positions of the nodes whose outputs stay for backward, in the order of the graph
    """

    inference: Peak
    inference_in_place: Peak
    training: Peak
    training_in_place: Peak
    live: tuple[int, ...]
    kept: tuple[int, ...]


def peak_activations(graph: Graph) -> PeakActivations:
    """The liveness of every activation over the order of the graph. Weights are not activations.

    live(i) = Σ elements of what node i makes, and of what exists before it and i or a later node reads
    peak    = max live(i)

    A view is its input's storage, which lives as a whole as long as any view of it; a reshape of a
    transposed map is one, too, though frameworks have to copy it. The network's inputs exist from
    the start and are freed after their last reader, unless the caller holds them. Its outputs stay.

    In place, a pointwise operator writes over its input, so that it adds nothing, if nobody reads
    that later, it fills its storage, and it is neither an input nor an output of the network. In
    training, it may also be nothing that backward reads, be it for the operator itself.

    In training, what operators save stays to the end of the forward pass: their inputs, their
    output, or neither, if there are weights to send gradients to. Left out are masks of dropout,
    which counts as at inference, indices of pooling, statistics of normalisation, what operators
    keep inside, and the gradients. Of operators that are not costed nothing is known: the training
    of an incomplete graph is a lower bound.

    A convolution of 4×4 pixels from 1 to 2 channels, a batch normalisation, a ReLU and a global
    pooling, of which the first two save their input and the third its output:

                 makes  inference     in place  training                 in place
    input        16     16            16        16                       16
    conv         32     16 + 32 = 48  48        16 + 32 = 48             48
    batch_norm   32     32 + 32 = 64  64        16 + 32 + 32 = 80        80
    relu         32     32 + 32 = 64  32        16 + 32 + 32 + 32 = 112  16 + 32 + 32 = 80
    pool         2      32 + 2 = 34   34        16 + 32 + 32 + 2 = 82    82

    Liveness is that of compilers (Aho et al., Compilers, §9.2.5), and of networks in Chen et al.,
    arXiv 1604.06174, §3. What backward reads is what PyTorch saves.
    """
    given = graph.inputs
    storage = storages(graph)
    elements = [
        prod(node.shape) if node.inputs or position in given or not node.op.alias else 0  # a weight
        for position, node in enumerate(graph.nodes)
    ]
    freed_after = _last_readers(graph, storage)
    kept = sorted(_saved(graph, storage))
    kept_after = freed_after.copy()
    for position in kept:
        kept_after[position] = len(storage)

    live = _live(given, storage, elements, freed_after)
    trained = _live(given, storage, elements, kept_after)
    over = _overwritable(graph, storage, elements)
    return PeakActivations(
        inference=_peak(live),
        inference_in_place=_peak(_in_place(live, over, elements, freed_after)),
        training=_peak(trained),
        training_in_place=_peak(_in_place(trained, over, elements, kept_after)),
        live=tuple(live),
        kept=tuple(kept),
    )


def storages(graph: Graph) -> list[int]:
    """For each node, the position of the node that made the storage of its output: itself but for views."""
    found: list[int] = []
    for position, node in enumerate(graph.nodes):
        found.append(found[node.inputs[0]] if node.op.alias and node.inputs else position)
    return found


def _last_readers(graph: Graph, storage: list[int]) -> list[int]:
    """The node after which each storage is freed: its last reader, or its maker, or none before the end."""
    found = list(range(len(storage)))
    for given in graph.inputs:
        found[given] = 0
    for position, node in enumerate(graph.nodes):
        for feeding in node.inputs:
            found[storage[feeding]] = position
    for output in graph.outputs:
        found[storage[output]] = len(storage)
    return found


def _saved(graph: Graph, storage: list[int]) -> set[int]:
    """The storages that are kept until the backward pass reads them."""
    found: set[int] = set()
    learns: list[bool] = []
    for position, node in enumerate(graph.nodes):
        inputs = node.inputs
        learns.append(node.cost.params + node.shared > 0 or any(learns[feeding] for feeding in inputs))
        saves = node.op.saves
        if saves and learns[position]:
            if "input" in saves:
                found.update([storage[feeding] for feeding in inputs])
            if "output" in saves:
                found.add(storage[position])
    return found


def _live(
    given: tuple[int, ...], storage: list[int], elements: list[int], freed_after: list[int]
) -> list[int]:
    """For each node, how many elements are alive while it runs."""
    change = [0] * (len(storage) + 2)
    for position, own in enumerate(storage):
        if own == position:
            change[position] += elements[position]
            change[freed_after[position] + 1] -= elements[position]
    for position in given:
        change[position] -= elements[position]
        change[0] += elements[position]
    return list(accumulate(change[:-2]))


def _overwritable(graph: Graph, storage: list[int], elements: list[int]) -> list[tuple[int, int]]:
    """The nodes that can write over their input, each with the storage that they would write over."""
    found = [
        (position, storage[node.inputs[0]])
        for position, node in enumerate(graph.nodes)
        if node.op.pointwise and len(node.inputs) == 1
    ]
    given = graph.inputs
    return [(i, over) for i, over in found if elements[over] == elements[i] and over not in given]


def _in_place(
    live: list[int], overwritable: list[tuple[int, int]], elements: list[int], freed_after: list[int]
) -> list[int]:
    """The elements alive while each node runs, where those that can write over their input do.

    The storage that is written over ends with the node, and the output, which is as large, begins
    with it: what is alive changes at this node only.
    """
    found = live.copy()
    for position, over in overwritable:
        if freed_after[over] == position:
            found[position] -= elements[position]
    return found


def _peak(live: list[int]) -> Peak:
    """The largest of these numbers, and the first node that reaches it."""
    elements = max(live)
    return Peak(elements, live.index(elements))
