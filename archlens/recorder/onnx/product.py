"""Matrix products: with stored weights they are linear layers."""

from archlens import ops
from archlens.errors import OperatorError
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.contraction import Contraction
from archlens.recorder.onnx.values import Value

__all__ = ["RULES", "multiplied"]


def multiplied(call: Call, a: Value, b: Value, bias: Value | None = None) -> Value:
    """a times b over their last two axes; a linear layer where b is a stored matrix."""
    left, right = a.shape or (), b.shape or ()
    if b.weight and len(right) == 2 and not a.weight and len(left) > 1 and left[-1] == right[0]:
        own = bias is not None and bool(bias.weight) and bias.shape in ((right[1],), (1, right[1]))
        y = call.add(ops.Linear(right[1], own), a, weights=(b, bias) if own else (b,))
        return y if bias is None or own else call.add(ops.Add(), y, bias)
    if len(left) > 1 and len(right) > 1:
        y = call.add(ops.MatrixProduct(), a, b)
    else:
        y = call.add(Contraction(vector_equation(len(left), len(right))), a, b)
    return y if bias is None else call.add(ops.Add(), y, bias)


def vector_equation(left: int, right: int) -> str:
    """The product of a vector and a matrix, or stack of matrices, as Einstein's sum."""
    if not left or not right:
        raise OperatorError("a number cannot be multiplied as a matrix")
    if left == 1:
        return "k,k->" if right == 1 else "k,...kn->...n"
    return "...mk,k->...m"


def matrix_product(call: Call) -> Value:
    """MatMul and MatMulInteger: a linear layer where the second matrix is a weight, else a product."""
    return multiplied(call, call.x, call.needed(1))


def quantized_product(call: Call) -> Value:
    """QLinearMatMul: each matrix with its scale and zero."""
    return multiplied(call, call.x, call.needed(3))


def general_product(call: Call) -> Value:
    """Gemm: a, b, c, of which a and b may be transposed. Its scalars cost nothing."""
    a, b = call.x, call.needed(1)
    if call.attributes.get("transA"):
        a = turned(call, a)
    if call.attributes.get("transB"):
        b = turned(call, b)
    return multiplied(call, a, b, call.operand(2))


def turned(call: Call, x: Value) -> Value:
    """A matrix with its axes exchanged; a stored one stays a stored one."""
    if x.shape is None or len(x.shape) != 2:
        raise OperatorError("expected a matrix")
    if x.weight:
        return Value(x.shape[::-1], x.dtype, weight=x.weight, learnt=x.learnt)
    return call.add(ops.Transpose((1, 0)), x)


def einsum(call: Call) -> Value:
    """Einsum: sums over products of the elements of several tensors, as its equation says."""
    equation = call.attributes["equation"].replace(" ", "")
    if not isinstance(equation, str) or len(equation) > 200:
        raise OperatorError("no equation")
    return call.add(Contraction(equation), *call.inputs)


RULES: Rules = {
    "Einsum": einsum,
    "Gemm": general_product,
    "MatMul": matrix_product,
    "MatMulInteger": matrix_product,
    "QLinearMatMul": quantized_product,
}
