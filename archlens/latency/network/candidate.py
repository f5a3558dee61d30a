"""A network that is to be timed, and what runs for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archlens.graph import Graph

if TYPE_CHECKING:
    from archlens.recorder.loading import Loaded

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that is to be timed.

    graph      what it is called, what it takes, and what it costs
    load       gives the module that runs, with its weights and its inputs at the graph's batch; None where
               the network is built from the graph, with random weights
    any_batch  whether that network runs at others, too: a recorded graph may hold its batch in shapes
    remark     what to say about what ran, where that is not what was named
    makers     for a file that onnxruntime runs, the node of the graph that makes each of its tensors
    """

    graph: Graph
    load: "Callable[[], Loaded] | None" = None
    any_batch: bool = True
    remark: str = ""
    makers: "Callable[[], Mapping[str, int]] | None" = None

    @classmethod
    def of(cls, network: "Graph | Candidate") -> "Candidate":
        """A candidate as it is, or one of a graph, which stands for the network that is built from it."""
        return cls(network) if isinstance(network, Graph) else network
