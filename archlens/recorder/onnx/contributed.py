"""Operators of onnxruntime's own, which its optimised and quantised files hold: standard ones, joined."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from onnx import TensorProto

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Shape
from archlens.recorder.onnx.attention import RULES as ATTENTION
from archlens.recorder.onnx.call import Call, Rule, Rules
from archlens.recorder.onnx.elementwise import ACTIVATIONS
from archlens.recorder.onnx.product import multiplied
from archlens.recorder.onnx.recurrent import recurrent
from archlens.recorder.onnx.translation import kept, standard
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Copied, Pointwise, Viewed

__all__ = ["DOMAINS", "RULES"]

DOMAINS = frozenset({"com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc"})
TO_FLOATS = frozenset({"DequantizeLinear", "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QAttention"})


def element_type(kind: str, operands: Sequence[Value | None]) -> int:
    """The type of the first output's elements, of which onnxruntime's operators do not leave word."""
    if kind in TO_FLOATS:
        return int(TensorProto.FLOAT)
    typed = operands[2:] if kind in ("EmbedLayerNormalization", "QLinearConcat") else operands
    return next((value.dtype for value in typed if value is not None), 0)


def as_standard(kind: str, *places: int) -> Rule:
    """A standard operator on some of the inputs; all of them unless told."""

    def rule(call: Call) -> Value:
        operands = [call.operand(place) for place in places] if places else call.operands
        return standard(call, kind, operands, **kept(call))

    return rule


def activated(call: Call, y: Value) -> Value:
    """The output after the activation that a fused operator names, if it names one."""
    name = call.attributes.get("activation", "")
    if not name:
        return y
    if name in ACTIVATIONS:
        return call.add(ACTIVATIONS[name], y)
    return call.add(Pointwise(name.lower(), y.shape or ()), y)


def fused_conv(call: Call) -> Value:
    """FusedConv: a convolution, a tensor that is added, an activation."""
    y = standard(call, "Conv", [call.operand(place) for place in range(3)], **kept(call))
    if (added := call.operand(3)) is not None:
        y = call.add(ops.Add(), y, added)
    return activated(call, y)


def fused_gemm(call: Call) -> Value:
    """FusedGemm: a matrix product and an activation."""
    return activated(call, standard(call, "Gemm", call.operands, **kept(call)))


def fused_matmul(call: Call) -> Value:
    """FusedMatMul: a product of stacks of matrices, of which one or both are turned."""
    sides = []
    for place, name in enumerate(("transA", "transB")):
        x = call.needed(place)
        rank = len(x.shape or ())
        if call.attributes.get(f"transBatch{name[-1]}"):
            raise OperatorError("stacks that are turned as a whole")
        if call.attributes.get(name) and rank > 1:
            order = [*range(rank - 2), rank - 1, rank - 2]
            x = turned(call, x, order)
        sides.append(x)
    return activated(call, multiplied(call, sides[0], sides[1]))


def turned(call: Call, x: Value, order: list[int]) -> Value:
    """Axes in another order; a stored tensor stays a stored one."""
    shape = tuple((x.shape or ())[axis] for axis in order)
    if x.fixed and x.weight and x.deferred is None:
        return replace(x, shape=shape, data=None)
    return call.add(ops.Transpose(tuple(order)), x)


def channels_last(kind: str, *places: int) -> Rule:
    """A standard operator on maps that have their channels in the last axis."""

    def rule(call: Call) -> Value:
        operands = [call.operand(place) for place in places] if places else list(call.operands)
        if not call.attributes.get("channels_last", 1):
            return standard(call, kind, operands, **kept(call))
        x = operands[0]
        if x is None or x.shape is None or len(x.shape) < 3:
            raise OperatorError("expected a map")
        rank = len(x.shape)
        operands[0] = call.add(ops.Transpose((0, rank - 1, *range(1, rank - 1))), x)
        y = activated(call, standard(call, kind, operands, **kept(call)))
        return call.add(ops.Transpose((0, *range(2, rank), 1)), y)

    return rule


def quantised_conv(call: Call) -> Value:
    """QLinearConv of onnxruntime's: the standard one, which may have its channels last."""
    places = (0, 3, 8)
    rule = channels_last if call.attributes.get("channels_last") else as_standard
    return as_value(rule("Conv", *places)(call))


def as_value(made: Value | list[Value]) -> Value:
    """What an operator gives back as a single value: the first one, where it has several outputs."""
    return made[0] if isinstance(made, list) else made


def quantised_concat(call: Call) -> Value:
    """QLinearConcat: scale and zero of the output, then each tensor with its own."""
    tensors = list(call.operands[2::3])
    return standard(call, "Concat", tensors, **kept(call))


def quantised_gemm(call: Call) -> Value:
    """QGemm: matrices with their scales and zeros, and a bias."""
    operands = [call.operand(0), call.operand(3), call.operand(6)]
    return standard(call, "Gemm", operands, **kept(call))


def product_with(bias: int | None) -> Rule:
    """A product with a matrix in eight bits, and the input where its bias is, if it has one."""

    def rule(call: Call) -> Value:
        return multiplied(call, call.x, call.needed(1), None if bias is None else call.operand(bias))

    return rule


def few_bits(call: Call) -> Value:
    """MatMulNBits: a linear layer whose weights are packed, several to a byte, block by block."""
    x, rows, columns = call.x, call.attributes["K"], call.attributes["N"]
    packed, bias = call.needed(1), call.operand(5)
    if not packed.weight:
        raise OperatorError("the weights are computed")
    weights = Value((rows, columns), x.dtype, weight=packed.weight, learnt=True)
    return multiplied(call, x, weights, bias)


def quantised_lstm(call: Call) -> list[Value]:
    """DynamicQuantizeLSTM: weights in eight bits, their last two axes the other way round."""
    operands = list(call.operands[:8])
    for place in (1, 2):
        operands[place] = turned(call, call.needed(place), [0, 2, 1])
    x, states = call.shape_of(0), call.shape_of(2)
    shapes: list[Shape] = [(x[0], states[0], x[1], states[1]), *[(states[0], x[1], states[1])] * 2]
    found = recurrent(
        replace(call, kind="LSTM", operands=tuple(operands), shapes=tuple(shapes[: len(call.shapes)]))
    )
    return [replace(value, dtype=call.x.dtype) for value in found]


def gelu(call: Call) -> Value:
    """Gelu, QuickGelu, FastGelu and BiasGelu: a bias is added before."""
    x = call.x
    if (bias := call.operand(1)) is not None:
        x = call.add(ops.Add(), x, bias)
    if call.kind == "QuickGelu":
        return call.add(Pointwise("quick_gelu", x.shape or ()), x)
    return call.add(ops.GELU(), x)


def normalised(call: Call) -> list[Value]:
    """SkipLayerNormalization and its simplified form: input + skip (+ bias), normalised, and that sum."""
    simple = call.kind == "SkipSimplifiedLayerNormalization"
    scale, shift, bias = (
        call.operand(2),
        *((None, call.operand(3)) if simple else (call.operand(3), call.operand(4))),
    )
    total = call.add(ops.Add(), call.x, call.needed(1))
    if bias is not None:
        total = call.add(ops.Add(), total, bias)
    kind = "RMSNormalization" if simple else "LayerNormalization"
    operands = [total, scale] if simple else [total, scale, shift]
    y = standard(replace(call, attributes={}), kind, operands)
    statistics = [Value(None, 0, at=y.at) for _ in call.shapes[1:3]]
    return [y, *statistics, *([total] if len(call.shapes) > 3 else [])]


def embedded(call: Call) -> list[Value]:
    """EmbedLayerNormalization: rows of two or three tables, added and normalised."""
    ids, kinds = call.x, call.operand(1)
    word, position, segment = call.needed(2), call.needed(3), call.operand(4)
    width = (word.shape or ())[-1]
    shape: Shape = (*call.shape_of(0), width)
    total = picked(call, word, shape, ids)
    total = call.add(ops.Add(), total, picked(call, position, shape[-2:], call.operand(8)))
    if segment is not None and kinds is not None:
        total = call.add(ops.Add(), total, picked(call, segment, shape, kinds))
    y = standard(
        replace(call, attributes={}), "LayerNormalization", [total, call.operand(5), call.operand(6)]
    )
    lengths = call.add(Viewed("lengths", shape[:1]), ids)
    return [y, lengths, total][: len(call.shapes)]


def simplified(call: Call) -> Value:
    """SimplifiedLayerNormalization: a root mean square, and a scale."""
    return standard(replace(call, attributes={}), "RMSNormalization", call.operands[:2])


def picked(call: Call, table: Value, shape: Shape, ids: Value | None) -> Value:
    """Rows of a table, picked by their numbers."""
    table = replace(table, learnt=True) if table.weight else table
    rows = prod(shape[:-1]) if ids is not None else 0
    return call.add(Copied("gather", shape, indices=rows), table, *([] if ids is None else [ids]))


def reordered(call: Call) -> Value:
    """ReorderInput and ReorderOutput: channels in blocks, and back without what fills the last block."""
    x = call.shape_of(0)
    shape = (x[0], call.attributes.get("channels", x[1]), *x[2:])
    if call.attributes.get("channels_last"):
        raise OperatorError("channels in the last axis")
    return call.add(Copied(call.name, shape), call.x)


def same_shape(call: Call) -> Value:
    """A function of each element: QLinearSigmoid, QLinearLeakyRelu."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


RULES: Rules = {
    **ATTENTION,
    "BiasAdd": as_standard("Sum"),
    "BiasGelu": gelu,
    "Conv": fused_conv,
    "DequantizeLinear": as_standard("DequantizeLinear"),
    "DynamicQuantizeLSTM": quantised_lstm,
    "DynamicQuantizeMatMul": product_with(4),
    "EmbedLayerNormalization": embedded,
    "FastGelu": gelu,
    "FusedConv": fused_conv,
    "FusedGemm": fused_gemm,
    "FusedMatMul": fused_matmul,
    "Gelu": gelu,
    "GridSample": as_standard("GridSample"),
    "MatMulIntegerToFloat": product_with(6),
    "MatMulNBits": few_bits,
    "MaxPool": as_standard("MaxPool"),
    "AveragePool": as_standard("AveragePool"),
    "GlobalAveragePool": as_standard("GlobalAveragePool"),
    "GlobalMaxPool": as_standard("GlobalMaxPool"),
    "NhwcConv": channels_last("Conv"),
    "NhwcFusedConv": channels_last("Conv", 0, 1, 2),
    "NhwcMaxPool": channels_last("MaxPool"),
    "QGemm": quantised_gemm,
    "QLinearAdd": as_standard("Add", 0, 3),
    "QLinearAveragePool": as_standard("AveragePool", 0),
    "QLinearConcat": quantised_concat,
    "QLinearConv": quantised_conv,
    "QLinearGlobalAveragePool": as_standard("GlobalAveragePool", 0),
    "QLinearLeakyRelu": same_shape,
    "QLinearMul": as_standard("Mul", 0, 3),
    "QLinearReduceMean": as_standard("ReduceMean", 0),
    "QLinearSigmoid": same_shape,
    "QLinearSoftmax": as_standard("Softmax", 0),
    "QuantizeLinear": as_standard("QuantizeLinear"),
    "QuickGelu": gelu,
    "ReorderInput": reordered,
    "ReorderOutput": reordered,
    "SkipLayerNormalization": normalised,
    "SkipSimplifiedLayerNormalization": normalised,
    "TransposeMatMul": fused_matmul,
}
"""What each of onnxruntime's operators is, by its name."""

MISPLACED: Rules = {"SimplifiedLayerNormalization": simplified}
"""Those that its optimiser writes among the standard operators."""
