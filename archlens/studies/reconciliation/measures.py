"""What can be counted of one node, whoever counts it."""

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType

from archlens.graph import Node
from archlens.ops import Shapes

__all__ = ["MEASURES", "key"]


def key(node: Node) -> str:
    """What conventions call an operator: its kind, or PyTorch's name for what only recordings have.

    Normalisations without weights and the ways of upsampling are told apart.
    """
    kind: str = getattr(node.op, "name", "") or node.op.kind
    if getattr(node.op, "affine", True) is False:
        return f"{kind} without weights"
    mode = getattr(node.op, "mode", "").removesuffix("_exact")
    if kind == "upsample" and len(node.shape) != 4:
        return f"upsample_{mode}{len(node.shape) - 2}d"
    return f"{kind} {mode}" if mode else kind


def products(node: Node, inputs: Shapes) -> int:
    """The multiply-adds of a node, as we count them."""
    return node.cost.multiply_adds


def outputs(node: Node, inputs: Shapes) -> int:
    """The elements of a node's output."""
    return prod(node.shape)


def first_input(node: Node, inputs: Shapes) -> int:
    """The elements of the first input of a node."""
    return prod(inputs[0]) if inputs else 0


def input_and_padding(node: Node, inputs: Shapes) -> int:
    """Elements of the input, with the channels that a normalisation over neighbours puts around them."""
    if not inputs or len(inputs[0]) < 2:
        return 0
    n, channels, *places = inputs[0]
    return n * (channels + getattr(node.op, "size", 1) - 1) * prod(places)


def elementwise(node: Node, inputs: Shapes) -> int:
    """Outputs without a dot product, one a step where several tensors are combined."""
    return node.cost.elementwise


def biases(node: Node, inputs: Shapes) -> int:
    """Additions of a bias: one an output, of a recurrent layer two a gate and step."""
    added = getattr(node.op, "bias", 0)
    if not added:
        return 0
    hidden = getattr(node.op, "hidden", 0)
    return prod(inputs[0][:-1]) * added if hidden else prod(node.shape)


def weights(node: Node, inputs: Shapes) -> int:
    """Learnable weights that it uses, once a sample, shared ones too."""
    samples = node.shape[0] if inputs and node.shape else 1  # what nothing feeds is a weight itself
    return samples * weights_once(node, inputs)


def weights_once(node: Node, inputs: Shapes) -> int:
    """Learnable weights that it uses, shared ones too."""
    return node.cost.params + node.shared


def weights_by_state(gates: int) -> Callable[[Node, Shapes], int]:
    """The weights of a recurrent cell's linear layer, once a hidden feature of its state."""
    return lambda node, inputs: weights(node, inputs) * (node.shape[-1] // gates if node.shape else 0)


def weights_without_bias(node: Node, inputs: Shapes) -> int:
    """The weights of a linear layer or a convolution as `weights` counts them, without the bias."""
    return weights(node, inputs) - bias_once(node, inputs)


def bias_once(node: Node, inputs: Shapes) -> int:
    """The bias of a linear layer, once a sample: its outputs along the last axis."""
    return node.shape[0] * node.shape[-1] if getattr(node.op, "bias", False) else 0


def products_at_output(node: Node, inputs: Shapes) -> int:
    """Multiply-adds of a transposed convolution, had each place of its output its kernel's weights."""
    places = prod(inputs[0][2:]) if inputs else 0
    return node.cost.multiply_adds // places * prod(node.shape[2:]) if places else 0


def products_without_groups(node: Node, inputs: Shapes) -> int:
    """The products of `products_at_output` as if every output channel read every input channel.

    They stay as they are where as many channels come out as go in.
    """
    groups = getattr(node.op, "groups", 1) if inputs and inputs[0][1] != node.shape[1] else 1
    return products_at_output(node, inputs) * groups


def products_by_groups_twice(node: Node, inputs: Shapes) -> int:
    """Multiply-adds, had the filters of each group been divided among the groups again."""
    groups = getattr(node.op, "groups", 1)
    filters = node.shape[1] // groups if len(node.shape) > 1 else 0
    return node.cost.multiply_adds // filters * (filters // groups) if filters else 0


def kernel_weights(node: Node, inputs: Shapes) -> int:
    """Weights of a convolution's kernel: without bias and gain."""
    return int(node.op.convolution().weights(inputs[0])) if hasattr(node.op, "convolution") else 0


def channels(node: Node, inputs: Shapes) -> int:
    """The channels of a node's output."""
    return node.shape[1] if len(node.shape) > 1 else 0


def image_input(node: Node, inputs: Shapes) -> int:
    """Elements of the first tensor that goes in, if it has two spatial axes."""
    return first_input(node, inputs) if inputs and len(inputs[0]) == 4 else 0


def joint_projections(node: Node, inputs: Shapes) -> int:
    """Whether it makes keys and values in one: twice the features that go in."""
    return int(bool(inputs) and node.shape[-1] == 2 * inputs[0][-1])


def rows(node: Node, inputs: Shapes) -> int:
    """Sums of a softmax: its elements over the length of its axis."""
    axis = getattr(node.op, "axis", -1)
    return prod(node.shape) // node.shape[axis] if node.shape else 0


def one(node: Node, inputs: Shapes) -> int:
    """1: the operator itself is what is counted."""
    return 1


def scores(node: Node, inputs: Shapes) -> int:
    """Scores of an attention: queries × keys, for each head."""
    return prod(inputs[0][:-1]) * inputs[1][-2] if len(inputs) > 1 else 0


MEASURES: Mapping[str, Callable[[Node, Shapes], int]] = MappingProxyType({
    "multiply-adds": products,
    "outputs": outputs,
    "inputs": first_input,
    "inputs of images": image_input,
    "inputs with channels of padding": input_and_padding,
    "element-wise": elementwise,
    "biases": biases,
    "weights": weights,
    "weights once": weights_once,
    "weights × hidden features of 1 gate": weights_by_state(1),
    "weights × hidden features of 3 gates": weights_by_state(3),
    "weights × hidden features of 4 gates": weights_by_state(4),
    "weights without bias": weights_without_bias,
    "biases once": bias_once,
    "multiply-adds at the output": products_at_output,
    "multiply-adds at the output without groups": products_without_groups,
    "multiply-adds by groups twice": products_by_groups_twice,
    "joint projections": joint_projections,
    "weights of the kernel": kernel_weights,
    "channels": channels,
    "rows": rows,
    "scores": scores,
    "operators": one,
})  # fmt: skip
"""By the noun that a table shows."""
