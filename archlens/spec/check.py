"""Every mistake in a spec file, at once."""

from dataclasses import replace
from pathlib import Path

from archlens.errors import Problem, SpecError
from archlens.spec.catalog import Reference, parsed
from archlens.spec.files import SHARED, shown
from archlens.spec.items import Spec
from archlens.spec.parse import parse_shared_blocks
from archlens.spec.read import read_file

__all__ = ["check"]


def check(path: Path) -> tuple[Problem, ...]:
    """What is wrong with a spec file, in the order of its lines; nothing for a good one.

    All mistakes of the text, and for every variant the first thing that does not fit when its
    shapes are worked out. The file of shared blocks has no network: its blocks are checked.
    """
    name = shown(path)
    try:
        root = read_file(path, name)
        if path.name == SHARED:
            parse_shared_blocks(root, name)
            return ()
        spec, problems = parsed(root, path)
    except SpecError as error:
        return error.problems
    found = [*dict.fromkeys(problems), *_misfits(spec)]
    return tuple(sorted(found, key=lambda problem: problem.line))


def _misfits(spec: Spec) -> list[Problem]:
    """What does not fit, each once, and in which variants where the others have no such problem."""
    variants = spec.variants or (None,)
    found: dict[Problem, list[str]] = {}
    for variant in variants:
        try:
            Reference(spec, variant).lower({})
        except SpecError as error:
            for problem in error.problems:
                found.setdefault(problem, []).append(str(variant))
    return [
        problem
        if len(names) == len(variants)
        else replace(problem, message=f"{problem.message} (variant {names[0]}{_others(names)})")
        for problem, names in found.items()
    ]


def _others(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
