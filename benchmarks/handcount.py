"""What networks cost, by plain arithmetic: parameters and multiply-adds, without archlens or PyTorch.

Multiply-adds are those of convolutions, linear layers and matrix products, one per multiply-accumulate.
"""

from dataclasses import dataclass

__all__ = ["TRUTHS", "Truth"]


@dataclass(frozen=True, slots=True)
class Truth:
    """Parameters and multiply-adds; sums and multiples of them are, too."""

    params: int
    multiply_adds: int

    def __add__(self, other: "Truth") -> "Truth":
        return Truth(self.params + other.params, self.multiply_adds + other.multiply_adds)

    def __mul__(self, times: int) -> "Truth":
        return Truth(self.params * times, self.multiply_adds * times)


def conv(kernel: int, ins: int, outs: int, side: int, groups: int = 1) -> Truth:
    """A convolution without bias whose output is side × side."""
    weights = kernel * kernel * (ins // groups) * outs
    return Truth(weights, weights * side * side)


def linear(ins: int, outs: int, rows: int = 1) -> Truth:
    """A linear layer with bias."""
    return Truth(ins * outs + outs, rows * ins * outs)


def norm(features: int) -> Truth:
    """A scale and a shift a feature."""
    return Truth(2 * features, 0)


def weights(number: int) -> Truth:
    """Parameters that do no multiply-adds of their own, such as a bias."""
    return Truth(number, 0)


def functional() -> Truth:
    """3×3, 3 → 16 at 32×32; 3×3 in two groups, 16 → 16 at 16×16; mean; 16 → 10."""
    return conv(3, 3, 16, 32) + weights(16) + conv(3, 16, 16, 16, groups=2) + weights(16) + linear(16, 10)


def three_parents() -> Truth:
    """One 3×3, 8 → 8, at 16×16 in each of three parents: its parameters once, its work three times."""
    once = conv(3, 8, 8, 16)
    return Truth(once.params + 8, 3 * once.multiply_adds)


def three_calls() -> Truth:
    """One linear layer, 64 → 64, called three times on 10 rows."""
    once = linear(64, 64, rows=10)
    return Truth(once.params, 3 * once.multiply_adds)


def tied() -> Truth:
    """12 tokens of 1,000: a lookup, 64 → 64, and 64 → 1,000 with the weights of the lookup, without bias."""
    return weights(1000 * 64) + linear(64, 64, rows=12) + Truth(0, 12 * 64 * 1000)


def attention() -> Truth:
    """16 tokens of 64 features, whatever the heads: queries, keys, values, scores, their use, output."""
    products = Truth(0, 16 * 16 * 64 + 16 * 16 * 64)
    return linear(64, 3 * 64, rows=16) + products + linear(64, 64, rows=16)


def lstm() -> Truth:
    """20 steps, 32 features, two layers of 48, both directions; two biases a gate."""
    found = Truth(0, 0)
    for features in (32, 2 * 48):
        gates = 4 * 48 * (features + 48)
        found += Truth(gates + 2 * 4 * 48, 20 * gates) * 2
    return found


def resnet50() -> Truth:
    """He et al., arXiv 1512.03385, Table 1, strided in the 3×3."""
    found = conv(7, 3, 64, 112) + norm(64)
    channels = 64
    for width, side, depth in ((64, 56, 3), (128, 28, 4), (256, 14, 6), (512, 7, 3)):
        for block in range(depth):
            before = side if block or width == 64 else 2 * side
            found += conv(1, channels, width, before) + norm(width)
            found += conv(3, width, width, side) + norm(width)
            found += conv(1, width, 4 * width, side) + norm(4 * width)
            if block == 0:
                found += conv(1, channels, 4 * width, side) + norm(4 * width)
            channels = 4 * width
    return found + linear(2048, 1000)


def shufflenet_v2() -> Truth:
    """Ma et al., arXiv 1807.11164, Table 5, 1×."""
    found = conv(3, 3, 24, 112) + norm(24)
    channels = 24
    for out, side, depth in ((116, 28, 4), (232, 14, 8), (464, 7, 4)):
        half = out // 2
        found += conv(3, channels, channels, side, groups=channels) + norm(channels)
        found += conv(1, channels, half, side) + norm(half)
        found += conv(1, channels, half, 2 * side) + norm(half)
        rest = conv(3, half, half, side, groups=half) + norm(half) + conv(1, half, half, side) + norm(half)
        found += rest
        found += (conv(1, half, half, side) + norm(half) + rest) * (depth - 1)
        channels = out
    return found + conv(1, 464, 1024, 7) + norm(1024) + linear(1024, 1000)


def vit_b_16() -> Truth:
    """Dosovitskiy et al., arXiv 2010.11929, Table 1: 196 patches and a class token, 12 layers of 768."""
    tokens, width = 14 * 14 + 1, 768
    layer = norm(width) + linear(width, 3 * width, tokens) + Truth(0, 2 * tokens * tokens * width)
    layer += linear(width, width, tokens) + norm(width)
    layer += linear(width, 4 * width, tokens) + linear(4 * width, width, tokens)
    patches = conv(16, 3, width, 14) + weights(width)
    positions = weights(width + tokens * width)
    return patches + positions + layer * 12 + norm(width) + linear(width, 1000)


def swin_t() -> Truth:
    """Liu et al., arXiv 2103.14030, Table 7: windows of 7×7, in which each token meets 49."""
    found = conv(4, 3, 96, 56) + weights(96) + norm(96)
    for width, side, depth, heads in ((96, 56, 2, 3), (192, 28, 2, 6), (384, 14, 6, 12), (768, 7, 2, 24)):
        tokens = side * side
        if width > 96:  # patches of 2×2 merged: a linear layer without bias
            found += norm(2 * width) + Truth(2 * width * width, tokens * 2 * width * width)
        block = norm(width) + linear(width, 3 * width, tokens) + Truth(0, 2 * tokens * 49 * width)
        block += weights(13 * 13 * heads) + linear(width, width, tokens) + norm(width)
        block += linear(width, 4 * width, tokens) + linear(4 * width, width, tokens)
        found += block * depth
    return found + norm(768) + linear(768, 1000)


TRUTHS = {
    "F.conv2d, no modules": functional(),
    "a convolution with three parents": three_parents(),
    "a module called three times": three_calls(),
    "tied embeddings": tied(),
    "nn.MultiheadAttention": attention(),
    "F.scaled_dot_product_attention": attention(),
    "LSTM, two layers, two directions": lstm(),
    "ResNet-50": resnet50(),
    "ShuffleNet V2 1×": shufflenet_v2(),
    "ViT-B/16": vit_b_16(),
    "Swin-T": swin_t(),
}
"""By the name of the network."""
