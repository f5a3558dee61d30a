"""Operators without a rule: which, how often, on what, where, and how to give them one."""

from archlens.graph import Graph, Node
from archlens.ops import Unknown
from archlens.quantity import plural
from archlens.recorder.custom import example
from archlens.report.table import count

__all__ = ["unknown_operators", "unread_weights"]

MOST_PLACES = 3


def unread_weights(graph: Graph) -> str:
    """How many weights of a module no operator read, and where they are."""
    places = ", ".join(graph.unread_places[:MOST_PLACES])
    others = len(graph.unread_places) - MOST_PLACES
    more = f" and {plural(others, 'other')}" if others > 0 else ""
    where = f": {places}{more}" if places else ""
    return f"no operator of this pass reads {count(graph.unread)} more of the module's parameters{where}"


def unknown_operators(graph: Graph) -> tuple[str, ...]:
    """A line for each operator that no rule costs, and the text of a rule for the first of PyTorch's."""
    found: dict[str, list[Node]] = {}
    for node in graph.uncosted:
        found.setdefault(node.op.name if isinstance(node.op, Unknown) else node.op.kind, []).append(node)
    lines = [line(graph, name, nodes) for name, nodes in found.items()]
    theirs = next((name for name in found if "::" in name), None)
    if theirs is not None:
        lines += [
            "a rule makes the totals exact:",
            *(f"    {code}".rstrip() for code in example(theirs).splitlines()),
        ]
    return tuple(lines)


def line(graph: Graph, name: str, nodes: list[Node]) -> str:
    """Such as: `mylib::op, 2 times, 1×3×8×8 → 1×7: head.op1, head.op2`."""
    shapes = dict.fromkeys(
        f"{', '.join(shown(graph.nodes[i].shape) for i in node.inputs)} → {shown(node.shape)}"
        for node in nodes
    )
    times = "once" if len(nodes) == 1 else f"{len(nodes)} times"
    return f"{name}, {times}, {cut([*shapes], '; ')}: {cut([node.name for node in nodes], ', ')}"


def shown(shape: tuple[int, ...]) -> str:
    """A shape, or what a tensor of no axes is."""
    return "×".join(map(str, shape)) or "a number"


def cut(parts: list[str], between: str) -> str:
    """The first few of the texts, and … where there are more."""
    return between.join(parts[:MOST_PLACES]) + (f"{between}…" if len(parts) > MOST_PLACES else "")
