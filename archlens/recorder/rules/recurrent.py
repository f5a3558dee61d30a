"""Recurrent layers, each as one operator, however many kernels PyTorch or a library of its runs them by."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens.ops import Shape
from archlens.recorder.fake_tensor import FakeTensor, contiguous
from archlens.recorder.operators import Pointwise, Viewed
from archlens.recorder.recurrent import Recurrent
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import unknown
from archlens.recorder.value import Value

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__ = ["ending", "state_of"]

LSTM = 2


@aten("lstm", "gru", "rnn_tanh", "rnn_relu")
def layers(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """All layers of a recurrent network, a node each. Sequences of different lengths come packed."""
    named = dict(zip((argument.name for argument in call.func._schema.arguments[1:]), args, strict=False))
    named |= kwargs
    states = named["hx"] if isinstance(named["hx"], list | tuple) else [named["hx"]]
    directions = 1 + bool(named["bidirectional"])
    weights: Sequence[Tensor] = named["params"]
    cells = named["num_layers"] * directions
    each = len(weights) // cells
    value = call.value(x)
    for layer in range(named["num_layers"]):
        first = layer * directions
        if layer and named["train"] and named["dropout"]:
            value = call.tape.value(call.tape.emit(Pointwise("dropout", value.shape), [value]))
        own = weights[first * each : (first + directions) * each]
        given = [state_of(call, state, directions) for state in states]
        value = one_layer(call, value, given, own, directions, named)
    return ending(call, value, states, like=x, batch_first=bool(named.get("batch_first")))


def one_layer(
    call: "Call",
    value: Value,
    states: Sequence[Value],
    weights: Sequence[Tensor],
    directions: int,
    named: dict[str, Any],
) -> Value:
    """The node of one layer: its weights are those of x, of the state, biases, a projection's at the end."""
    each = len(weights) // directions
    learnt = [call.weight(weight) for weight in weights]
    computed = [weight for weight, own in zip(weights, learnt, strict=True) if own is None]
    biases = [weight for at, weight in enumerate(weights) if weight.dim() == 1 and at % each > 1]
    hidden = weights[0].shape[0] // (4 if call.name == "lstm" else 3 if call.name == "gru" else 1)
    projection = weights[each - 1].shape[0] if each in (3, 5) else 0
    if "batch_sizes" in named:
        steps = named["batch_sizes"].shape[0]
    else:
        steps = value.shape[1 if named["batch_first"] else 0]
    shape = (*value.shape[:-1], directions * (projection or hidden))
    op = Recurrent(
        call.name.partition("_")[0],
        shape,
        hidden,
        directions,
        bias=sum(bias.numel() for bias in biases),
        projection=projection,
        steps=steps,
        computed=sum(weight.numel() for weight in computed),
    )
    inputs = [value, *states, *map(call.value, computed)]
    return call.tape.value(call.tape.emit(op, inputs, [weight for weight in learnt if weight is not None]))


def state_of(call: "Call", state: Tensor, directions: int) -> Value:
    """The part of a first state that is a layer's: one matrix a direction."""
    part: Shape = (directions, *state.shape[1:])
    whole = call.value(state)
    return whole if part == whole.shape else call.tape.view(whole, Viewed("select", part), part)


def ending(call: "Call", value: Value, states: Sequence[Tensor], like: Tensor, batch_first: bool) -> Any:
    """What PyTorch gets back: the outputs of the last layer, and the last states of all."""
    node = call.tape.position(value)
    if call.real:
        return call.tensors(node, call.result())
    shape = value.shape
    strides = contiguous(shape)
    if batch_first:
        batch, _, features = shape
        strides = [features, batch * features, 1]
    made = [FakeTensor(shape, strides, like.dtype, like.device)]
    made += [FakeTensor(state.shape, contiguous(state.shape), like.dtype, like.device) for state in states]
    return call.tensors(node, tuple(made))


@aten("mkldnn_rnn_layer")
def layer(
    call: "Call", x: Tensor, w1: Tensor, w2: Tensor, b1: Tensor, b2: Tensor, h: Tensor, c: Tensor,
    reverse: bool, sizes: list[int], mode: int, hidden: int, *args: Any,
) -> Any:  # fmt: skip
    """One layer in one direction, where a caller runs the library's operator by itself."""
    learnt = [call.weight(weight) for weight in (w1, w2, b1, b2)]
    bias = sum(weight.elements for weight in learnt[2:] if weight is not None)
    if mode != LSTM or learnt[0] is None or learnt[1] is None:
        return unknown(call, x, h, c)
    made = call.result()
    op = Recurrent("lstm", tuple(made[0].shape), hidden, bias=bias, steps=x.shape[0])
    return call.tensors(call.emit(op, (x, h, c), learnt), made)
