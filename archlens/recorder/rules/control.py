"""Operators that run functions: branches, loops, and attention whose scores a function changes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from warnings import warn

import torch
from torch import Tensor

from archlens.errors import OperatorError
from archlens.ops import Shape, Unknown
from archlens.recorder.arguments import tensors_in
from archlens.recorder.dynamic import Attention
from archlens.recorder.fake_tensor import FakeTensor, contiguous
from archlens.recorder.rules.table import aten

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten("higher order")
def higher_order(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """What such an operator runs is recorded where it is known which of its functions run, and how often."""
    if call.name == "flex_attention":
        return flexible(call, *args)
    with call.recorder:
        if call.name.startswith("wrap_with"):
            inner = next(position for position, value in enumerate(args) if callable(value))
            return args[inner](*args[inner + 1 :], **kwargs)
        if call.name in RUN:
            return RUN[call.name](call, *args)
    raise OperatorError(f"PyTorch's {call.name} runs functions that cannot be recorded")


def branches(
    call: "Call", condition: Any, when: Callable[..., Any], otherwise: Callable[..., Any], operands: Any
) -> Any:
    """`torch.cond`: the branch that runs; where elements decide, the costlier one, which is said."""
    recorder, tape = call.recorder, call.tape
    if not isinstance(condition, Tensor) or (not recorder.real and recorder.known(condition)):
        return (when if condition else otherwise)(*operands)
    for x in tensors_in((condition, operands)):
        tape.position(recorder.value(x))  # makes it a node now: what comes behind it may be taken back
    start = len(tape.entries)
    when(*operands)
    first = tape.work_since(start)
    tape.take_back(start)
    made = otherwise(*operands)
    second = tape.work_since(start)
    if first > second:
        tape.take_back(start)
        made = when(*operands)
    (least, _), (most, _) = sorted((first, second))
    where = f"{tape.scope}: " if tape.scope else ""
    warn(
        f"{where}elements decide which branch of torch.cond runs: the costlier one is counted, with {most:,} "
        f"multiply-adds; the other has {least:,}",
        stacklevel=8,
    )
    return made


def loop(
    call: "Call", goes_on: Callable[..., Any], body: Callable[..., Any], carried: Any, others: Any
) -> Any:
    """`while_loop`: as many passes as its condition says, whose elements must be there."""
    while goes_on(*carried, *others):
        carried = body(*carried, *others)
    return tuple(carried)


def scan(
    call: "Call", combine: Callable[..., Any], carried: Sequence[Any], xs: Sequence[Tensor], others: Any
) -> Any:
    """A pass for each part of its inputs along their first axis; what each gives is stacked."""
    count = len(carried)
    rows = list[Sequence[Any]]()
    for step in range(xs[0].shape[0]):
        made = combine(*carried, *[x.select(0, step) for x in xs], *others)
        carried = made[:count]
        rows.append(made[count:])
    return (*carried, *stacked(rows))


def mapped(call: "Call", function: Callable[..., Any], xs: Sequence[Tensor], others: Any) -> Any:
    """A `map` over the first axis: a pass for each part of it, none of which knows another."""
    found = [function(*[x.select(0, step) for x in xs], *others) for step in range(xs[0].shape[0])]
    return stacked([(made,) if isinstance(made, Tensor) else made for made in found])


def stacked(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """What every pass gave, one tensor an output."""
    return tuple(
        torch.stack(column) if isinstance(column[0], Tensor) else column[0]
        for column in map(list, zip(*rows, strict=True))
    )


RUN: dict[str, Callable[..., Any]] = {"cond": branches, "while_loop": loop, "scan": scan, "map_impl": mapped}


def flexible(call: "Call", q: Tensor, k: Tensor, v: Tensor, score_mod: Any, *args: Any) -> Any:
    """Attention in full, whatever its blocks leave out. What changes its scores is not known."""
    shape: Shape = (*q.shape[:-1], v.shape[-1])
    node = call.emit(Attention("attention", shape), (q, k, v))
    if score_mod.__name__ != "_identity":
        node = call.tape.emit(Unknown("score_mod", shape), [call.tape.value(node)])
    if call.real:
        return call.tensors(node, call.result())
    rows = FakeTensor(shape[:-1], contiguous(shape[:-1]), torch.float32, q.device)
    return call.tensors(node, (FakeTensor(shape, contiguous(shape), q.dtype, q.device), rows, rows))
