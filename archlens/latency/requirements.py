"""The packages that measuring needs, and the conditions to measure under once they are there."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from archlens.errors import MissingDependencyError

if TYPE_CHECKING:
    from archlens.latency.network.conditions import Conditions

__all__ = ["conditions_for", "require"]

MEASURE = {"torch": "PyTorch", "numpy": "NumPy", "scipy": "SciPy", "psutil": "psutil"}


def require() -> None:
    """Raise a MissingDependencyError that names what is missing, before anything is built."""
    for package, name in MEASURE.items():
        if find_spec(package) is None:
            raise MissingDependencyError(f"measuring needs {name}", extra="measure")


def conditions_for(
    device: str, dtype: str, layout: str, mode: str, threads: int | None, seed: int
) -> "Conditions":
    """The conditions that the options ask for, on this machine.

    Raises a MissingDependencyError without the packages that measuring needs.
    """
    require()
    from archlens.latency.network.conditions import Conditions

    return Conditions(device=device, dtype=dtype, layout=layout, mode=mode, threads=threads, seed=seed)
