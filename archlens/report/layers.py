"""A spec expanded: every layer with its attributes and shapes."""

from typing import Any

from archlens.graph import Graph
from archlens.report.table import Column, Table, count, shape

__all__ = ["layers_as_dict", "layers_table"]


def layers_table(graph: Graph) -> Table:
    """A row a node: its name, operator, attributes, and the shapes that go in and come out."""
    columns = (
        Column("name", "name", right=False),
        Column("operator", "operator", right=False),
        Column("attributes", "attributes", right=False),
        Column("inputs", "input", _shapes, right=False),
        Column("output", "output", shape, right=False),
        Column("params", "params", count),
    )
    rows = tuple(
        (
            node.name,
            node.op.kind,
            " ".join(f"{name}={_attribute(value)}" for name, value in node.op.attributes().items()),
            graph.shapes_into(node),
            node.shape,
            node.cost.params,
        )
        for node in graph.nodes
    )
    nodes = (
        f"{len(graph.nodes) - len(graph.inputs)} operators; attributes that have their default are left out"
    )
    return Table(columns, rows, title=graph.model, footer=(nodes,))


def layers_as_dict(graph: Graph) -> dict[str, Any]:
    """The layers as `--format json` prints them: `inputs` are the names of the layers that feed each."""
    return {
        "model": graph.model,
        "family": graph.family,
        "outputs": [graph.nodes[position].name for position in graph.outputs],
        "layers": [
            {
                "name": node.name,
                "operator": node.op.kind,
                "attributes": node.op.attributes(),
                "inputs": [graph.nodes[feeding].name for feeding in node.inputs],
                "output": list(node.shape),
                "params": node.cost.params,
                "multiply_adds": node.cost.multiply_adds,
            }
            for node in graph.nodes
        ],
    }


def _shapes(value: Any) -> str:
    return " + ".join(map(shape, value))


def _attribute(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{','.join(_attribute(item) for item in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
