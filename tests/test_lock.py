"""The lock: what is installed here is what every machine installs, this year and the next."""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
DISTRIBUTION = "archlens-nn"


def locked(file: str) -> dict[str, str]:
    """Name and version of every package that a lock names for this machine."""
    lines = (line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    requirements = [Requirement(line) for line in lines if line]
    return {
        str(canonicalize_name(requirement.name)): str(requirement.specifier).removeprefix("==")
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    }


def installed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> dict[str, str]:
    """Name and version of a distribution and of all that it asks for, where it is installed."""
    name = str(canonicalize_name(name))
    if (name, extras) in seen:
        return {}
    seen.add((name, extras))
    try:
        found = {name: version(name)}
    except PackageNotFoundError:
        return {}
    for line in requires(name) or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            found |= installed(requirement.name, frozenset(requirement.extras), seen)
    return found


def test_what_is_installed_is_what_is_locked() -> None:
    """A build of PyTorch says its platform after a plus sign: 2.13.0+cpu is a 2.13.0."""
    here = installed(DISTRIBUTION, frozenset({"dev"}), set())
    del here[DISTRIBUTION]
    if "pytest-xdist" not in here or "mypy" not in here:
        pytest.skip("this is not the development environment: `make test` makes it")
    names = locked("constraints.txt")
    assert {name: found.split("+")[0] for name, found in here.items()} == {
        name: names.get(name) for name in here
    }


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-lowest.txt"])
def test_a_lock_holds_exact_versions_and_no_place(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for line in text.splitlines():
        assert line.lstrip().startswith("#") or re.match(r"[a-z0-9.-]+==[0-9][^ ]*( ; .+)?$", line), line
