"""What ONNX has an operator for, and PyTorch would translate into several: written as that operator."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder.padding import PaddedInput
from archlens.builder.pooling import MeanOfInside, overhang
from archlens.graph import Graph, Node
from archlens.recorder.onnx.stated import KEY, STATED, written

__all__ = ["state_operators", "use_operators"]

SCOPES = "pkg.torch.onnx.name_scopes"
"""Where PyTorch says which modules a node belongs to, from the outermost on."""

Form = tuple[str, dict[str, Any]]


class OnnxOperator(nn.Module):
    """A module that is one operator of the ONNX standard in a file.

    inner  the module whose weights it reads, under whose name they stay; None where there are none
    shape  of its output, without the batch
    """

    def __init__(
        self, kind: str, attributes: Mapping[str, Any], inner: nn.Module | None, shape: ops.Shape
    ) -> None:
        super().__init__()
        self.kind = kind
        self.attributes = dict(attributes)
        self.shape = shape
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """The shape of the output, for whoever traces it: the file says what is computed."""
        weights = () if self.inner is None else tuple(self.inner.parameters())
        made: Tensor = torch.onnx.ops.symbolic(
            self.kind, (x, *weights), self.attributes, dtype=x.dtype, shape=(x.shape[0], *self.shape)
        )
        return made

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"{self.kind}, {self.attributes}"


def use_operators(network: nn.Module, graph: Graph) -> nn.Module:
    """The network with such modules where PyTorch would translate its own into several operators.

    They cannot run: they are for `torch.onnx.export`.
    """
    for node in graph.nodes:
        if isinstance(node.op, ops.Input):
            continue
        module = network.get_submodule(node.name)
        found = form(node, graph.shapes_into(node), module)
        if found is not None:
            weights = module.inner if isinstance(module, PaddedInput) and node.cost.params else None
            own = weights if isinstance(weights, nn.Module) else None
            network.set_submodule(node.name, OnnxOperator(*found, own, node.shape[1:]))
    return network


def form(node: Node, inputs: ops.Shapes, module: nn.Module) -> Form | None:
    """The operator that does the same, and its attributes; None where PyTorch's translation will do."""
    op = node.op
    if isinstance(op, ops.ELU):
        return "Elu", {"alpha": 1.0}
    if isinstance(op, ops.LocalResponseNorm) and op.size % 2:  # of an even number, another one is the middle
        alpha = op.alpha * op.size  # ONNX takes the mean over the neighbours
        return "LRN", {"size": op.size, "alpha": alpha, "beta": op.beta, "bias": op.constant}
    if isinstance(module, PaddedInput | MeanOfInside):
        return windowed(op, inputs)
    return None


def windowed(op: ops.Op, inputs: ops.Shapes) -> Form | None:
    """A convolution or a pooling that is padded unevenly, which ONNX's own can be."""
    sliding = op.windows(inputs)
    rounded_up = bool(getattr(op, "ceil_mode", False))
    over = overhang(inputs[0], sliding, ceil_mode=rounded_up)
    before = [window.before for window in sliding]
    after = [window.after + more for window, more in zip(sliding, over, strict=True)]
    attributes: dict[str, Any] = {
        "kernel_shape": [window.kernel for window in sliding],
        "strides": [window.stride for window in sliding],
        "pads": [*before, *after],
    }
    dilations = [window.dilation for window in sliding]
    if isinstance(op, ops.Conv):
        return "Conv", {**attributes, "dilations": dilations, "group": op.groups}
    if isinstance(op, ops.MaxPool):
        return "MaxPool", {**attributes, "dilations": dilations}
    if isinstance(op, ops.AveragePool) and not (op.count_include_pad and any(over)):
        return "AveragePool", {**attributes, "count_include_pad": int(op.count_include_pad)}
    return None


def state_operators(model: Any, graph: Graph) -> None:
    """Write to each node of an ONNX file which operator it is a part of, where ONNX has none of the kind."""
    named = {node.name: written(node.name, node.op) for node in graph.nodes if node.op.kind in STATED}
    for node in model.graph:
        for name in scopes(node.metadata_props.get(SCOPES, "")):
            if name in named:
                node.metadata_props[KEY] = named[name]


def scopes(text: str) -> list[str]:
    """The modules that PyTorch lists, as it writes them: `['', 'stage1.roll1', 'roll']`."""
    return [scope.strip(" '\"") for scope in text.strip("[]").split(",")][:-1]
