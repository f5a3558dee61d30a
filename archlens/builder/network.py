"""A whole network: a tree of modules, and the order in which tensors run through them."""

from contextlib import nullcontext
from keyword import iskeyword

import torch
from torch import fx, nn

from archlens import ops
from archlens.builder.rule import module_for
from archlens.errors import BuildError
from archlens.graph import Graph

__all__ = ["build"]


def build(graph: Graph, *, device: str | torch.device | None = None) -> nn.Module:
    """The graph as a PyTorch module with torch's default initialisation, in training mode.

    Modules are named as the nodes are: `stage2.0.conv1`. The module takes the graph's inputs in
    order and returns its output, or a tuple if it has several. It is made for the graph's shapes:
    the batch is free, other sizes are as far as paddings and linear layers allow. On the device
    "meta" nothing is allocated.

    Raises a BuildError for an operator without a rule and for names that PyTorch does not take.
    """
    network = fx.GraphModule(nn.Module(), fx.Graph(), class_name=graph.model)
    flow = fx.Graph()
    values: list[fx.Node] = []
    with torch.device(device) if device is not None else nullcontext():
        for node in graph.nodes:
            if isinstance(node.op, ops.Input):
                values.append(receive(flow, node.name))
                continue
            try:
                place(network, node.name, module_for(node.op, graph.shapes_into(node)))
            except BuildError as error:
                raise BuildError(f"{graph.model}: {node.name} ({kind(node.op)}): {error}") from error
            values.append(flow.call_module(node.name, tuple(values[feeding] for feeding in node.inputs)))
    outputs = tuple(values[output] for output in graph.outputs)
    flow.output(outputs if len(outputs) > 1 else outputs[0])
    network.graph = flow
    return network


def kind(op: ops.Op) -> str:
    """What the operator is called, also where archlens does not know it."""
    return op.name if isinstance(op, ops.Unknown) else op.kind


def receive(flow: fx.Graph, name: str) -> fx.Node:
    """One argument of the network, named after its node as far as Python allows."""
    argument = name.replace(".", "_")
    taken = {"self", *(other.target for other in flow.find_nodes(op="placeholder"))}
    fits = argument.isidentifier() and not iskeyword(argument) and argument not in taken
    value = flow.placeholder(argument if fits else f"input_{argument}")
    if not fits:
        value.target = value.name  # which fx made unique
    return value


def place(network: nn.Module, name: str, module: nn.Module) -> None:
    """Put a module into the tree at its dotted name, and plain modules above it where none are yet."""
    *scopes, last = name.split(".")
    for scope in scopes:
        child = getattr(network, scope, None)
        if not isinstance(child, nn.Module):
            child = nn.Module()
            adopt(network, scope, child)
        network = child
    adopt(network, last, module)


def adopt(parent: nn.Module, name: str, child: nn.Module) -> None:
    """Make one module another's child, unless its name would hide a part of the parent."""
    pythons = iskeyword(name) or name == "self"
    if pythons or hasattr(parent, name):
        owner = "Python" if pythons else "PyTorch"
        raise BuildError(f"{owner} keeps the name {name!r} for itself: choose another name in the spec")
    parent.add_module(name, child)
