"""Attention as one operator: ONNX's own, and onnxruntime's with the projections before it."""

from archlens import ops
from archlens.errors import OperatorError
from archlens.recorder.dynamic import Attention
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.product import multiplied
from archlens.recorder.onnx.values import Value

__all__ = ["RULES", "attention"]


def attention(call: Call) -> Value:
    """Attention: scores, their softmax, and the values that they weigh. Heads are axis 1, or features."""
    if any(call.operand(place) is not None for place in (4, 5, 6)) or len(call.shapes) > 1:
        raise OperatorError("attention that keeps keys and values of earlier runs")
    q, k, v = call.x, call.needed(1), call.needed(2)
    mask = call.operand(3)
    if len(call.shape_of(0)) != 3:
        return weighed(call, q, k, v, mask)
    heads, kv_heads = call.attributes["q_num_heads"], call.attributes["kv_num_heads"]
    q, k, v = by_head(call, q, heads), by_head(call, k, kv_heads), by_head(call, v, kv_heads)
    return joined(call, weighed(call, q, k, v, mask))


def weighed(call: Call, q: Value, k: Value, v: Value, mask: Value | None) -> Value:
    """The node of an attention over queries, keys and values of all heads, which is counted in full."""
    width = (q.shape or ())[:-1] + (v.shape or ())[-1:]
    return call.add(Attention("attention", width), q, k, v, *(() if mask is None else (mask,)))


def by_head(call: Call, x: Value, heads: int) -> Value:
    """batch × tokens × features as batch × heads × tokens × features of a head."""
    shape = x.shape or ()
    if len(shape) != 3 or heads < 1 or shape[2] % heads:
        raise OperatorError("features do not divide into heads")
    parts = call.add(ops.Reshape((*shape[:2], heads, shape[2] // heads)), x)
    return call.add(ops.Transpose((0, 2, 1, 3)), parts)


def joined(call: Call, x: Value) -> Value:
    """batch × heads × tokens × features of a head as batch × tokens × features."""
    batch, heads, tokens, width = x.shape or ()
    return call.add(ops.Reshape((batch, tokens, heads * width)), call.add(ops.Transpose((0, 2, 1, 3)), x))


def projected(call: Call) -> Value:
    """onnxruntime's Attention and QAttention: x, weights for queries, keys and values, their bias, a mask.

    Keys and values of earlier runs are not known, and neither is what they would cost.
    """
    quantised = call.kind == "QAttention"
    past = call.operand(8 if quantised else 4)
    if past is not None or any(shape is not None for shape in call.shapes[1:]) or len(call.shapes) > 1:
        raise OperatorError("attention that keeps keys and values of earlier runs")
    all_three = multiplied(call, call.x, call.needed(1), call.operand(2))
    width = (all_three.shape or ())[-1]
    sizes = call.attributes.get("qkv_hidden_sizes") or [width // 3] * 3
    heads = call.attributes["num_heads"]
    parts, start = [], 0
    for size in sizes:
        part = call.add(ops.Slice(start, start + size, 2), all_three)
        parts.append(by_head(call, part, heads))
        start += size
    mask = call.operand(5 if quantised else 3)
    return joined(call, weighed(call, parts[0], parts[1], parts[2], mask))


def multi_head(call: Call) -> Value:
    """MultiHeadAttention: queries, keys and values that were projected before, and a bias for all three."""
    if any(call.operand(place) is not None for place in (6, 7)) or len(call.shapes) > 1:
        raise OperatorError("attention that keeps keys and values of earlier runs")
    sides = [call.x, call.needed(1), call.needed(2)]
    if any(len(side.shape or ()) != 3 for side in sides):
        raise OperatorError("queries, keys and values that are packed")
    if (bias := call.operand(3)) is not None:
        start = 0
        for place, side in enumerate(sides):
            width = (side.shape or ())[-1]
            part = call.add(ops.Slice(start, start + width, 0), bias)
            sides[place] = call.add(ops.Add(), side, part)
            start += width
    heads = call.attributes["num_heads"]
    q, k, v = (by_head(call, side, heads) for side in sides)
    return joined(call, weighed(call, q, k, v, call.operand(5) or call.operand(4)))


RULES: Rules = {"Attention": projected, "MultiHeadAttention": multi_head, "QAttention": projected}
"""onnxruntime's."""
