"""What all tests share: golden files, and one switch to rewrite them."""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from archlens.graph import Graph
from archlens.spec.catalog import Reference, specs

GOLDEN = Path(__file__).parent / "golden"

# Read by PyTorch when it is imported, here and in processes that tests start. The workers of the tests share
# the cores, and threads that wait for one another spin: on maps this small that took most of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Tests work everything out, whatever a run before them kept, and leave nothing with whoever runs them.
os.environ["ARCHLENS_CACHE"] = "off"

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_runtest_setup() -> None:
    """No test is held to a time: the first call into PyTorch takes a second, and machines are shared."""
    settings.load_profile("patient")


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


@pytest.fixture
def no_rules_left() -> Iterator[None]:
    """Rules that a test gives for operators are gone after it, and those of others are still there."""
    from archlens.recorder.custom import custom_rules

    before = dict(custom_rules)
    yield
    custom_rules.clear()
    custom_rules.update(before)


@pytest.fixture(scope="session", autouse=True)
def unharmed() -> Iterator[None]:
    """Hold every module that a test records against what it was before, also after an exception."""
    if find_spec("torch") is None:
        yield
        return
    from archlens.recorder import recording
    from tests.unharmed import described, random_states

    recorded = recording.recorded

    def watched(subject: Any) -> Graph:
        reached = (subject.module, subject.inputs, subject.named)
        before, drawn = described(*reached), random_states()
        try:
            return recorded(subject)
        finally:
            assert {**described(*reached), 0: ()} == {**before, 0: ()}
            assert random_states() == drawn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "recorded", watched)
        yield
