"""Operators without a rule here: the user's own, or nobody's."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops import Shape, Unknown
from archlens.recorder.arguments import tensors_in
from archlens.recorder.custom import custom_rules
from archlens.recorder.dynamic import Attention
from archlens.recorder.ghost import Ghost, contiguous
from archlens.recorder.operators import Ruled
from archlens.recorder.rules.table import aten

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten("unknown")
def unknown(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """Its output is known and its cost is not: totals become lower bounds."""
    made = outputs(call)
    changed = None if made else written(call)
    if not made and changed is None:
        return call.result()  # a question, such as which kernel would run
    shape: Shape = tuple((made[0] if changed is None else changed).shape)
    node = call.emit(Unknown(call.name, shape), tensors_in((args, kwargs)))
    if changed is not None:
        call.tape.write(call.value(changed), node)
    return finished(call, node)


@aten("composite")
def composite(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """The operators that it consists of. PyTorch shows these itself, unless in inference mode."""
    with call.recorder:
        return call.func.decompose(*call.args, **call.kwargs)


def written(call: "Call") -> Tensor | None:
    """The tensor that an operator without outputs writes into, if it does."""
    for argument, value in zip(call.func._schema.arguments, call.args, strict=False):
        if argument.alias_info is not None and argument.alias_info.is_write and isinstance(value, Tensor):
            return value
    return None


@aten("user's")
def ruled(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """What the user's rule says: see `archlens.rule`."""
    inputs = list(tensors_in((args, kwargs)))
    made = outputs(call)
    shapes = tuple(tuple(x.shape) for x in made)
    named = {
        argument.name: args[position] if position < len(args) else kwargs.get(argument.name)
        for position, argument in enumerate(call.func._schema.arguments)
    }
    cost: object = custom_rules[call.name](tuple(tuple(x.shape) for x in inputs), shapes, named)
    if not isinstance(cost, Cost):
        raise OperatorError(f"the rule of {call.name} gives {type(cost).__name__}, not an archlens.Cost")
    node = call.emit(Ruled(call.name, shapes[0] if shapes else (), cost), inputs)
    return finished(call, node)


@aten("higher order")
def higher_order(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """An operator that runs functions: what they do is recorded where it is known which of them runs."""
    if call.name.startswith("wrap_with"):
        inner = next(position for position, value in enumerate(args) if callable(value))
        with call.recorder:
            return args[inner](*args[inner + 1 :], **kwargs)
    if call.name == "cond":
        condition, when, otherwise, operands = args
        with call.recorder:
            return (when if condition else otherwise)(*operands)
    if call.name == "flex_attention":
        return flexible(call, *args)
    raise OperatorError(f"PyTorch's {call.name} runs functions that cannot be recorded")


def flexible(call: "Call", q: Tensor, k: Tensor, v: Tensor, score_mod: Any, *args: Any) -> Any:
    """Attention in full, whatever its blocks leave out. What changes its scores is not known."""
    shape: Shape = (*q.shape[:-1], v.shape[-1])
    node = call.emit(Attention("attention", shape), (q, k, v))
    if score_mod.__name__ != "_identity":
        node = call.tape.emit(Unknown("score_mod", shape), [call.tape.value(node)])
    if call.real:
        return call.tensors(node, call.result())
    rows = Ghost(shape[:-1], contiguous(shape[:-1]), torch.float32, q.device)
    return call.tensors(node, (Ghost(shape, contiguous(shape), q.dtype, q.device), rows, rows))


def outputs(call: "Call") -> list[Tensor]:
    """The tensors that come out."""
    return list(tensors_in(call.place if call.place is not None and not call.real else call.result()))


def finished(call: "Call", node: int) -> Any:
    """What PyTorch gets back, noted as the node's."""
    if call.place is not None:
        return call.overwritten(node)
    made = call.result()
    if isinstance(made, Tensor):
        return call.tensor(node)
    return call.tensors(node, made) if isinstance(made, list | tuple) else made
