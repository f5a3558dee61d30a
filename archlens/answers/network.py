"""What stands for a network in Python."""

from archlens.graph import Graph

__all__ = ["Network", "graph_of"]

Network = Graph | str
"""A graph, or a reference that finds one: "resnet50[groups=32]", "my.yaml", "file.py:Net", "timm:NAME"."""


def graph_of(network: Network, input: str | None = None, batch: int = 1) -> Graph:
    """The graph of a network. Raises an ArchlensError for a name that finds none."""
    if isinstance(network, Graph):
        return network
    from archlens.models.loading import load_graph

    return load_graph(network, None, input, batch)
