"""The machine that the numbers were taken on: what it is, never what it is called."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["load", "machine"]

PACKAGES = (
    "archlens",
    "torch",
    "fvcore",
    "torchinfo",
    "ptflops",
    "thop",
    "calflops",
    "transformers",
    "torchprofile",
)


def machine() -> str:
    """Processor, cores, system and versions, in one line."""
    packages = ", ".join(f"{package} {installed(package)}" for package in PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor()}, {cores} cores, {system()}, {python}; {packages}"


def load() -> str:
    """How many processes wanted to run in the last minute, by the kernel's count."""
    return f"{os.getloadavg()[0]:.1f}"


def processor() -> str:
    """The model that the processor calls itself, with its family numbers where the name says little."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = facts.get("model name") or platform.machine()
    if "cpu family" not in facts:
        return name
    return f"{name} (family {facts['cpu family']}, model {facts['model']})"


def system() -> str:
    """Such as: Debian GNU/Linux 12 (bookworm)."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def installed(package: str) -> str:
    """Its version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
