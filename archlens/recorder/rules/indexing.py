"""Elements picked by number: embeddings, indices, scatters."""

from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens.ops import Span
from archlens.ops.rearrangement import Along, Picked, Rearrangement
from archlens.recorder.arguments import tensors_in
from archlens.recorder.dynamic import Embedding
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError, contiguous
from archlens.recorder.operators import Computed, Copied
from archlens.recorder.rules.table import aten
from archlens.recorder.strides import like, packed

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten("embedding")
def embedding(call: "Call", weight: Tensor, indices: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Rows of a table, picked by their numbers; the table is a learnable weight or any other tensor."""
    made = call.result()
    shape = tuple(made.shape)
    learnt = call.weight(weight)
    if learnt is None:
        return call.tensor(call.emit(Copied("embedding", shape, indices=indices.numel()), (weight, indices)))
    op = Embedding("embedding", shape, weight.shape[0], weight.shape[1])
    return call.tensor(call.emit(op, (indices,), (learnt,)))


@aten("_jagged_to_padded_dense_forward", "_padded_dense_to_jagged_forward")
def padded(call: "Call", x: Tensor, offsets: list[Tensor], *args: Any) -> Any:
    """Rows of several samples, one behind the other, laid out with gaps, or taken out of these."""
    made = call.result()
    op = Copied(
        "pad_rows",
        tuple(made.shape),
        made.numel(),
        sum(map(torch.numel, offsets)),
        min(x.numel(), made.numel()),
    )
    return call.tensor(call.emit(op, (x,)))


@aten("embedding_renorm")
def renormed(call: "Call", weight: Tensor, indices: Tensor, *args: Any) -> Tensor:
    """The rows that an embedding with `max_norm` shortens before it picks them; the table keeps them."""
    rows = (indices.numel(), weight.shape[1])
    call.tape.emit(Computed("renorm", rows), [call.value(indices)])
    return weight


@aten("_embedding_bag", "_embedding_bag_forward_only", "embedding_bag")
def embedding_bag(call: "Call", weight: Tensor, indices: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Rows picked, then added up or averaged."""
    made = call.result()
    learnt = call.weight(weight)
    picked = (indices.numel(), weight.shape[1])
    if learnt is None:
        rows = call.emit(Copied("embedding", picked, indices=indices.numel()), (weight, indices))
    else:
        rows = call.emit(Embedding("embedding", picked, *weight.shape), (indices,), (learnt,))
    # Where bags begin is read, too, and what their rows are multiplied by.
    others = [call.value(x) for x in numbers(args, kwargs)]
    node = call.tape.emit(Computed("bag", tuple(made[0].shape)), [call.tape.value(rows), *others])
    return call.tensors(node, made)


@aten("gather", "index_select", "take", "index", "_unsafe_index")
def picked(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Elements of one tensor that others number, copied."""
    indices = [index for index in numbers(args, kwargs) if index is not x]
    if any(index.dtype in (torch.bool, torch.uint8) for index in indices) and not call.real:
        raise ValuesNeededError("a mask picks elements")
    shape = tuple(call.result().shape)
    count = sum(index.numel() for index in indices)
    op = Copied(call.name, shape, indices=count, steps=chosen(call, x, args))
    return call.tensor(call.emit(op, (x, *indices)))


def chosen(call: "Call", x: Tensor, args: Any) -> Rearrangement | None:
    """Which elements are picked along an axis, where the numbers that pick them are known."""
    if call.name == "index_select":
        axis, index = args[0] % x.dim(), args[1]
    else:
        found = args[0] if args and isinstance(args[0], list | tuple) else ()
        given = [(axis, index) for axis, index in enumerate(found) if index is not None]
        if call.name not in ("index", "_unsafe_index") or len(given) != 1:
            return None
        axis, index = given[0]
    if index.dim() != 1 or index.dtype is torch.bool or not index.numel() or not call.recorder.known(index):
        return None
    numbered = [number % x.shape[axis] for number in index.tolist()]
    step = numbered[1] - numbered[0] if len(numbered) > 1 else 1
    even = numbered == [numbered[0] + step * place for place in range(len(numbered))]
    return (Along(axis, Span.every(step, numbered[0])),) if even else (Picked(axis, tuple(numbered)),)


@aten(
    "index_put", "_unsafe_index_put", "_index_put_impl", "scatter", "scatter_add", "scatter_reduce",
    "index_copy", "index_fill", "index_add", "masked_scatter", "select_scatter", "slice_scatter", "put",
    "diagonal_scatter", "as_strided_scatter",
)  # fmt: skip
def put(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Elements that are written where others number.

    In place, only these elements move; otherwise the whole tensor is copied first.
    """
    others = list(numbers(args, kwargs))
    moved = max((other.numel() for other in others), default=0)
    elements = moved if call.place is not None else prod(x.shape)
    indices = sum(other.numel() for other in others if not other.dtype.is_floating_point)
    node = call.emit(Copied(call.name.strip("_"), tuple(x.shape), elements, indices), (x, *others))
    return call.tensor(node, x, packed if call.name.startswith("scatter") else like)


@aten("_pack_padded_sequence")
def pack(call: "Call", x: Tensor, lengths: Tensor, batch_first: bool = False) -> Any:
    """`pack_padded_sequence`: sequences of different lengths, laid out step by step without their padding."""
    if call.real or not call.recorder.known(lengths):
        made = call.result()
    else:
        steps = lengths.tolist()
        running = [sum(length > step for length in steps) for step in range(max(steps))]
        shape = (sum(steps), *x.shape[2:])
        made = (FakeTensor(shape, contiguous(shape), x.dtype, x.device), torch.tensor(running))
    return call.tensors(call.emit(Copied("pack", tuple(made[0].shape)), (x, lengths)), made)


def numbers(args: Any, kwargs: Any) -> list[Tensor]:
    """The tensors among the arguments behind the first, in lists, too."""
    return list(tensors_in((args, kwargs)))
