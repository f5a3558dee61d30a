"""Convolutions over the trailing spatial axes: one, two or three of them."""

from dataclasses import dataclass, replace
from math import gcd, prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.channels import Channels, Value
from archlens.ops.operator import Op, Shape, Shapes, positive, register, size, spatial
from archlens.ops.span import Span
from archlens.ops.window import PADDING_WORDS, Padding, Window, per_axis, slide, windows

__all__ = ["Conv", "TransposedConv", "WeightStandardizedConv"]

Extent = int | tuple[int, ...]


@register("conv")
@dataclass(frozen=True, slots=True)
class Conv(Op):
    """Convolution: `out` channels, each from the c_in / groups channels of its group.

    Depthwise is groups = out = c_in. Kernel, stride and dilation are one number for all axes or a
    list with one an axis: `kernel: [1, 7]`.
    """

    words = PADDING_WORDS
    work = "convolution"
    saves = frozenset({"input"})

    out: int
    kernel: Extent = 1
    stride: Extent = 1
    padding: Padding = "same"
    dilation: Extent = 1
    groups: int = 1
    bias: bool = False

    def check(self) -> None:
        positive(out=self.out, groups=self.groups)
        if self.out % self.groups:
            raise OperatorError(f"{self.out} out channels are not divisible by groups={self.groups}")

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        axes = spatial("a convolution", inputs[0])
        return windows(axes, self.kernel, self.stride, self.dilation, self.padding)

    def output(self, inputs: Shapes) -> Shape:
        x = inputs[0]
        sliding = self.windows(inputs)
        if x[1] % self.groups:
            raise OperatorError(f"{x[1]} in channels are not divisible by groups={self.groups}")
        return (x[0], self.out, *slide(x[2:], sliding))

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].mixed(self.groups, self.out)

    def absorbing_scale(self, inputs: Shapes) -> "Conv":
        return replace(self, bias=True)

    def label(self, inputs: Shapes) -> str:
        """The kernel, and how the channels are grouped: `conv 3×3 depthwise`."""
        x = inputs[0]
        kernel = "×".join(map(str, per_axis("kernel", self.kernel, len(x) - 2)))
        if self.groups == 1:
            return f"{self.kind} {kernel}"
        return f"{self.kind} {kernel} {'depthwise' if self.groups == x[1] else 'grouped'}"

    def weights(self, x: Shape) -> int:
        """k·k · c_in/g · c_out, without the bias."""
        kernel = per_axis("kernel", self.kernel, len(x) - 2)
        return prod(kernel) * (x[1] // self.groups) * self.out

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add per output element per weight that feeds it, padding included.

        weights       = k·k · c_in/g · c_out
        params        = weights + c_out (bias)
        multiply_adds = n · h_out · w_out · weights
        reads         = n·c_in·h·w + params
        writes        = n · c_out · h_out · w_out

        For a 1×1 convolution reads + writes is ShuffleNet V2's hw(c1 + c2) + c1·c2/g
        (arXiv 1807.11164, §2, Eq. 1 and 2). The bias is added in the same pass: no multiply-add.
        """
        (x,) = inputs
        weights = self.weights(x)
        params = weights + self.out * self.bias
        return Cost(
            params=params,
            multiply_adds=output[0] * prod(output[2:]) * weights,
            reads=size(x) + params,
            writes=size(output),
            activations=size(output),
        )


@register("transposed_conv")
@dataclass(frozen=True, slots=True)
class TransposedConv(Op):
    """Transposed convolution: each input element spreads a kernel over the output.

    Padding crops the result; `output_padding` lengthens it at the end.
    """

    work = "convolution"
    saves = frozenset({"input"})

    out: int
    kernel: Extent = 2
    stride: Extent = 2
    padding: Extent = 0
    output_padding: Extent = 0
    dilation: Extent = 1
    groups: int = 1
    bias: bool = False

    def check(self) -> None:
        positive(out=self.out, groups=self.groups)
        if self.out % self.groups:
            raise OperatorError(f"{self.out} out channels are not divisible by groups={self.groups}")

    def output(self, inputs: Shapes) -> Shape:
        """(size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1 along each axis."""
        (x,) = inputs
        axes = spatial("a transposed convolution", x)
        if x[1] % self.groups:
            raise OperatorError(f"{x[1]} in channels are not divisible by groups={self.groups}")
        rank = len(axes)
        result = []
        for axis, length, k, s, p, extra, d in zip(
            range(rank),
            axes,
            per_axis("kernel", self.kernel, rank),
            per_axis("stride", self.stride, rank),
            per_axis("padding", self.padding, rank, at_least=0),
            per_axis("output_padding", self.output_padding, rank, at_least=0),
            per_axis("dilation", self.dilation, rank),
            strict=True,
        ):
            if extra >= max(s, d):
                raise OperatorError(f"output_padding={extra} is not smaller than stride={s} or dilation={d}")
            out = (length - 1) * s - 2 * p + d * (k - 1) + extra + 1
            if out < 1:
                raise OperatorError(f"padding={p} crops away the whole output along spatial axis {axis}")
            result.append(out)
        return (x[0], self.out, *result)

    def spans(self, inputs: Shapes) -> tuple[Span, ...]:
        """Input i reaches the outputs i·stride − padding + t·dilation, for each tap t of the kernel.

        A period is `stride` outputs long, and moves on by one input. An output that no tap reaches
        sees an empty stretch.
        """
        rank = len(inputs[0]) - 2
        result = []
        for k, s, p, d in zip(
            per_axis("kernel", self.kernel, rank),
            per_axis("stride", self.stride, rank),
            per_axis("padding", self.padding, rank, at_least=0),
            per_axis("dilation", self.dilation, rank),
            strict=True,
        ):
            taps = []
            for place in range(s):
                seen = [(place + p - t * d) // s for t in range(k) if (place + p - t * d) % s == 0]
                taps.append((min(seen), max(seen)) if seen else ((place + p) // s + 1, (place + p) // s))
            result.append(Span.of_taps(1, taps)._replace(step=d // gcd(d, s)))
        return tuple(result)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].mixed(self.groups, self.out)

    def absorbing_scale(self, inputs: Shapes) -> "TransposedConv":
        return replace(self, bias=True)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """One multiply-add per input element per weight that it feeds, cropped border included.

        weights       = k·k · c_in · c_out/g
        params        = weights + c_out (bias)
        multiply_adds = n · h_in · w_in · weights
        reads         = n·c_in·h_in·w_in + params
        writes        = n · c_out · h_out · w_out

        The transpose of a convolution costs what that convolution costs (Dumoulin and Visin,
        arXiv 1603.07285, §4).
        """
        (x,) = inputs
        weights = prod(per_axis("kernel", self.kernel, len(x) - 2)) * x[1] * (self.out // self.groups)
        params = weights + self.out * self.bias
        return Cost(
            params=params,
            multiply_adds=x[0] * prod(x[2:]) * weights,
            reads=size(x) + params,
            writes=size(output),
            activations=size(output),
        )


@register("weight_standardized_conv")
@dataclass(frozen=True, slots=True)
class WeightStandardizedConv(Op):
    """Convolution whose weights are normalised to zero mean and unit variance at every pass.

    A learnable gain per output channel scales them afterwards: NFNet's scaled weight
    standardisation (Brock et al., arXiv 2101.08692, Eq. 1).
    """

    words = PADDING_WORDS
    work = "convolution"
    saves = frozenset({"input"})

    out: int
    kernel: Extent = 1
    stride: Extent = 1
    padding: Padding = "same"
    dilation: Extent = 1
    groups: int = 1
    bias: bool = True

    def check(self) -> None:
        self.convolution()

    def convolution(self) -> Conv:
        """The plain convolution that runs once the weights are standardised."""
        return Conv(self.out, self.kernel, self.stride, self.padding, self.dilation, self.groups, self.bias)

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        return self.convolution().windows(inputs)

    def output(self, inputs: Shapes) -> Shape:
        return self.convolution().output(inputs)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].mixed(self.groups, self.out)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """The convolution, and one pass over its weights.

        params      = weights + c_out (gain) + c_out (bias)
        elementwise = weights                       each is normalised and scaled
        reads       = convolution's + weights + c_out
        writes      = convolution's + weights

        The multiply-adds are the convolution's: standardising is no dot product.
        """
        plain = self.convolution()
        weights = plain.weights(inputs[0])
        standardising = Cost(params=self.out, elementwise=weights, reads=weights + self.out, writes=weights)
        return plain.cost(inputs, output) + standardising
