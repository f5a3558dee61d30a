"""What was tried for the cost model and what it did, good and bad, as numbers of the trials."""

from archlens.report import Column, Table

__all__ = ["tried"]

TRIED = (
    ("layer normalisation as a kind of its own", "13.0 → 11.4", "12.2 → 10.7", "12.6 → 12.5", "10.7 → 10.7",
     "13.6 → 13.6", "kept"),
    ("attention as one operator apart from products, and a term for its scores", "→ 12.4", "→ 12.2", "→ 12.0",
     "→ 10.7", "→ 13.6", "kept"),
    ("functions with an exponential apart from other activations", "→ 12.3", "→ 12.3", "→ 12.6", "→ 10.6",
     "→ 13.5", "kept"),
    ("weights of layers with more than 4 M of them (16 MB) cost extra", "→ 12.6", "→ 12.2", "→ 12.6",
     "→ 10.5", "→ 12.8", "kept"),
    ("elements of operators that move more than 1 M of them cost extra", "→ 12.3", "→ 12.3", "→ 12.6",
     "→ 10.7", "→ 13.5", "kept"),
    ("weights by kind of layer", "→ 12.9", "→ 12.2", "→ 12.6", "→ 10.8", "→ 13.6", "no gain"),
    ("channels rounded up to 8, 16 or 32 (vector width, tiles)", "→ 12.4 to 12.8", "→ 11.8 to 12.3",
     "→ 12.5 to 13.5", "→ 10.8 to 12.5", "→ 13.6 to 14.0",
     "gains 0.3 on all of timm on GPUs, loses 1 to 5 % median on the catalogue"),
    ("multiply-adds over channels in, over channels out", "→ 12.4", "→ 11.9", "→ 12.8", "→ 10.7", "→ 13.6",
     "loses 1 to 3 % median on the catalogue"),
    ("3×3 stride 1 apart (Winograd)", "→ 13.0", "→ 12.1", "→ 12.6", "→ 10.8", "→ 13.4", "no gain"),
    ("depthwise by kernel and stride", "→ 13.0", "→ 12.4", "→ 12.6", "→ 10.7", "→ 13.6", "no gain"),
    ("depthwise rates free of the common rate", "→ 11.2", "→ 10.7", "→ 12.3", "→ 10.3", "→ 12.8",
     "no gain over those kept (11.0, 10.6, 12.1, 10.3, 12.7)"),
    ("the stem apart", "→ 13.0", "→ 12.1", "→ 12.7", "→ 10.7", "→ 13.6", "no gain"),
    ("outputs without dot products as a term by kind", "→ 12.8", "→ 12.3", "→ 12.7", "→ 11.0", "→ 13.5",
     "no gain"),
    ("chains of element-wise work as one kernel, nothing folded", "→ 16.7", "→ 13.3", "→ 14.2", "→ 10.6",
     "→ 14.3", "worse than eager and folded"),
    ("folded, then chains as one kernel", "→ 15.0", "→ 13.4", "→ 12.8", "→ 10.4", "→ 13.8",
     "kept as the fused view: the best on one CPU"),
)  # fmt: skip
NOTES = (
    "Mean of |log(predicted / measured)|, each at most 0.4, in %, for model files left out; trials on the "
    "first 869 networks that were recorded, kinds of work 0.5 apart, on views eager, eager, folded, "
    "folded, folded. Arrows start from one and the same fit: 13.0, 12.2, 12.6, 10.7, 13.6.",
    "Also without gain: a prior for the shares of causes (arithmetic half, memory a third; four "
    "strengths), on 23 small tables 17.8 to 18.8 instead of 17.6.",
    "Later, what does not follow the images (normalised weights, tables of positions) was counted once a "
    "batch and no longer once an image: on 567 networks, eager view, RTX 5090 9.7 → 7.0, RTX 3090 in NHWC "
    "11.3 → 10.1, RTX 4090 compiled 13.5 → 11.8, RTX 3090 training 11.5 → 8.5; i9 11.5 → 11.9.",
    "Then, on 1,625 networks, eager view, terms for dense products whose channels are no multiples of 16: "
    "RTX 4090 9.8 → 9.6, compiled 10.4 → 9.8, RTX 3090 in NHWC 11.1 → 10.6, i9 12.4 → 12.3: kept where "
    "there are 100 networks or more; ten to thirty cannot carry them (NAS-Bench 0.955 → 0.948, Pixel 3 "
    "int8 19 → 33 % median). On top of these, without gain on all tables: memory of products of fewer "
    "than 64 channels, multiply-adds of intense products, of depthwise windows above 3×3, narrow groups, "
    "products of activations that are not aligned.",
    "Then what is left on the i9, whose times are no noise (24 networks that are twins differ by 0.4 % in "
    "the median): eager view, 12.5, i7 9.3, RTX 3090 in NHWC 11.3, RTX 4090 compiled 10.8. One term more "
    "each time, 75 of them: memory and weights of operators beyond caches of 2^16 to 2^24 elements, "
    "weights of a network beyond caches of 2^20 to 2^26; small and large maps; narrow and wide channels, "
    "short and long sums; Winograd; stems, patches, strided 1×1; launches of small and of large "
    "operators; multiply-adds, elements and weights to the powers 0.33 to 0.8; multiply-adds over rows "
    "and over channels; im2col. None gains more than 0.2 on two tables; weights of dense convolutions by "
    "themselves gain 0.6 on the i9 (VGG) and lose 0.8 % median on the catalogue.",
    "Averages of the three views, geometric, equal or weighted by inner folds: mean of the eleven median "
    "errors 6.9 → 6.7; not worth profiles in three views. A view chosen only where it is better by a "
    "standard error: 6.9 → 6.9. Five inner folds and not three choose more steadily (RTX 4090 compiled, "
    "torch 2.4: 9.2 → 8.0): kept.",
    "ncnn, 14 networks a device, each family left out: five terms 19 % median error, 25 of 50 CPUs within "
    "20 %; with ratios between kinds from 87 devices (the family left out on all of them) 16 to 22 % by "
    "how often they are estimated anew: no gain to rely on; multiply-adds of 3×3 convolutions over 2.25, "
    "by Winograd's F(2×2, 3×3), 16 %, 37 of 50: kept as a view, for tables of fewer than 200 networks.",
    "Predicted beside measured on an AMD EPYC, one thread, was 47 % too short for SqueezeNet and 44 % for "
    "GoogLeNet: their pools take 36 and 43 % of the time, at 2.5 ns for each element that a window looks "
    "at, a hundred multiply-adds. As a term of its own, of maximum and mean alike: of the 28 networks and "
    "layers of a calibration the worst network left out with its family 58 → 36 % (one thread) and 56 → 24 "
    "% (two), the 90 % interval ×0.63 to ×1.97 → ×0.83 to ×1.57 and ×0.78 to ×2.28 → ×0.81 to ×1.21; the "
    "21 tables of 20 to 32 networks 17.7 → 16.2 % median error; RTX 3090 in NHWC 7.4 → 7.1, i9 9.3 → 9.5, "
    "RTX 4090 and i7 as they were. Twenty networks of four families cannot carry it (Pixel 3 int8 15 → 33 "
    "%): kept where there are 25. Maxima alone (19.8 on the 21 tables), or two terms (17.8), gain less.",
)


def tried() -> Table:
    """The trials as a table."""
    columns = (
        Column("idea", "idea", right=False), Column("4090", "RTX 4090"), Column("3090", "RTX 3090"),
        Column("5090", "RTX 5090 compiled"), Column("i7", "i7"), Column("i9", "i9"),
        Column("verdict", "verdict", right=False),
    )  # fmt: skip
    return Table(columns, TRIED, title="What was tried", footer=NOTES)
