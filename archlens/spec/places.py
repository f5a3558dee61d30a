"""Where in a spec each node of its graph is written."""

from collections.abc import Callable, Mapping

from archlens.ops import Op
from archlens.spec.catalog import Reference
from archlens.spec.lower import lower
from archlens.spec.read import Value
from archlens.spec.wiring import Wiring

__all__ = ["lines"]


def lines(reference: Reference, overrides: Mapping[str, Value], *, batch: int = 1) -> dict[str, int]:
    """The line of the item behind each node, by the node's name, in the file that `reference.spec` names.

    Of what a shared block makes, that is the line of its call. The network is lowered once more for it,
    so that no graph has to carry lines. Raises what lowering raises.
    """
    noted: dict[str, int] = {}
    lower(
        reference.spec,
        reference.model,
        reference.settings(overrides),
        batch=batch,
        wires=lambda line: _Noting(noted, line),
    )
    return noted


class _Noting(Wiring):
    """Writes down at which line the lowering stands when a node is added."""

    def __init__(self, noted: dict[str, int], line: Callable[[], int]) -> None:
        super().__init__()
        self.noted = noted
        self.line = line

    def add(self, path: str, op: Op, inputs: tuple[int, ...]) -> int:
        self.noted[path] = self.line()
        return super().add(path, op, inputs)
