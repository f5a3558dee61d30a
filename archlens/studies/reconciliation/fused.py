"""PyTorch's transformer layers, which run as one operator where they can, and module by module elsewhere.

In evaluation mode and without gradients they take the fused operator. Hooks on their modules, and gradients,
which a trace records with, make them take the long way.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle

from torch import nn

from archlens.graph import Graph, Node

__all__ = ["fused_modules", "long_way"]

Modules = Mapping[str, nn.Module]


def fused_modules(graph: Graph, modules: Modules) -> frozenset[str]:
    """The paths of the modules that run as one operator, by their own conditions, and of all below them."""
    attending = self_attending(graph, modules)
    tops = [
        path
        for path, module in modules.items()
        if (isinstance(module, nn.TransformerEncoderLayer) and fuses_layer(module))
        or (isinstance(module, nn.MultiheadAttention) and path in attending and fuses_attention(module))
    ]
    return frozenset(
        below(path, name) if name else path
        for path in tops
        for name, _ in modules[path].named_modules(remove_duplicate=False)
    )


def self_attending(graph: Graph, modules: Modules) -> set[str]:
    """The attentions recorded as one operator: what makes queries, keys and values in one is cut up.

    Elsewhere it is turned instead, as where a mask of numbers keeps an attention from its operator.
    """
    found = set()
    for node in graph.nodes:
        path = node.name.rpartition(".")[0]
        module = modules.get(path)
        cut = graph.shapes_into(node)[0][-1] if node.op.kind == "split" else 0
        if isinstance(module, nn.MultiheadAttention) and cut == 3 * module.embed_dim:
            found.add(path)
    return found


def fuses_attention(module: nn.MultiheadAttention) -> bool:
    """Whether nothing of the module keeps it from its fused operator."""
    plain = module.in_proj_bias is not None and module._qkv_same_embed_dim
    more = module.bias_k is not None or module.add_zero_attn
    even = module.num_heads % 2 == 0
    return plain and even and module.batch_first and not more and not module.training


def fuses_layer(module: nn.TransformerEncoderLayer) -> bool:
    """Whether nothing of the layer keeps it from its fused operator."""
    own = type(module).forward is nn.TransformerEncoderLayer.forward
    alike = module.norm1.eps == module.norm2.eps and bool(module.activation_relu_or_gelu)
    hooked = any(each._forward_hooks or each._forward_pre_hooks for each in module.modules())
    return own and alike and fuses_attention(module.self_attn) and not module.training and not hooked


def long_way(graph: Graph, modules: Modules) -> dict[str, str]:
    """Of layers recorded as one operator, the path of the module that would run each node, by its name."""
    layers = {
        path: module for path, module in modules.items() if isinstance(module, nn.TransformerEncoderLayer)
    }
    own: dict[str, list[Node]] = {}
    apart = set()
    for node in graph.nodes:
        above = node.name.rpartition(".")[0]
        apart.add(above)
        if above in layers:
            own.setdefault(above, []).append(node)
    found: dict[str, str] = {}
    for path, nodes in own.items():
        if below(path, "self_attn") not in apart:
            found.update(in_order(path, nodes, modules))
    return found


def in_order(path: str, nodes: Sequence[Node], modules: Modules) -> Iterator[tuple[str, str]]:
    """Each node's name and its module's path, as the modules of a layer take turns."""
    activation = below(path, "activation")
    activation = activation if activation in modules else path
    turns = {
        "linear": cycle(("self_attn", "self_attn", "linear1", "linear2")),
        "attention": cycle(("self_attn",)),
        "layer_norm": cycle(("norm1", "norm2")),
    }
    for node in nodes:
        if node.op.kind in turns:
            yield node.name, below(path, next(turns[node.op.kind]))
        else:
            yield node.name, activation if node.op.work == "activation" else path


def below(path: str, name: str) -> str:
    """The path of a module's part."""
    return f"{path}.{name}" if path else name
