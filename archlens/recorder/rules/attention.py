"""Scaled dot-product attention, whichever backend PyTorch picks, and its fused transformer layers."""

from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens import ops
from archlens.ops import Shape
from archlens.ops.product import broadcast
from archlens.recorder.dynamic import Attention
from archlens.recorder.operators import Computed
from archlens.recorder.rules.table import aten
from archlens.recorder.strides import like, packed
from archlens.recorder.value import Value, Weight

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten(
    "_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_flash_attention",
    "_scaled_dot_product_efficient_attention", "_scaled_dot_product_cudnn_attention",
    "_scaled_dot_product_fused_attention_overrideable", "_scaled_dot_product_attention_math",
    "_scaled_dot_product_attention_math_for_mps", "scaled_dot_product_attention",
)  # fmt: skip
def attention(call: "Call", q: Tensor, k: Tensor, v: Tensor, *args: Any, **kwargs: Any) -> Any:
    """One node; what only a gradient would need is not counted."""
    named = dict(zip((argument.name for argument in call.func._schema.arguments[3:]), args, strict=False))
    named |= kwargs
    mask = named.get("attn_mask", named.get("attn_bias"))
    batch: Shape = tuple(q.shape[:-2])
    if not named.get("enable_gqa"):
        batch = broadcast(batch, tuple(k.shape[:-2]), tuple(v.shape[:-2]))
    shape = (*batch, q.shape[-2], v.shape[-1])
    inputs = (q, k, v) if mask is None else (q, k, v, mask)
    node = call.emit(Attention("attention", shape), inputs)
    if call.name == "scaled_dot_product_attention" and not call.real:
        grouped = bool(named.get("enable_gqa"))
        in_place = not named.get("dropout_p", 0.0) and runs_in_one_kernel(q, k, v, mask, grouped=grouped)
        return call.tensor(node, q, like if in_place else packed)
    made = call.result()
    return call.tensors(node, made) if isinstance(made, list | tuple) else call.tensor(node)


def runs_in_one_kernel(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, *, grouped: bool) -> bool:
    """Whether PyTorch's kernel for the CPU takes it, whose output lies as the queries do.

    Elsewhere the output is that of a matrix product. The kernel takes no heads that are stretched, and masks
    of tokens by tokens, or with a batch and heads before them.
    """
    return (
        q.dim() == k.dim() == v.dim() == 4
        and q.shape[-1] == k.shape[-1] == v.shape[-1]
        and (grouped or q.shape[:2] == k.shape[:2] == v.shape[:2])
        and all(x.stride(-1) == 1 or x.shape[-1] == 1 for x in (q, k, v))
        and (mask is None or mask.dim() == 2 or fits(mask, q))
    )


def fits(mask: Tensor, q: Tensor) -> bool:
    """Whether a mask has the batch and the heads of the queries, or one for all of them."""
    if mask.dim() != 4:
        return False
    return all(own in (1, length) for own, length in zip(mask.shape[:2], q.shape[:2], strict=True))


@aten("_native_multi_head_attention")
def multi_head(
    call: "Call", q: Tensor, k: Tensor, v: Tensor, features: int, heads: int, w: Tensor, b: Tensor,
    out_w: Tensor, out_b: Tensor, mask: Tensor | None = None, *args: Any, **kwargs: Any,
) -> Any:  # fmt: skip
    """What the fast path of `torch.nn.MultiheadAttention` does in one operator, as what it consists of."""
    result = attended(call, [call.value(x) for x in (q, k, v)], features, heads, (w, b, out_w, out_b), mask)
    made = call.result()
    call.recorder.attach(made[0], result)
    if isinstance(made[1], Tensor) and made[1].numel():
        mean = call.tape.emit(Computed("mean", tuple(made[1].shape)), [result])
        call.recorder.attach(made[1], call.tape.value(mean))
    return made


def attended(
    call: "Call",
    inputs: list[Value],
    features: int,
    heads: int,
    weights: tuple[Tensor, ...],
    mask: Tensor | None,
) -> Value:
    """Projections, attention, and a projection of its output."""
    tape = call.tape
    w, b, out_w, out_b = weights
    batch, steps, _ = inputs[0].shape
    each = (batch, heads, steps, features // heads)
    order = [heads_of(call, part, heads) for part in projected(call, inputs, features, w, b)]
    masks = [] if mask is None else [call.value(mask)]
    node = tape.emit(Attention("attention", each), [*order, *masks])
    back = (batch, steps, heads, each[-1])
    joined = tape.view(
        tape.view(tape.value(node), ops.Transpose((0, 2, 1, 3)), back),
        ops.Reshape((batch, steps, features)),
        (batch, steps, features),
    )
    learnt = [part for part in (call.weight(out_w), call.weight(out_b)) if part]
    return tape.value(tape.emit(ops.Linear(features), [joined], learnt))


def projected(call: "Call", inputs: list[Value], features: int, w: Tensor, b: Tensor) -> list[Value]:
    """Queries, keys and values: by one linear layer where they come from one tensor, else by three."""
    tape, weight, bias = call.tape, call.weight(w), call.weight(b)
    assert weight is not None
    assert bias is not None
    if inputs[0] is inputs[1] is inputs[2]:
        joint = tape.value(tape.emit(ops.Linear(3 * features), [inputs[0]], [weight, bias]))
        part = (*inputs[0].shape[:-1], features)
        return [tape.view(joint, ops.Split(3, i, 2), part) for i in range(3)]
    square = features * features
    return [
        tape.value(
            tape.emit(
                ops.Linear(features),
                [value],
                [
                    Weight(weight.parameter, weight.offset + i * square, square),
                    Weight(bias.parameter, bias.offset + i * features, features),
                ],
            )
        )
        for i, value in enumerate(inputs)
    ]


def heads_of(call: "Call", value: Value, heads: int) -> Value:
    """n×t×c as n×heads×t×c/heads."""
    batch, steps, features = value.shape
    cut = (batch, steps, heads, features // heads)
    order = (batch, heads, steps, features // heads)
    return call.tape.view(call.tape.view(value, ops.Reshape(cut), cut), ops.Transpose((0, 2, 1, 3)), order)


@aten("_transformer_encoder_layer_fwd")
def encoder_layer(
    call: "Call", x: Tensor, features: int, heads: int, w: Tensor, b: Tensor, out_w: Tensor, out_b: Tensor,
    gelu: bool, norm_first: bool, epsilon: float, norm_w1: Tensor, norm_b1: Tensor, norm_w2: Tensor,
    norm_b2: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, mask: Tensor | None = None,
    *args: Any, **kwargs: Any,
) -> Any:  # fmt: skip
    """The fast path of a whole transformer layer, as what it consists of."""
    tape = call.tape

    def linear(value: Value, weight: Tensor, bias: Tensor) -> Value:
        learnt = [part for part in (call.weight(weight), call.weight(bias)) if part]
        return tape.value(tape.emit(ops.Linear(weight.shape[0]), [value], learnt))

    def norm(value: Value, weight: Tensor, bias: Tensor) -> Value:
        learnt = [part for part in (call.weight(weight), call.weight(bias)) if part]
        return tape.value(tape.emit(ops.LayerNorm((-1,), True, epsilon), [value], learnt))

    def plus(a: Value, b: Value) -> Value:
        return tape.value(tape.emit(ops.Add(), [a, b]))

    def attend(value: Value) -> Value:
        return attended(call, [value] * 3, features, heads, (w, b, out_w, out_b), mask)

    def feed(value: Value) -> Value:
        inner = linear(value, w1, b1)
        act = tape.value(tape.emit(ops.GELU() if gelu else ops.ReLU(), [inner]))
        return linear(act, w2, b2)

    value = call.value(x)
    if norm_first:
        value = plus(value, attend(norm(value, norm_w1, norm_b1)))
        value = plus(value, feed(norm(value, norm_w2, norm_b2)))
    else:
        value = norm(plus(value, attend(value)), norm_w1, norm_b1)
        value = norm(plus(value, feed(value)), norm_w2, norm_b2)
    made: Tensor = call.result()
    call.recorder.attach(made, value)
    return made
