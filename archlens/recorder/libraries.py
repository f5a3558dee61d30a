"""Networks of timm and torchvision, where these are installed."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from torch import nn

from archlens.errors import MissingDependencyError, RecordError, nearest
from archlens.ops import Shape

__all__ = ["library"]

Made = tuple[Callable[[], nn.Module], Callable[[nn.Module], Mapping[str, Shape]]]


def library(place: str, name: str, settings: Mapping[str, Any]) -> Made:
    """What makes a network of a library, without its trained weights, and what it takes by default."""
    return timm(name, settings) if place == "timm" else torchvision(name, settings)


def timm(name: str, settings: Mapping[str, Any]) -> Made:
    """What makes a network of timm, whose configuration tells the input."""
    try:
        library: Any = import_module("timm")
    except ImportError as error:
        raise MissingDependencyError(f"timm:{name} needs timm ({error})", packages="timm") from error
    known = library.list_models()
    if not library.is_model(name):
        raise RecordError(f"timm has no network {name}{nearest(name, known)}")

    def input_of(module: nn.Module) -> Mapping[str, Shape]:
        config = getattr(module, "pretrained_cfg", None) or getattr(module, "default_cfg", {})
        size = config.get("input_size")
        return {"": tuple(size)} if size else {}

    return lambda: library.create_model(name, pretrained=False, **settings), input_of


def torchvision(name: str, settings: Mapping[str, Any]) -> Made:
    """What makes a network of torchvision, which does not tell its input."""
    try:
        models: Any = import_module("torchvision.models")
    except ImportError as error:
        raise MissingDependencyError(
            f"torchvision:{name} needs torchvision ({error})", packages="torchvision"
        ) from error
    if name not in models.list_models():
        raise RecordError(f"torchvision has no network {name}{nearest(name, models.list_models())}")
    return lambda: models.get_model(name, weights=None, **settings), lambda module: {}
