"""Operators without a rule here: the user's own, or nobody's."""

from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops import Shape, Unknown
from archlens.recorder.arguments import tensors_in
from archlens.recorder.custom import custom_rules
from archlens.recorder.operators import Ruled
from archlens.recorder.rules.table import aten

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__ = ["composite", "finished", "outputs"]


@aten("unknown")
def unknown(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """An operator without a rule: its output is known, its cost is not, and totals become lower bounds."""
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
    """The operators that a composite one consists of.

    PyTorch shows them to a recording by itself, but not in inference mode.
    """
    with call.recorder:
        return call.func.decompose(*call.args, **call.kwargs)


def written(call: "Call") -> Tensor | None:
    """The tensor that an operator without outputs writes its result into, if it does."""
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


def outputs(call: "Call") -> list[Tensor]:
    """The tensors that come out."""
    return list(tensors_in(call.place if call.place is not None and not call.real else call.result()))


def finished(call: "Call", node: int) -> Any:
    """The outputs as PyTorch expects them, each noted as one of the node's."""
    if call.place is not None:
        return call.overwritten(node)
    made = call.result()
    if isinstance(made, Tensor):
        return call.tensor(node)
    return call.tensors(node, made) if isinstance(made, list | tuple) else made
