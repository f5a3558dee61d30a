"""Wrong words and inputs that people wrote, which once made other networks in silence."""

from typing import NamedTuple

__all__ = ["INPUTS", "OTHERS", "WORDS", "Wrong"]


class Wrong(NamedTuple):
    """A setting of a network, what was written for it, and how the refusal ends."""

    model: str
    setting: str
    written: str
    refusal: str


WORDS = [
    Wrong("resnet50", "squeeze_excite", "true", "expected none, standard, pre, post or identity"),
    Wrong("seresnet50", "squeeze_excite", "true", "expected none, standard, pre, post, identity or inner"),
    Wrong("seresnet50", "squeeze_excite", "Standard", "did you mean standard?"),
    Wrong("seresnet50", "gated", "[5]", "expected a list of integers from 1 to 4, such as [1, 2, 3, 4]"),
    Wrong("resnet20", "shortcuts", "a", "expected A, B or C; did you mean A?"),
    Wrong("resnet20", "shortcuts", "none", "expected A, B or C"),
    Wrong("resnet20", "shortcuts", "Z", "expected A, B or C"),
    Wrong("resnet50", "stride_in", "1", "expected 3x3 or 1x1"),
    Wrong("resnet50", "shortcut", "C", "has no setting shortcut; did you mean shortcuts?"),
    Wrong("resnet50", "stem", "deep", "did you mean deep_stem?"),
    Wrong("squeezenet1_0", "bypass", "Complex", "did you mean complex?"),
    Wrong("squeezenet1_0", "pooled", "[4]", "expected 2 elements, not 1"),
    Wrong("st_cnn_single_svhn", "transformers", "both", "expected none, front or multi"),
    Wrong("attention56", "mask", "foo", "expected mixed, channel or spatial"),
    Wrong("shufflenet_v1_g3", "doubling", "foo", "has no setting doubling; it has groups, stem, widths"),
    Wrong("mobilenet_v1", "width", "[0.5,0.75]", "expected a number, at least 0"),
    Wrong("mobilenet_v1", "width", "half", "expected a number, at least 0"),
    Wrong("vgg16", "dense", "yes", "expected true or false"),
    Wrong("efficientnet_b4", "fused", "[0]", "expected a list of integers from 1 to 7, such as []"),
    Wrong("inception_v3", "auxiliary", "1", "expected true or false"),
]

INPUTS = [
    ("resnet50", (224, 224, 3), "has its channels last: expected channels, height and width, 3x224x224"),
    ("swin_t", (3, 320, 320), "multiples of 224, not 320x320; what fits: 3x224x224 and 3x448x448"),
    ("lenet5", (1, 28, 28), "what fits: 1x32x32"),
]
"""Inputs that a network does not take."""

OTHERS = [
    (
        "overfeat",
        (3, 281, 317),
        "all of it 216.0M, not 144.7M; dense=true slides its fully connected layers over the map",
    ),
    ("zfnet", (3, 300, 300), "dense=true slides its fully connected layers over the map"),
    ("lenet5", (1, 40, 40), "is another network than with 1x32x32"),
]
"""Inputs that make another network, which is told."""
