"""What a real run keeps: the storages alive after each node, and those that backward will read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from archlens.graph import Graph

__all__ = ["live_in_a_run", "release_input", "saved_in_a_run"]


class Storages(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Every storage that any operation puts out, by weak references, with its elements."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        weights = [*network.parameters(), *network.buffers()]
        self.weights = {weight.untyped_storage()._cdata for weight in weights}
        self.found: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, Tensor):
                storage = tensor.untyped_storage()
                if storage._cdata not in self.weights:
                    elements = storage.nbytes() // tensor.element_size()
                    reference = StorageWeakRef(storage)  # type: ignore[no-untyped-call]
                    self.found[storage._cdata] = (reference, elements)
        return result

    def alive(self) -> int:
        """Elements of those that something still refers to."""
        total = 0
        for reference, elements in self.found.values():
            if not reference.expired():  # type: ignore[no-untyped-call]
                total += elements
        return total


def live_in_a_run(graph: Graph, network: nn.Module) -> list[int]:
    """The elements alive when each operator has run, its inputs and its output included, as a list by node.

    Everything that anything computed counts, but parameters and buffers. What an operator makes and
    drops while it runs is gone by then. The network owns its input: nobody else refers to it.
    """
    release_input(network)
    storages = Storages(network)
    live: list[int] = []
    for node in graph.nodes:
        if node.inputs:
            module = network.get_submodule(node.name)
            module.register_forward_hook(lambda *_: live.append(storages.alive()))
    with torch.no_grad(), storages:
        network.eval().forward(torch.rand(graph.input_shape))
    return live


def release_input(network: nn.Module) -> None:
    """Let the network drop its input behind its last reader, if its caller does.

    As `input` is a name of Python's, fx reads an argument of that name into another, and keeps it.
    """
    assert isinstance(network, fx.GraphModule)
    for argument in network.graph.find_nodes(op="placeholder"):
        argument.target = argument.name
    network.recompile()


def saved_in_a_run(graph: Graph, network: nn.Module) -> set[int]:
    """The positions of the nodes whose outputs, or the views of them, autograd saves in training.

    Dropout stays as it is at inference.
    """
    made: dict[int, int] = {}
    outputs: list[Tensor] = []

    def note(position: int, output: Tensor) -> None:
        made.setdefault(output.untyped_storage()._cdata, position)
        outputs.append(output)

    saved: set[int] = set()

    def pack(tensor: Tensor) -> Tensor:
        saved.add(tensor.untyped_storage()._cdata)
        return tensor.detach()  # an output that held itself would never be freed

    network.train()
    for position, node in enumerate(graph.nodes):
        if node.inputs:
            module = network.get_submodule(node.name)
            module.register_forward_hook(lambda _, __, output, at=position: note(at, output))
            module.train(not isinstance(module, nn.Dropout))
    x = torch.rand(graph.input_shape)
    note(graph.inputs[0], x)
    with saved_tensors_hooks(pack, lambda tensor: tensor):
        output = network(x)
    assert output is not None, "while it is held, so is all that autograd saved"
    return {made[storage] for storage in saved if storage in made}
