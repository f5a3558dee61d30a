"""How accurate a network of the catalogue is, as somebody prints it."""

from archlens.errors import ArchlensError
from archlens.ops import Shape
from archlens.spec.catalog import find
from archlens.spec.items import Accuracy

__all__ = ["accuracy_of"]


def accuracy_of(model: str, *, family: str, input: Shape, params: int) -> Accuracy | None:
    """What is printed of a network of the catalogue; None where nothing is, and for what only bears its name.

    model   its name; what has settings of its own has another one
    family  of its spec: an ONNX file or a module called resnet18 is of none, and has been trained otherwise
    input   batch first: the figure was printed for the spec's own size
    params  learnable weights: a spec of one's own that was changed has others

    >>> shape = (1, 3, 224, 224)
    >>> accuracy_of("resnet18", family="resnet", input=shape, params=11_689_512).top1
    69.76
    """
    try:
        reference = find(model)
    except ArchlensError:
        return None
    printed = reference.spec.accuracy.get(reference.variant or "")
    if printed is None or reference.given or reference.spec.family != family:
        return None
    own = reference.lower({})
    same = own.input_shape[1:] == input[1:] and sum(node.cost.params for node in own.nodes) == params
    return printed if same else None
