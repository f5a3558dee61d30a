"""Random weights and data under which every activation stays a common number.

Denormal numbers make some networks many times slower, and infinities make a time worth nothing. PyTorch's
default weights shrink a signal at every layer; a hundred layers on it would be denormal.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from archlens.builder.arithmetic import Gain
from archlens.graph import Graph

__all__ = ["random_inputs", "settle"]

WEIGHTED = (nn.modules.conv._ConvNd, nn.Linear, Gain)
NORMALIZED = nn.modules.batchnorm._BatchNorm


def random_inputs(graph: Graph, *, batch: int, device: str, seed: int) -> tuple[Tensor, ...]:
    """Standard normal numbers for every input of the network, at this batch."""
    random = torch.Generator(device).manual_seed(seed)
    return tuple(
        torch.randn((batch, *graph.nodes[i].shape[1:]), generator=random, device=device) for i in graph.inputs
    )


def settle(network: nn.Module, inputs: Sequence[Tensor]) -> None:
    """Scale the weights in place, in one pass, so that each layer puts out values with a deviation of 1.

    Batch normalisations take the mean and the variance of what they are given for their statistics. This is
    layer-sequential unit variance without its orthogonal start (Mishkin and Matas, arXiv 1511.06422).
    """
    hooks = [
        layer.register_forward_hook(scale) for layer in network.modules() if isinstance(layer, WEIGHTED)
    ] + [
        layer.register_forward_pre_hook(observe)
        for layer in network.modules()
        if isinstance(layer, NORMALIZED)
    ]
    try:
        with torch.no_grad():
            network(*inputs)
    finally:
        for hook in hooks:
            hook.remove()


def scale(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
    """Divide weights and bias by the deviation of what they made, and that with them."""
    deviation = output.std(correction=0)
    if not torch.isfinite(deviation) or deviation <= torch.finfo(output.dtype).tiny:
        return output
    for weight in layer.parameters(recurse=False):
        weight.div_(deviation)
    return output / deviation


def observe(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    """One mean and one variance for all channels: a map may be a single number."""
    assert isinstance(layer, NORMALIZED)
    variance = inputs[0].var(correction=0)
    if layer.running_mean is not None and layer.running_var is not None:
        layer.running_mean.fill_(inputs[0].mean())
        layer.running_var.fill_(variance if variance > 0 else 1.0)
