"""Packages that are missing."""

import pytest

from archlens.errors import MissingDependencyError
from archlens.latency import requirements
from archlens.latency.requirements import require


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("torch", "measuring needs PyTorch: pip install -e '.[measure]'"),
        ("numpy", "measuring needs NumPy: pip install -e '.[measure]'"),
        ("scipy", "measuring needs SciPy: pip install -e '.[measure]'"),
        ("psutil", "measuring needs psutil: pip install -e '.[measure]'"),
    ],
)
def test_each_is_named_with_the_way_to_it(
    monkeypatch: pytest.MonkeyPatch, package: str, message: str
) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == package else object())
    with pytest.raises(MissingDependencyError) as error:
        require()
    assert str(error.value) == message


def test_nothing_is_missing_here() -> None:
    require()
