"""Layers with packed integer weights, as `torch.ao.quantization` makes them."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.recorder.ghost import Ghost, contiguous
from archlens.recorder.rules.table import aten
from archlens.recorder.value import Learnable, Weight

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten(
    "quantized::linear_dynamic", "quantized::linear_relu_dynamic", "quantized::linear_dynamic_fp16",
    "quantized::linear", "quantized::linear_relu",
)  # fmt: skip
def linear(call: "Call", x: Tensor, packed: Any, *args: Any, **kwargs: Any) -> Any:
    """Its weights are no parameters to PyTorch once they are packed, and are to us."""
    weight, bias = torch.ops.quantized.linear_unpack(packed)
    owner = Learnable(call.tape.scope, f"packed{id(packed)}", weight.numel() + (bias is not None) * len(bias))
    learnt = [Weight(owner, 0, owner.elements)]
    node = call.tape.emit(ops.Linear(weight.shape[0], bias is not None), [call.value(x)], learnt)
    if call.real:
        return call.tensor(node)
    shape = (*x.shape[:-1], weight.shape[0])
    made = Ghost(shape, contiguous(shape), x.dtype, x.device)
    call.recorder.attach(made, call.tape.value(node))
    return made
