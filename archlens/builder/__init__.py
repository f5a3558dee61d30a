"""Graph → PyTorch module. The only package that knows which module an operator is."""

try:
    import torch  # noqa: F401
except ModuleNotFoundError as error:
    from archlens.errors import MissingDependencyError

    if error.name != "torch":
        raise
    raise MissingDependencyError("building a network needs PyTorch", extra="torch") from error

from archlens.builder import (  # noqa: F401
    activation,
    arithmetic,
    attention,
    convolution,
    fused,
    layout,
    normalization,
    pooling,
    recorded,
    sampling,
)
from archlens.builder.folding import folded
from archlens.builder.network import build
from archlens.builder.rule import module_for

__all__ = ["build", "folded", "module_for"]
