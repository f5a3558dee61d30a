"""G4: element-wise operators are not free."""

from collections import Counter

from archlens.graph import Graph, Node
from archlens.ops.operator import size
from archlens.passes import excerpt
from archlens.studies.lint.finding import Finding, Pair, Place, grouped

__all__ = [
    "ONCE",
    "element_wise_access",
    "element_wise_operators",
    "is_element_wise",
    "left_out",
    "repeated",
]

ONCE = "do it once for all that read it"
FUSED = "let the operator before it do it while it writes"
MOVED = "drop it, or move it right behind an operator that it alone reads, where it folds"
DROPPED = "do without it, or do it on a smaller map"
REPLACED = "normalise by running statistics, which fold into a convolution right before"


def is_element_wise(node: Node) -> bool:
    """Activations, sums, products, scales, normalisations; concatenations, shuffles and copies, too.

    The paper counts these with them (arXiv 1807.11164, §3: concat, shuffle and split "are merged into a
    single element-wise operation"). Pools and reductions are none, nor is what multiplies and adds.
    """
    moved = node.cost.memory_access and not node.cost.multiply_adds
    return bool(node.inputs and moved) and node.op.work not in ("pooling", "reduction")


def element_wise_access(graph: Graph) -> int:
    """Memory access of all element-wise operators of a graph, which is to be folded before."""
    return sum(node.cost.memory_access for node in graph.nodes if is_element_wise(node))


def element_wise_operators(graph: Graph) -> tuple[Finding, ...]:
    """Element-wise operators that are left in a folded graph, by what can be done about them.

    repeated   the same operator without weights on the same tensor as an earlier one: once is enough, and
               all of its memory access is saved
    fused      an operand is made by an operator whose output nobody else reads, which can go on with it
               instead of storing it: the write and the read of that operand are saved. Of a sum or
               product that is the largest such operand, of a concatenation each of them
    moved      an activation or a scale of which less than half could be fused away: all of its memory access
               goes where it is placed so that it folds, or left out
    dropped    a sum or product of which less than half could be fused away
    replaced   a normalisation that computes its statistics from the map it has just read

    Others, such as a softmax, have no alternative: they count in the score and make no finding.

    Ma et al., arXiv 1807.11164, §2, G4.
    """
    users = Counter(i for node in graph.nodes for i in node.inputs) + Counter(graph.outputs)
    again = {later for later, _ in repeated(graph)}
    found: dict[str, list[tuple[str, Place]]] = {ONCE: [], FUSED: [], MOVED: [], DROPPED: [], REPLACED: []}
    for at, node in enumerate(graph.nodes):
        if not is_element_wise(node):
            continue
        advice, saved = (ONCE, node.cost.memory_access) if at in again else _remedy(graph, node, users)
        if saved > 0:
            found[advice].append((_subject(graph, node), left_out(graph, at, saved)))
    return tuple(finding for advice, places in found.items() for finding in grouped("g4", advice, places))


def repeated(graph: Graph) -> list[tuple[int, int]]:
    """Positions of operators without weights that do what an earlier one does, each with that one's."""
    first: dict[object, int] = {}
    found = []
    for at, node in enumerate(graph.nodes):
        if not node.inputs or node.op.alias or not node.op.costed or node.cost.params or node.shared:
            continue
        earlier = first.setdefault((type(node.op), node.op, node.inputs), at)
        if earlier != at:
            found.append((at, earlier))
    return found


def _remedy(graph: Graph, node: Node, users: Counter[int]) -> tuple[str, int]:
    """What to do about an operator, and what that saves."""
    fusable = [
        2 * size(graph.nodes[i].shape)
        for i in node.inputs
        if users[i] == 1
        and graph.nodes[i].inputs
        and graph.nodes[i].op.costed
        and not graph.nodes[i].op.alias
    ]
    if not node.cost.elementwise:  # it only moves: each of its operands can be written where it is read
        return FUSED, sum(fusable)
    folds = node.op.pointwise or node.op.scales_channels
    joins = len(node.inputs) > 1 or node.op.work == "add"
    best = max(fusable, default=0) if folds or joins else 0
    if 2 * best >= node.cost.memory_access:
        return FUSED, best
    advice = MOVED if folds else DROPPED if joins else REPLACED
    return advice, node.cost.memory_access if folds or joins or node.op.work == "normalization" else 0


def _subject(graph: Graph, node: Node) -> str:
    return node.op.label(graph.shapes_into(node))


def left_out(graph: Graph, at: int, saved: int) -> Place:
    """An operator that need not be there, timed with what feeds it beside that alone."""
    node = graph.nodes[at]
    before = sorted({i for i in node.inputs if graph.nodes[i].inputs})
    pair = Pair(excerpt(graph, [*before, at]), excerpt(graph, before), whole=False) if before else None
    return Place(
        path=node.name,
        position=at,
        now="×".join(map(str, node.shape[1:])),
        instead="",
        multiply_adds=None,
        memory_access=node.cost.memory_access,
        saved=saved,
        kernels=node.op.kernels(graph.shapes_into(node)),
        pair=pair,
    )
