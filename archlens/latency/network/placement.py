"""A candidate → its module and its inputs where they run: on their device, in their dtype and layout."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_map

from archlens.builder import build
from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.latency.machine.memory import available
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.weights import random_inputs, settle
from archlens.ops.operator import size
from archlens.quantity import human

if TYPE_CHECKING:
    from archlens.recorder.loading import Loaded

__all__ = ["Given", "Placed", "placed"]

Given = tuple[tuple[Any, ...], dict[str, Any]]
"""What a module is called with, by position and by name."""

CASTS: dict[str, Callable[[nn.Module], nn.Module]] = {
    "float64": nn.Module.double,
    "float32": nn.Module.float,
    "bfloat16": nn.Module.bfloat16,
    "float16": nn.Module.half,
}
"""They leave integers and complex numbers alone, of which `Module.to` would take the real parts."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A module in evaluation mode, where it runs.

    inputs  gives what it is called with, at a batch
    """

    module: nn.Module
    inputs: Callable[[int], Given]


def placed(candidate: Candidate, conditions: Conditions) -> Placed:
    """The module of a candidate: the user's own, or one that is built from the graph.

    Raises whatever PyTorch and the module raise.
    """
    if candidate.load is None:
        found = built(candidate, conditions)
    else:
        check_inputs(candidate.graph, conditions)
        found = own(candidate.load, candidate.graph.input_shape[0], conditions)
    module = CASTS[conditions.dtype](found.module)
    if conditions.layout == "channels_last":
        module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Placed(
        module.requires_grad_(False),
        lambda batch: tree_map(lambda x: laid_out(x, conditions), found.inputs(batch)),
    )


def built(candidate: Candidate, conditions: Conditions) -> Placed:
    """The network on its device, with weights that were settled in float32, on one image if that may be."""
    graph = candidate.graph
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(conditions.seed)
        network = build(graph, device="cpu").eval().to(conditions.device)

    def inputs(batch: int) -> Given:
        return random_inputs(graph, batch=batch, device=conditions.device, seed=conditions.seed), {}

    settle(network, inputs(1 if candidate.any_batch else graph.input_shape[0])[0])
    return Placed(network, inputs)


def own(load: "Callable[[], Loaded]", batch: int, conditions: Conditions) -> Placed:
    """The user's module on its device, as it was made: its weights are its own."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(conditions.seed)
        loaded = load()

    def inputs(fewer: int) -> Given:
        def shortened(x: Any) -> Any:
            return x[:fewer] if isinstance(x, Tensor) and x.shape[:1] == (batch,) else x

        given: Given = tree_map(shortened, (loaded.arguments, loaded.named))
        return given

    return Placed(loaded.module.to(conditions.device), inputs)


def laid_out(x: Any, conditions: Conditions) -> Any:
    """An input on its device, its maps in the layout asked for; real numbers in the dtype, too."""
    if not isinstance(x, Tensor):
        return x
    x = x.to(conditions.device, conditions.torch_dtype if x.is_floating_point() else x.dtype)
    return x.contiguous(memory_format=conditions.memory_format if x.dim() == 4 else torch.contiguous_format)


def check_inputs(graph: Graph, conditions: Conditions) -> None:
    """Refuse inputs for a GPU that do not fit into the memory of the CPU, where they are made."""
    taken, free = 4 * sum(size(graph.nodes[i].shape) for i in graph.inputs), available("cpu")
    if conditions.device != "cpu" and taken > free:
        raise ArchlensError(
            f"{graph.model}: inputs at a batch of {graph.input_shape[0]} take {human(taken, 'B')} of memory "
            f"before they are on the {conditions.device}, and {human(free, 'B')} are free"
        )
