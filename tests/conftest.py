"""What all tests share: golden files, and one switch to rewrite them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archlens.graph import Graph
from archlens.spec.catalog import Reference, specs

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="Write what is printed now into tests/golden."
    )


@pytest.fixture(scope="session")
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether expected outputs are to be written and not compared."""
    return bool(request.config.getoption("--rewrite-golden"))


@pytest.fixture(scope="session")
def golden(rewrite: bool) -> Callable[[str, str], None]:
    """Hold a text against tests/golden/NAME, to the last character."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert path.is_file(), f"there is no {path}: run pytest with --rewrite-golden and read what it writes"
        with path.open(encoding="utf-8", newline="") as file:
            assert text == file.read()

    return compare


@pytest.fixture(scope="session")
def catalogue() -> dict[str, Graph]:
    """Every network that comes with archlens, by name."""
    references = [Reference(spec, variant) for spec in specs() for variant in spec.variants]
    return {reference.model: reference.lower({}) for reference in references}
