"""Which module of a network runs each node of its graph."""

from collections.abc import Callable, Mapping

from torch import nn

from archlens.builder.padding import PaddedInput
from archlens.builder.pooling import MeanOfInside
from archlens.graph import Graph, Node
from archlens.ops import Shape, Shapes
from archlens.recorder.naming import path
from archlens.studies.reconciliation.fused import fused_modules, long_way
from archlens.studies.reconciliation.terms import Call

__all__ = ["calls"]

Runs = tuple[tuple[Shape, Shape], ...]
MAKERS = ("torch.nn.modules.", "archlens.builder.")
TRANSFORMERS = (nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)


def calls(graph: Graph, module: nn.Module) -> Callable[[Node], Call]:
    """What tells who ran a node: the module that its name, or the start of its name, is the path of."""
    modules = {
        path(name) if name else "": each for name, each in module.named_modules(remove_duplicate=False)
    }
    ways = ways_to(module)
    placed = long_way(graph, modules)
    fused = fused_modules(graph, modules)
    weighing = {
        node.name.rpartition(".")[0]
        for node in graph.nodes
        if getattr(node.op, "name", "") == "mean" and all(node.shape)  # an empty one where nobody asks
    }

    def call(node: Node) -> Call:
        name = placed.get(node.name, node.name)
        while name not in modules:
            name = name.rpartition(".")[0]
        owner, runs = unpadded(modules[name], node, graph.shapes_into(node))
        kind, home = kind_of(owner), class_of(owner).__module__
        maker = next((home.partition(".")[0] for known in MAKERS if home.startswith(known)), "")
        if kind == "MultiheadAttention" and name in weighing:
            kind = "MultiheadAttention with weights"
        own = dict(owner.named_parameters(recurse=False))
        named = any(weight.startswith(("weight", "bias")) for weight in own)
        layer = named and not any(owner.children())
        return Call(kind, maker, layer, ways.get(owner, 1), runs, name in fused)

    return call


def class_of(owner: nn.Module) -> type[nn.Module]:
    """The class by which counters ask for a module.

    Of a transformer layer that inherits, it is PyTorch's class, as no counter knows the user's.
    """
    return next((layer for layer in TRANSFORMERS if isinstance(owner, layer)), type(owner))


def kind_of(owner: nn.Module) -> str:
    """The name by which counters know a module: its class, and what else they tell apart."""
    kind = class_of(owner).__name__
    if isinstance(owner, nn.modules.instancenorm._InstanceNorm) and not owner.affine:
        return f"{kind} without weights"
    if isinstance(owner, nn.LeakyReLU) and owner.inplace:
        return f"{kind} in place"
    return kind


def unpadded(owner: nn.Module, node: Node, inputs: Shapes) -> tuple[nn.Module, Runs]:
    """The module behind a padding of its own, and the poolings that run there.

    A mean over what lies inside a map pools a map of ones, too.
    """
    shapes = inputs[:1]
    while isinstance(owner, PaddedInput | MeanOfInside):
        shapes = tuple(padded(x, owner.padding) for x in shapes)
        if isinstance(owner, PaddedInput):
            owner = owner.inner
        else:
            shapes += tuple((1, 1, *x[2:]) for x in shapes)
            owner = owner.pool
    if node.op.work != "pooling" or shapes == inputs[:1]:
        return owner, ()
    return owner, tuple((x, (*x[:2], *node.shape[2:])) for x in shapes)


def padded(x: Shape, sides: Shape) -> Shape:
    """A shape with its last axes longer: the sides of the last one come first."""
    axes = len(sides) // 2
    longer = [length + sides[2 * i] + sides[2 * i + 1] for i, length in enumerate(x[: -axes - 1 : -1])]
    return (*x[:-axes], *reversed(longer))


def ways_to(module: nn.Module) -> Mapping[nn.Module, int]:
    """How many ways lead down to each module; children that a parent has twice are one way."""
    ways: dict[nn.Module, int] = {}

    def walk(at: nn.Module) -> None:
        ways[at] = ways.get(at, 0) + 1
        for child in at.children():
            walk(child)

    walk(module)
    return ways
