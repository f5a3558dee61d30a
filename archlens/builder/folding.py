"""The weights of a network, carried over into its folded form."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from archlens.builder.fused import Fused
from archlens.builder.network import build
from archlens.builder.padding import PaddedInput
from archlens.graph import Graph
from archlens.passes import absorbed, fold

__all__ = ["folded"]

Transposed = nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d
Weighted = nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear | Transposed
Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


@torch.no_grad()
def folded(module: nn.Module, graph: Graph) -> nn.Module:
    """The module of the folded graph, with the weights of the graph's own module in it.

    module  what `build` made of `graph`, trained or not, its weights of one dtype on one device

    The result is in evaluation mode and computes what `module` does there. They share no weights. Its
    parts have the names that they had; one with an epilogue is a sequence that starts with what it was:
    `stem.conv1.0`.
    """
    result = build(fold(graph))
    held = (tensor for tensor in (*module.parameters(), *module.buffers()) if tensor.is_floating_point())
    if (like := next(held, None)) is not None:
        result.to(like.device, like.dtype)
    sequences: dict[int, list[nn.Module]] = {}
    for position, (node, home) in enumerate(zip(graph.nodes, absorbed(graph), strict=True)):
        if node.inputs:
            sequence = sequences.setdefault(position if home is None else home, [])
            sequence.extend(parts(module.get_submodule(node.name)))
    for home, sequence in sequences.items():
        carry(sequence, parts(result.get_submodule(graph.nodes[home].name)))
    return result.eval()


def parts(module: nn.Module) -> list[nn.Module]:
    """The modules that run one after the other: only a fused one has several."""
    return list(module) if isinstance(module, Fused) else [module]


def carry(sequence: Sequence[nn.Module], targets: Sequence[nn.Module]) -> None:
    """Copy the weights of modules that run one after the other into those that do the same, folded.

    The missing ones are batch normalisations, which the first took over: they stand right after it.
    """
    norms = len(sequence) - len(targets)
    first, *epilogue = targets
    if norms:
        take_over(weighted(sequence[0]), sequence[1 : 1 + norms], weighted(first))
    else:
        first.load_state_dict(sequence[0].state_dict())
    for source, target in zip(sequence[1 + norms :], epilogue, strict=True):
        target.load_state_dict(source.state_dict())


def take_over(source: Weighted, norms: Sequence[nn.Module], target: Weighted) -> None:
    """Write the weights of a layer, scaled and shifted as the normalisations after it do, into another."""
    groups = source.groups if isinstance(source, Transposed) else 0
    weight, bias = outputs_first(source.weight, groups), source.bias
    for norm in norms:
        assert isinstance(norm, Norm), f"{type(norm).__name__} has no running statistics"
        mean, variance = norm.running_mean, norm.running_var
        assert mean is not None
        assert variance is not None
        weight, bias = fuse_conv_bn_weights(weight, bias, mean, variance, norm.eps, norm.weight, norm.bias)
    assert bias is not None
    assert target.bias is not None
    target.weight.copy_(outputs_first(weight, groups))
    target.bias.copy_(bias)


def outputs_first(weight: Tensor, groups: int) -> Tensor:
    """A transposed convolution's weights, in × out/groups × …, as out × in/groups × …, and back again."""
    if not groups:
        return weight
    return weight.reshape(groups, -1, *weight.shape[1:]).transpose(1, 2).flatten(0, 1)


def weighted(module: nn.Module) -> Weighted:
    """The layer with the weights: a convolution may stand behind a pad."""
    layer = module.inner if isinstance(module, PaddedInput) else module
    assert isinstance(layer, Weighted), f"{type(layer).__name__} takes over no normalisation"
    return layer
