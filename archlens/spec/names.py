"""The names of the networks that come with archlens, and which of them is meant by another one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archlens.spec.reference import spelling

__all__ = ["Family", "matching", "meant", "nearest_network"]

MAX_NAME = 40
CLOSE = 0.6
NEARLY = 0.1
"""How much less alike the plain network of a family may be, and still be the one to suggest."""


@dataclass(frozen=True, slots=True)
class Family:
    """The names that one spec gives.

    name      what the family is called, and `title` what people call it
    variants  the names of its networks
    aliases   other names, each with the network that it stands for
    """

    name: str
    title: str
    variants: tuple[str, ...]
    aliases: Mapping[str, str]

    @property
    def plain(self) -> str:
        """The network that stands for the family: what its name means, or its first."""
        if self.name in self.variants or not self.variants:
            return self.name
        stem = spelling(self.name)
        named = [target for alias, target in self.aliases.items() if stem.startswith(spelling(alias))]
        return named[0] if named else self.variants[0]

    def names(self) -> Iterable[tuple[str, str]]:
        """Every name, with the network that it means."""
        yield from ((variant, variant) for variant in self.variants)
        yield from self.aliases.items()


def meant(name: str, families: Iterable[Family]) -> tuple[str, ...]:
    """The networks that a name may mean that no spec spells so: one, several, or none.

    One whose letters and digits are the same; the plain network of the family that is called so; else the
    plain networks of all families whose names begin with it.
    """
    wanted = spelling(name)
    if not wanted:
        return ()
    listed = tuple(families)
    same = dict.fromkeys(
        target for family in listed for each, target in family.names() if spelling(each) == wanted
    )
    if same:
        return tuple(same)
    called = [family for family in listed if wanted in (spelling(family.name), spelling(family.title))]
    if called:
        return tuple(family.plain for family in called)
    begun = [family.plain for family in listed if spelling(family.name).startswith(wanted)]
    return tuple(begun) if len(begun) > 1 else ()


def nearest_network(name: str, families: Iterable[Family]) -> str:
    """The network whose name is most like another, or nothing.

    The plain network of its family where that is nearly as much alike: `mobilnet_v2` is no word for one of
    MobileNet V2's smaller inputs.
    """
    wanted = spelling(name)
    if not wanted or len(name) > MAX_NAME:
        return ""
    scored = [
        (_likeness(wanted, spelling(each)), family, each) for family in families for each, _ in family.names()
    ]
    best, family, found = max(scored, key=lambda each: each[0], default=(0.0, None, ""))
    if best < CLOSE or family is None:
        return ""
    alike = max(
        _likeness(wanted, spelling(each)) for each, of in family.names() if of == family.plain
    )  # its aliases are names of it, too
    return family.plain if alike >= best - NEARLY else found


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # only a mistake needs it

    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0
    return matcher.ratio()


def matching(pattern: str, families: Iterable[Family]) -> tuple[str, ...]:
    """The networks that a pattern stands for, each once, in the order of their specs."""
    parts = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern.lower())
    wanted = re.compile("".join(parts), re.DOTALL)
    return tuple(
        dict.fromkeys(
            target for family in families for each, target in family.names() if wanted.fullmatch(each.lower())
        )
    )
