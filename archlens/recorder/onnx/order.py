"""The nodes of a graph in an order in which they can run: the file's own where it is one."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from heapq import heapify, heappop, heappush

from onnx import GraphProto, NodeProto

__all__ = ["ordered", "uses"]


def ordered(graph: GraphProto, known: Container[str]) -> Sequence[NodeProto]:
    """The nodes, each after those that make what it reads, otherwise in the file's order.

    The standard asks for that; converters of onnxruntime write files that are not so. Nodes that read what
    nothing makes, or what follows from themselves, come last, as they stand in the file.

    known  names that are there before: inputs, weights, and those of the graph around this one
    """
    nodes = list(graph.node)
    maker = {name: at for at, node in enumerate(nodes) for name in node.output if name}
    waits = [{maker[name] for name in reads(node) if name in maker and name not in known} for node in nodes]
    if all(before < at for at, makers in enumerate(waits) for before in makers):
        return nodes
    readers: list[list[int]] = [[] for _ in nodes]
    for at, makers in enumerate(waits):
        for before in makers:
            readers[before].append(at)
    ready = [at for at, makers in enumerate(waits) if not makers]
    heapify(ready)
    order: list[int] = []
    while ready:
        at = heappop(ready)
        order.append(at)
        for reader in readers[at]:
            waits[reader].discard(at)
            if not waits[reader]:
                heappush(ready, reader)
    left = sorted(set(range(len(nodes))) - set(order))
    return [nodes[at] for at in (*order, *left)]


def reads(node: NodeProto) -> Iterator[str]:
    """What a node reads, and what the graphs in it read, some of which they make themselves."""
    yield from node.input
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from reads(inner)
            yield from (entry.name for entry in graph.output)


def uses(graph: GraphProto) -> Counter[str]:
    """How often each name is read in a graph, in the graphs in it, and as its output."""
    found = Counter(name for node in graph.node for name in reads(node))
    found.update(entry.name for entry in graph.output)
    return found
