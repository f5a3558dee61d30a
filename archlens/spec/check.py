"""Every mistake in a spec file, at once."""

from pathlib import Path

from archlens.errors import Problem, SpecError
from archlens.spec.catalog import Reference, shared_blocks, shown
from archlens.spec.parse import parse
from archlens.spec.read import read_file

__all__ = ["check"]


def check(path: Path) -> tuple[Problem, ...]:
    """What is wrong with a spec file, in the order of its lines; nothing for a good one.

    All mistakes of the text, and for every variant the first thing that does not fit when its
    shapes are worked out.
    """
    name = shown(path)
    try:
        spec, problems = parse(read_file(path, name), name, shared_blocks())
    except SpecError as error:
        return error.problems
    found = dict.fromkeys(problems)
    for variant in spec.variants or (None,):
        reference = Reference(spec, variant)
        try:
            reference.lower({})
        except SpecError as error:
            found.update(dict.fromkeys(error.problems))
    return tuple(sorted(found, key=lambda problem: problem.line))
