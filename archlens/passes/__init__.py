"""Graph → Graph: the same network, written another way."""

from archlens.passes.fold import absorbed, fold, fused_kernels, kernels_left

__all__ = ["absorbed", "fold", "fused_kernels", "kernels_left"]
