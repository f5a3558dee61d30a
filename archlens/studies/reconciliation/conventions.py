"""What each counter counts, operator by operator, where archlens counts multiply-adds alone.

Verified layer by layer against the versions named. Batch size 1, evaluation mode, PyTorch 2.13.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["CONVENTIONS", "Convention", "Rate"]


@dataclass(frozen=True, slots=True)
class Rate:
    """One thing that a counter adds for an operator: `factor` for each of what is measured.

    term     what the difference is called
    measure  what is measured: a key of MEASURES
    instead  whether it stands in the place of our multiply-adds, and is not on top of them
    """

    term: str
    measure: str
    factor: int = 1
    instead: bool = False


Rates = tuple[Rate, ...]
Table = Mapping[str, Rates]
NOTHING: Table = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Convention:
    """How one counter counts. What stands in none of its tables, it does not see.

    operators        what it sees wherever it runs, by operator: counters that trace, or patch functions
    modules          what it sees through PyTorch's own modules, by their exact class: counters that hook
    layers           what it sees through any module without children that has a weight or a bias, by what
                     is in the name of its class
    operators_again  with v ways that lead to a module from the root, what it sees of it counts v, or v²,
    modules_again    times: the exponent

    An operator that one of PyTorch's modules runs may have an entry of its own, `LSTM.linear`, which goes
    before `linear`.
    """

    operators: Table = NOTHING
    modules: Table = NOTHING
    layers: Table = field(default=NOTHING)
    operators_again: int = 0
    modules_again: int = 0


def table(*rows: tuple[str, Rates]) -> Table:
    """One entry for each of the names, in rows of several names."""
    return MappingProxyType({name: rates for names, rates in rows for name in names.split()} | {
        name.replace("_w/o", " without weights"): rates
        for names, rates in rows for name in names.split() if name.endswith("_w/o")
    })  # fmt: skip


