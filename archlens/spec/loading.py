"""A network by its name, or from a spec → its graph."""

from warnings import warn

from archlens.graph import Graph
from archlens.spec.catalog import as_value, find
from archlens.spec.fitting import fitted
from archlens.spec.resized import resized

__all__ = ["load"]


def load(model: str, *, batch: int = 1, **settings: object) -> Graph:
    """The graph of a model by name (`resnet50[groups=32]`), or from a file (`my.yaml`, `my.yaml:variant`).

    batch     images at once; the first axis of every shape
    settings  overrides of the spec's settings: `load("resnet50", groups=32, base=4)`; `input` is one
              of them: `load("resnet50", input=(3, 160, 160))`

    >>> load("resnet50").nodes[-1].shape
    (1, 1000)

    Warns of an input that makes another network, whose weights are not those of the one that is named.
    Raises UnknownModelError with the nearest name, SpecError, with inputs that fit where the one given does
    not, or UsageError for a setting that the spec does not have.
    """
    reference = find(model)
    overrides = {name: as_value(value) for name, value in settings.items()}
    graph = fitted(reference, overrides, batch=batch)
    if told := resized(reference, overrides, graph):
        warn(told, stacklevel=2)
    return graph
