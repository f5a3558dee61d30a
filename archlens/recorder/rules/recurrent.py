"""LSTM layers that PyTorch runs as one operator; others it takes apart into their steps."""

from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens.recorder.recurrent import Recurrent
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import unknown

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []

LSTM = 2


@aten("mkldnn_rnn_layer")
def layer(
    call: "Call", x: Tensor, w1: Tensor, w2: Tensor, b1: Tensor, b2: Tensor, h: Tensor, c: Tensor,
    reverse: bool, sizes: list[int], mode: int, hidden: int, *args: Any,
) -> Any:  # fmt: skip
    """One layer in one direction."""
    learnt = [call.weight(weight) for weight in (w1, w2, b1, b2)]
    bias = sum(weight.elements for weight in learnt[2:] if weight is not None)
    if mode != LSTM or learnt[0] is None or learnt[1] is None:
        return unknown(call, x, h, c)
    made = call.result()
    op = Recurrent("lstm", tuple(made[0].shape), hidden, bias=bias)
    return call.tensors(call.emit(op, (x, h, c), learnt), made)
