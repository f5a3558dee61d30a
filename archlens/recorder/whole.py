"""Operators that are recorded as one, which PyTorch would take apart before a recording sees them.

A recurrent layer is a loop over its steps in one place, a call of a library in another. Attention is one
kernel on the CPU, another on a GPU, and several operators on the meta device or with dropout. A pooling along
one axis is one along two, of which the first has length 1. A batch normalisation makes room for what some
libraries keep beside it. What they cost must not depend on where they happen to run, so they are caught
before PyTorch decides.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

__all__ = ["Whole", "choosing"]

OPERATORS = (
    "lstm", "gru", "rnn_tanh", "rnn_relu", "scaled_dot_product_attention", "max_pool1d", "avg_pool1d",
    "max_pool1d_with_indices", "adaptive_avg_pool1d", "adaptive_max_pool1d",
    "batch_norm",
)  # fmt: skip
"""The operators, as PyTorch's dispatcher calls them. Each has a rule under its name."""

CONVOLUTIONS = (
    "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
)  # fmt: skip
"""Operators that are taken apart where their numbers are complex: into three convolutions of real ones."""

CHOOSING = (nn.MultiheadAttention, nn.TransformerEncoderLayer, nn.TransformerEncoder)
"""Modules of PyTorch that run as one operator where they may: not where somebody watches their functions."""


class Whole(TorchFunctionMode):
    """While the block of `with` runs, PyTorch does not take apart the operators that are recorded as one.

    PyTorch takes an operator apart on the way to its gradient's formula. Where nobody asks for a gradient
    that part of the way can be left out. With gradients enabled all is left as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.operators, self.convolutions = caught(OPERATORS), caught(CONVOLUTIONS)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if (
            not (func in self.operators or (func in self.convolutions and of_complex(args, kwargs)))
            or torch.is_grad_enabled()
        ):
            return func(*args, **kwargs or {})
        with torch._C._AutoDispatchBelowAutograd():
            return func(*args, **kwargs or {})


def of_complex(args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> bool:
    """Whether what a function is called with first, or as its input, is a tensor of complex numbers."""
    x = args[0] if args else (kwargs or {}).get("input")
    return isinstance(x, torch.Tensor) and x.is_complex()


def choosing(module: nn.Module, forward: Callable[..., Any]) -> Callable[..., Any]:
    """The forward of a PyTorch module that picks its way by the mode that is active, and must not see
    `Whole`.
    """
    if not isinstance(module, CHOOSING):
        return forward

    def run(*args: Any, **kwargs: Any) -> Any:
        if torch.is_grad_enabled():
            return forward(*args, **kwargs)
        with torch._C.DisableTorchFunction(), torch._C._AutoDispatchBelowAutograd():
            return forward(*args, **kwargs)

    return run


@cache
def caught(names: tuple[str, ...]) -> frozenset[Any]:
    """Every way to call these operators: Python's functions, and all overloads of the dispatcher's.

    Functions that call them in turn are among these: multi-head attention.
    """
    found: set[Any] = {functional.multi_head_attention_forward}
    for name in names:
        packet = getattr(torch.ops.aten, name)
        found |= {packet, *(getattr(packet, overload) for overload in packet.overloads())}
        places = (torch, torch._C._VariableFunctions, functional)
        found |= {getattr(place, name) for place in places if hasattr(place, name)}
    return frozenset(found)
