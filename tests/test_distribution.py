"""The package as it is installed: the wheel, made from the source distribution, in an empty environment."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archlens import __version__
from archlens.errors import DISTRIBUTION

ROOT = Path(__file__).parents[1]


def run(*arguments: str | Path, expected: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command outside of the checkout, with nothing of this process's Python path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, arguments)),
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        timeout=300,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    assert (folder / f"archlens_nn-{__version__}.tar.gz").is_file()
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and what it asks for, no more."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    return folder / "bin"


def test_the_wheel_holds_the_package_and_the_specs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "archlens").rglob("*.py")}
    specs = {f"archlens/specs/{path.name}" for path in (ROOT / "specs").glob("*.yaml")}
    assert here | specs | {"archlens/py.typed"} <= names
    assert all(name.startswith(("archlens/", "archlens_nn-")) for name in names)


def test_what_is_installed_fits_together(scripts: Path) -> None:
    assert run(scripts / "python", "-m", "pip", "check").stdout == "No broken requirements found.\n"


def test_the_command_runs(scripts: Path) -> None:
    assert run(scripts / "archlens", "--version").stdout == f"archlens {__version__}\n"
    assert "4.089G" in run(scripts / "archlens", "profile", "resnet50").stdout
    assert "25.56M" in run(scripts / "python", "-m", "archlens", "profile", "resnet50").stdout


def test_what_is_missing_is_named_with_the_command_of_the_index(scripts: Path) -> None:
    done = run(scripts / "archlens", "measure", "lenet5", expected=1)
    assert done.stderr == f"archlens: measuring needs PyTorch: pip install '{DISTRIBUTION}[measure]'\n"
