"""Operators that read a map at places between its elements: regions of interest, deformable convolutions."""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.ops import Shape, Shapes
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Recorded

__all__ = ["RULES", "DeformableConv"]


@dataclass(frozen=True, slots=True)
class DeformableConv(Recorded):
    """A convolution whose kernel reads the map at places that a tensor of offsets moves.

    stored  its weights and its bias, where the file stores them
    kernel  its weights, wherever they come from
    """

    kind = "conv"
    work = "convolution"
    saves = frozenset({"input"})

    stored: int
    kernel: Shape

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Each place of the kernel is interpolated, then the products of a convolution are taken.

        multiply_adds = n · h_out · w_out · weights
        elementwise   = n · h_out · w_out · c_in · k·k, what is interpolated
        reads         = elements of the inputs + stored weights
        writes        = elements of the output

        Dai et al., arXiv 1703.06211, Eq. 2 and 3; with a mask, Zhu et al., arXiv 1811.11168.
        """
        places = output[0] * prod(output[2:])
        return Cost(
            params=self.stored,
            multiply_adds=places * prod(self.kernel),
            elementwise=places * inputs[0][1] * prod(self.kernel[2:]),
            reads=sum(prod(x) for x in inputs) + self.stored,
            writes=prod(output),
            activations=prod(output),
        )


def deformable(call: Call) -> Value:
    """DeformConv: x, weights, offsets, bias, mask."""
    x, weights, offsets = call.x, call.needed(1), call.needed(2)
    bias, mask = call.operand(3), call.operand(4)
    own = tuple(value for value in (weights, bias) if value is not None and value.weight)
    op = DeformableConv(
        call.name, call.shape, sum(prod(value.shape or ()) for value in own), call.shape_of(1)
    )
    read = [value for value in (offsets, mask) if value is not None and not value.fixed]
    read += [value for value in (weights, bias) if value is not None and not value.weight]
    return call.add(op, x, *read, weights=own)


def region(call: Call) -> Value:
    """RoiAlign and MaxRoiPool: a small map of each region."""
    return call.add(Computed(call.name, call.shape), *call.inputs)


RULES: Rules = {"DeformConv": deformable, "MaxRoiPool": region, "RoiAlign": region}
