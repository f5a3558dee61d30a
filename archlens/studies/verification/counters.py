"""Other counters on PyTorch modules, and what each of them passes over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from warnings import catch_warnings

from archlens.errors import MissingDependencyError

try:
    import torch
    from torch import nn

    with catch_warnings(action="ignore", category=DeprecationWarning):  # fvcore's, of torch.jit
        from fvcore.nn import FlopCountAnalysis
except ImportError as error:
    raise MissingDependencyError(
        f"verifying needs PyTorch and fvcore ({error.name} is missing)", extra="verify"
    ) from error

__all__ = ["FVCORE", "TORCH", "TORCH_PASSES_OVER", "Counted", "fvcore"]

TORCH = "torch.utils.flop_counter / 2"
FVCORE = "fvcore"

PRODUCTS = ("conv", "linear", "matmul", "bmm", "addmm", "einsum")
"""What fvcore calls convolutions, linear layers and matrix products; it adds normalisation and more."""

LOST = 1 / 2000
"""What rounding may take of an einsum, whose count fvcore reads off four digits that NumPy prints."""

VECTORS = frozenset({"mv", "dot", "vdot", "addmv", "bilinear", "_trilinear", "addbmm"})
DISTANCES = frozenset({"cdist", "pdist", "_cdist_forward", "_euclidean_dist", "_pdist_forward"})
FUSED = frozenset(
    {
        "_native_multi_head_attention",
        "_transformer_encoder_layer_fwd",
        "mkldnn_rnn_layer",
        "quantized_gru",
        "quantized_lstm",
    }
)

TORCH_PASSES_OVER = VECTORS | DISTANCES | FUSED | {"_scaled_dot_product_flash_attention_for_cpu"}
"""Operators with dot products that PyTorch's counter has no formula for."""

FVCORE_PASSES_OVER = VECTORS | DISTANCES | FUSED | {"baddbmm", "scaled_dot_product_attention"}
RECURRENT = re.compile(r"(lstm|gru|rnn_\w+?)(_cell)?")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a counter came to.

    multiply_adds  as it counts them; None where it cannot run
    passed_over    operators that ran, that have or may have dot products, and that it does not count
    failed         why it cannot run, in one line
    rounded        how much of it may be rounding
    """

    multiply_adds: int | None
    passed_over: tuple[str, ...] = ()
    failed: str = ""
    rounded: int = 0


def fvcore(module: nn.Module, inputs: Sequence[Any]) -> Counted:
    """fvcore's count of convolutions, linear layers and matrix products. It traces a run in earnest."""
    with torch.no_grad(), catch_warnings(action="ignore"):
        counts = FlopCountAnalysis(module, tuple(inputs))
        counts.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")
        try:
            by_operator = counts.by_operator()
        except Exception as error:
            said = next(iter(str(error).strip().splitlines()), "no reason given")
            return Counted(None, failed=f"{type(error).__name__}: {said}")
        passed_over = tuple(sorted(filter(has_products, counts.unsupported_ops())))
    counted = int(sum(by_operator[kind] for kind in PRODUCTS))
    return Counted(counted, passed_over, rounded=ceil(by_operator["einsum"] * LOST))


def has_products(operator: str) -> bool:
    """Whether an operator of a trace has dot products, or is one that only its author knows."""
    namespace, _, name = operator.partition("::")
    if namespace not in ("aten", "prim", "prims"):
        return True
    return name in FVCORE_PASSES_OVER or bool(RECURRENT.fullmatch(name)) or name.startswith("PythonOp")
