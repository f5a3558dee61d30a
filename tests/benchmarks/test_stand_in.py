"""A package that is missing, and one that is not."""

import importlib
import sys

import pytest

from benchmarks.stand_in import stand_in


def test_a_missing_package_can_be_imported_and_is_gone_afterwards() -> None:
    with stand_in("no_such_package"):
        below = importlib.import_module("no_such_package.below.it")
        assert below.Anything.NEAREST == "NEAREST"
        assert isinstance(below.Anything, type)
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("another_missing_package")
    assert not [name for name in sys.modules if name.startswith("no_such_package")]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_package")


def test_a_package_that_is_there_is_left_alone() -> None:
    import json

    with stand_in("json"):
        assert importlib.import_module("json") is json
    assert sys.modules["json"] is json
