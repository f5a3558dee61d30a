"""How accurate a network of the catalogue is, as somebody prints it."""

from archlens.errors import ArchlensError
from archlens.spec.catalog import find
from archlens.spec.items import Accuracy

__all__ = ["accuracy_of"]


def accuracy_of(model: str) -> Accuracy | None:
    """What is printed of a network by its name; None where nothing is, and for one under other settings.

    >>> accuracy_of("shufflenet_v2_x1_0").top1
    69.4
    """
    try:
        reference = find(model)
    except ArchlensError:
        return None
    return None if reference.given else reference.spec.accuracy.get(reference.variant or "")
