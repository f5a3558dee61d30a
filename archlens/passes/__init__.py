"""Graph → Graph: the same network written another way, or a part of it."""

from archlens.passes.excerpt import chain, excerpt
from archlens.passes.fold import absorbed, fold, fused_kernels, kernels_left

__all__ = ["absorbed", "chain", "excerpt", "fold", "fused_kernels", "kernels_left"]
