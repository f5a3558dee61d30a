"""The packages that measuring needs."""

from importlib.util import find_spec

from archlens.errors import MissingDependencyError

__all__ = ["require"]

MEASURE = {"torch": "PyTorch", "numpy": "NumPy", "scipy": "SciPy", "psutil": "psutil"}
PLOT = {"matplotlib": "Matplotlib"}


def require(*, plot: bool = False) -> None:
    """Raise a MissingDependencyError that names what is missing, before anything is built."""
    for package, name in MEASURE.items():
        if find_spec(package) is None:
            raise MissingDependencyError(f"measuring needs {name}", extra="measure")
    for package, name in PLOT.items():
        if plot and find_spec(package) is None:
            raise MissingDependencyError(f"a plot needs {name}", extra="plot")
