"""One thing that differs among the variants of a space, and the values that it may have."""

from dataclasses import dataclass

from archlens.spec.read import Value

__all__ = ["Dimension", "element_of"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A setting, one element of a setting's list, the input, or a name that other settings are computed from.

    name    of the setting, or of its own
    values  all that it may have, in their order
    place   which element of the setting's list it is; None for the whole setting
    rises   whether the values are numbers or inputs from small to large, so that neighbours are alike
    """

    name: str
    values: tuple[Value, ...]
    place: int | None = None
    rises: bool = False

    @property
    def key(self) -> str:
        """What people call it: `head`, `widths[1]`."""
        return self.name if self.place is None else f"{self.name}[{self.place}]"


def element_of(key: str) -> tuple[str, int | None]:
    """The setting in a key, and which element of its list is meant.

    >>> element_of("widths[1]"), element_of("head")
    (('widths', 1), ('head', None))
    """
    name, bracket, rest = key.partition("[")
    if bracket and rest.endswith("]") and rest[:-1].isdecimal() and len(rest) < 5:
        return name, int(rest[:-1])
    return key, None
