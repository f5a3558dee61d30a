"""archlens tells what a network costs before anyone trains it, and why.

import archlens

graph = archlens.load("resnet50")
archlens.profile(graph)                     # a table; .totals, .rows, .frame()
archlens.compare(graph, archlens.load("resnet50", groups=32, base=4))
module = archlens.build(graph)              # a torch.nn.Module; PyTorch is imported here only
"""

from typing import TYPE_CHECKING

from archlens.errors import ArchlensError, SpecError, UnknownModelError
from archlens.graph import Graph
from archlens.report import Comparison, Profile, compare, profile
from archlens.report.listing import list_models
from archlens.spec import load

if TYPE_CHECKING:
    import torch

__all__ = [
    "ArchlensError",
    "Comparison",
    "Graph",
    "Profile",
    "SpecError",
    "UnknownModelError",
    "build",
    "compare",
    "list_models",
    "load",
    "profile",
]

__version__ = "0.1.0"


def build(graph: Graph, *, device: "str | torch.device | None" = None) -> "torch.nn.Module":
    """The graph as a plain `torch.nn.Module`, its parts named as the graph's nodes: `stage2.0.conv1`.

    device  where the weights go; "meta" allocates none

    Raises a BuildError for a graph that PyTorch cannot hold, a MissingDependencyError without PyTorch.
    """
    from archlens.builder import build as build_module

    return build_module(graph, device=device)
