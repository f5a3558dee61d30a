"""Matrix products: linear layers where one side is a weight."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Reshape
from archlens.recorder.arguments import tensors_in
from archlens.recorder.dynamic import Distances, Products, SparseProduct, Trilinear
from archlens.recorder.operators import Viewed
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import unknown
from archlens.recorder.strides import packed
from archlens.recorder.value import Value, Weight

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__ = ["linear", "matrix_product"]


@aten("mm", "bmm", "_int_mm")
def product(call: "Call", a: Tensor, b: Tensor) -> Any:
    """A linear layer if the right side is a weight."""
    check(a, b)
    if torch.strided not in (a.layout, b.layout) or a.layout is not b.layout:
        return sparse(call, a, b)
    weight = call.weight(b)
    if weight is not None and b.dim() == 2:
        return call.tensor(linear(call, call.value(a), b.shape[1], weight, None), like(call, a), packed)
    return call.tensor(matrix_product(call, call.value(a), call.value(b)), like(call, a), packed)


@aten("addmm", "baddbmm")
def biased(call: "Call", bias: Tensor, a: Tensor, b: Tensor, **kwargs: Any) -> Any:
    """With a bias that is a weight too it is one linear layer, else a product and a sum."""
    check(a, b)
    if a.layout is not b.layout:
        return sparse(call, a, b, bias)
    weight, shift = call.weight(b), call.weight(bias)
    if weight is not None and shift is not None and b.dim() == 2 and shift.elements == b.shape[1]:
        return call.tensor(linear(call, call.value(a), b.shape[1], weight, shift), like(call, a), packed)
    if weight is not None and b.dim() == 2:
        node = linear(call, call.value(a), b.shape[1], weight, None)
    else:
        node = matrix_product(call, call.value(a), call.value(b))
    whole = call.tape.value(node)
    flat = (*a.shape[:-1], b.shape[-1])
    rows = call.tape.view(whole, Reshape(flat), flat)
    return call.tensor(call.tape.emit(ops.Add(), [rows, call.value(bias)]), like(call, a), packed)


@aten("_sparse_addmm")
def sparse_and_sum(call: "Call", bias: Tensor, a: Tensor, b: Tensor, **kwargs: Any) -> Any:
    """`torch.sparse.mm`, which adds to nothing: its sum is of zeros, times 0."""
    return sparse(call, a, b, *(() if kwargs.get("beta") == 0 else (bias,)))


def sparse(call: "Call", a: Tensor, b: Tensor, *others: Tensor) -> Any:
    """A product of which one side or both hold only the elements that are not zero."""
    if torch.strided not in (a.layout, b.layout):
        return unknown(call, *call.args, **call.kwargs)  # how many terms meet depends on where they are
    held = b if a.layout is torch.strided else a
    values = held._values() if held.layout is torch.sparse_coo else held.values()
    shape = (a.shape[0], b.shape[1])
    columns = b.shape[1] if held is a else a.shape[0]
    op = SparseProduct("sparse_product", shape, values.numel() * columns, stored(held, values))
    return call.tensor(call.emit(op, (held, a if held is b else b, *others)))


def stored(x: Tensor, values: Tensor) -> int:
    """How many elements a sparse matrix consists of: the values, and where they stand."""
    if x.layout is torch.sparse_coo:
        return values.numel() + x._indices().numel()
    by_rows = x.layout in (torch.sparse_csr, torch.sparse_bsr)
    places = (x.crow_indices(), x.col_indices()) if by_rows else (x.ccol_indices(), x.row_indices())
    return values.numel() + sum(each.numel() for each in places)


@aten("addbmm")
def summed(call: "Call", bias: Tensor, a: Tensor, b: Tensor, **kwargs: Any) -> Any:
    """Products of matrices, added up: one product of all of them side by side. Then a sum."""
    check(a, b)
    batch, rows, inner = a.shape
    turned, wide, high = (rows, batch, inner), (rows, batch * inner), (batch * inner, b.shape[2])
    left = call.tape.view(
        call.tape.view(call.value(a), ops.Transpose((1, 0, 2)), turned), Reshape(wide), wide
    )
    node = matrix_product(call, left, call.tape.view(call.value(b), Reshape(high), high))
    return call.tensor(call.tape.emit(ops.Add(), [call.tape.value(node), call.value(bias)]))


@aten("linear", "mkldnn_linear")
def whole_linear(call: "Call", x: Tensor, w: Tensor, bias: Tensor | None = None) -> Any:
    """Where PyTorch does not take it apart: weights are out × in."""
    weight, shift = call.weight(w), call.weight(bias)
    if weight is None or (bias is not None and shift is None) or x.dim() < 2:
        shape = (*x.shape[:-1], w.shape[0])
        order = call.tape.view(call.value(w), ops.Transpose((1, 0)), (w.shape[1], w.shape[0]))
        rows = call.tape.view(
            call.value(x),
            Reshape((x.numel() // x.shape[-1], x.shape[-1])),
            (x.numel() // x.shape[-1], x.shape[-1]),
        )
        node = matrix_product(call, rows, order)
        if bias is not None:
            node = call.tape.emit(ops.Add(), [call.tape.value(node), call.value(bias)])
        made = call.result()
        call.recorder.attach(made, call.tape.view(call.tape.value(node), Reshape(shape), shape))
        return made
    return call.tensor(linear(call, call.value(x), w.shape[0], weight, shift), x, packed)


@aten("mv", "dot", "vdot")
def vectors(call: "Call", a: Tensor, b: Tensor) -> Any:
    """A product with a vector, as one column."""
    column = call.tape.view(call.value(b), Reshape((b.numel(), 1)), (b.numel(), 1))
    left = call.value(a)
    if a.dim() == 1:
        left = call.tape.view(left, Reshape((1, a.numel())), (1, a.numel()))
    node = matrix_product(call, left, column)
    made = call.result()
    shape = tuple(made.shape)
    call.recorder.attach(made, call.tape.view(call.tape.value(node), Viewed("vector", shape), shape))
    return made


@aten("addmv")
def biased_vectors(call: "Call", bias: Tensor, a: Tensor, b: Tensor, **kwargs: Any) -> Any:
    """A product with a vector, and a sum."""
    column = call.tape.view(call.value(b), Reshape((b.numel(), 1)), (b.numel(), 1))
    node = matrix_product(call, call.value(a), column)
    shape = (a.shape[0],)
    vector = call.tape.view(call.tape.value(node), Reshape(shape), shape)
    return call.tensor(call.tape.emit(ops.Add(), [vector, call.value(bias)]))


@aten("_trilinear")
def trilinear(call: "Call", x: Tensor, w: Tensor, y: Tensor, *args: Any) -> Any:
    """`torch.nn.functional.bilinear`; what else it can do is not known."""
    if [list(axes) for axes in args[:4]] != [[1, 3], [0], [1, 2], [2, 3]]:
        return unknown(call, x, w, y, *args)
    return call.tensor(call.emit(Trilinear("bilinear", tuple(call.result().shape)), (x, w, y)))


@aten("_cdist_forward", "_euclidean_dist")
def distances(call: "Call", x: Tensor, y: Tensor, norm: float = 2.0, *args: Any) -> Any:
    """Of each row of one matrix from each of another."""
    return call.tensor(call.emit(Distances("cdist", tuple(call.result().shape), norm), (x, y)))


@aten("_pdist_forward")
def own_distances(call: "Call", x: Tensor, norm: float = 2.0) -> Any:
    """Of the rows of one matrix from each other."""
    return call.tensor(call.emit(Distances("pdist", tuple(call.result().shape), norm), (x,)))


def linear(call: "Call", x: Value, out: int, weight: Weight, bias: Weight | None) -> int:
    """The node of a linear layer, over as many axes as the input had before PyTorch laid them together."""
    op = ops.Linear(out, bias is not None)
    source = unfolded(call, x)
    if source is not None and source.shape[-1] == x.shape[-1]:
        x = source
    return call.tape.emit(op, [x], [weight] if bias is None else [weight, bias])


def matrix_product(call: "Call", a: Value, b: Value) -> int:
    """The node of a product of two tensors, over as many axes as both had."""
    left, right = unfolded(call, a), unfolded(call, b)
    if left is None or right is None or left.shape[:-2] != right.shape[:-2]:
        return call.tape.emit(ops.MatrixProduct(), [a, b])
    if left.shape[-2:] == a.shape[-2:] and right.shape[-2:] == b.shape[-2:]:
        a, b = left, right
    return call.tape.emit(ops.MatrixProduct(), [a, b])


def unfolded(call: "Call", x: Value) -> Value | None:
    """What a matrix was before PyTorch merged its first axes into one for this product."""
    source = x.parent
    if source is None or not isinstance(x.view, Reshape) or x.scope != call.tape.scope:
        return None
    return source if len(source.shape) > 2 and source.version == source.storage.version else None


def like(call: "Call", a: Tensor) -> Tensor | None:
    """The tensor whose type and layout the output has."""
    entry = call.tape.entries[-1]
    return a if len(entry.shape) == a.dim() and call.name != "_int_mm" else None


def check(a: Tensor, b: Tensor) -> None:
    """The checks of shapes and types that PyTorch makes in its kernels, which fake tensors do not run."""
    if a.shape[-1] != b.shape[-2]:
        raise OperatorError(
            f"{'×'.join(map(str, a.shape))} and {'×'.join(map(str, b.shape))} cannot be multiplied"
        )


@aten(
    "_scaled_mm", "_scaled_mm_v2", "_weight_int8pack_mm", "_weight_int4pack_mm",
    "_weight_int4pack_mm_for_cpu", "_weight_int4pack_mm_with_scales_and_zeros", "_mixed_dtypes_linear",
    "_dyn_quant_matmul_4bit",
)  # fmt: skip
def scaled(call: "Call", a: Tensor, b: Tensor, *args: Any, **kwargs: Any) -> Any:
    """A product with numbers of few bits, and factors that make them real ones: those are read beside them.

    Packed weights have another shape than the matrix that they stand for: what comes out tells its columns.
    """
    made = call.result()
    others = list(tensors_in((args, kwargs)))
    op = Products("product", tuple(made.shape), a.shape[-1])
    return call.tensor(call.emit(op, (a, b, *others)))


@aten("_grouped_mm", "_scaled_grouped_mm", "_scaled_grouped_mm_v2")
def grouped(call: "Call", a: Tensor, b: Tensor, *args: Any, **kwargs: Any) -> Any:
    """A product for each group of rows or of columns, as mixtures of experts have it.

    Rows in groups, each with a matrix of its own: every row meets one of them. Columns in groups along the
    shared axis: every group has a product of its own, of as many terms as it has columns.
    """
    made = call.result()
    shared = a.shape[-1] if a.dim() + b.dim() != 4 else a.shape[-1] / made.shape[0]
    op = Products("grouped_product", tuple(made.shape), shared)
    return call.tensor(call.emit(op, (a, b, *tensors_in((args, kwargs)))))
