"""How much of the memory access goes to work that is no dot product."""

from archlens.analyses.totals import Row, added_up, grouped, heaviest_first, totals
from archlens.cost import total
from archlens.graph import Graph

__all__ = ["element_wise_share", "rows_by_work"]


def rows_by_work(graph: Graph) -> tuple[Row, ...]:
    """A row for each kind of work, by how much it computes, then moves: activation, add, normalization, …

    nodes               how many operators do it
    cost.elementwise    outputs that they compute without a dot product
    cost.writes         elements that they store
    cost.memory_access  elements that they load and store: the share of it that activations and sums
                        have beside their share of the multiply-adds is what ShuffleNet V2's fourth
                        guideline is about (Ma et al., arXiv 1807.11164, §2, G4)

    Views have a row, of nothing but zeros, so that rows add up to the network. An operator without a
    word for its work has a row by its kind.
    """
    groups = grouped(graph, lambda node: node.op.work or node.op.kind)
    return heaviest_first(added_up(graph, name, "group", None, part) for name, part in groups.items())


def element_wise_share(graph: Graph) -> float | None:
    """Memory access of all operators that do no dot product, over that of the network.

    Σ memory access of operators without multiply-adds / Σ memory access

    Unlike in the paper (arXiv 1807.11164, §2, G4), depthwise convolutions are not among them: they
    multiply and add. None where nothing is moved; of a graph that is not complete, the share of
    what was counted.
    """
    moved = totals(graph).memory_access
    without = total(node.cost for node in graph.nodes if not node.cost.multiply_adds).memory_access
    return without / moved if moved else None
