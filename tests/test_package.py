"""The package from outside: its public names, and what using it imports."""

import subprocess
import sys

import pytest

import archlens

HEAVY = (
    "torch", "pandas", "tabulate", "fvcore", "numpy", "matplotlib", "onnx", "scipy", "sqlite3",
    "platformdirs", "altair", "vl_convert",
)  # fmt: skip


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on its own, so that what this process has imported does not matter."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_public_names_are_few() -> None:
    assert len(archlens.__all__) <= 25
    assert sorted(archlens.__all__) == list(archlens.__all__)
    for name in archlens.__all__:
        assert getattr(archlens, name).__doc__, name


def test_the_public_names() -> None:
    assert set(archlens.__all__) == {
        "ArchlensError",
        "Comparison",
        "Graph",
        "Profile",
        "SpecError",
        "UnknownModelError",
        "build",
        "check",
        "compare",
        "diff",
        "guidelines",
        "lint",
        "list_models",
        "load",
        "measure",
        "predict",
        "profile",
        "receptive_field",
        "reconcile",
        "record",
        "rule",
        "savings",
        "sweep",
        "verify",
    }


def test_build_stays_the_function() -> None:
    """A submodule of that name would take its place once it is imported."""
    code = "import archlens, archlens.builder.export; assert callable(archlens.build), archlens.build"
    result = python("-c", code)
    assert (result.returncode, result.stderr) == (0, "")


LIGHT = {
    "import": None,
    "profile": ["profile", "resnet50"],
    "profile as JSON": ["profile", "resnet50", "--format", "json"],
    "compare": ["compare", "shufflenet_v1", "shufflenet_v2"],
    "list": ["list"],
    "devices": ["devices"],
    "one device": ["devices", "show", "a100"],
    "predict": ["predict", "resnet50", "--device", "a100"],
    "spec show": ["spec", "show", "resnet50"],
    "spec check": ["spec", "check", "specs/resnet.yaml"],
    "spec schema": ["spec", "schema"],
    "savings": ["savings"],
    "savings errata": ["savings", "--errata"],
    "lint": ["lint", "mobilenet_v2"],
    "guidelines": ["guidelines", "--no-measure"],
    "help": ["verify", "--help"],
    "an unknown model": ["profile", "resnet5"],
}


@pytest.mark.parametrize("command", LIGHT)
def test_the_road_to_the_costs_is_plain_python(command: str) -> None:
    arguments = LIGHT[command]
    lines = [
        "import sys, archlens",
        f"HEAVY = {HEAVY}",
        f"sys.argv = ['archlens', *{arguments or []}]",
        "try:",
        f"    {'from archlens.cli.app import main; main()' if arguments else 'pass'}",
        "except SystemExit:",
        "    pass",
        "assert not [name for name in HEAVY if name in sys.modules]",
    ]
    result = python("-c", "\n".join(lines))
    assert result.returncode == 0, result.stderr


def test_the_command_line_as_a_module() -> None:
    result = python("-m", "archlens", "--version")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"archlens {archlens.__version__}\n", "")


def test_the_module_knows_what_it_is_called() -> None:
    result = python("-m", "archlens", "--help")
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: python -m archlens ")
