"""One version, wherever it is asked for."""

from importlib.metadata import version

import archlens
from archlens.errors import DISTRIBUTION
from archlens.version import __version__


def test_the_version() -> None:
    assert archlens.__version__ == __version__ == version(DISTRIBUTION)
