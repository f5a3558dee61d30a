"""Where in a spec each node of its graph is written."""

from collections.abc import Mapping

from archlens.spec.catalog import Reference
from archlens.spec.lower import lower
from archlens.spec.read import Value

__all__ = ["lines"]


def lines(reference: Reference, overrides: Mapping[str, Value], *, batch: int = 1) -> dict[str, int]:
    """The line of the item behind each node, by the node's name, in the file that `reference.spec` names.

    Of what a shared block makes, that is the line of its call. The network is lowered once more for it,
    so that no graph has to carry lines. Raises what lowering raises.
    """
    noted: dict[str, int] = {}
    settings = reference.settings(overrides)
    lower(reference.spec, reference.model, settings, batch=batch, noted=noted)
    return noted
