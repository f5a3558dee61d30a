"""timm's names of networks that the catalogue has, too: a table of facts, found by recording timm's networks.

`python -m benchmarks timm-names` makes it anew: parameters agree to the last one, multiply-adds to half a
percent, and so do normalisations and pools.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["NAMES", "Named", "in_the_catalogue"]

NAMES = Path(__file__).with_name("timm_names.csv")


class Named(NamedTuple):
    """A network of the catalogue, and the input at which it is what timm's name stands for."""

    model: str
    input: tuple[int, int, int]


def in_the_catalogue(name: str) -> Named | None:
    """What archlens calls a network of timm, tags such as `.a1_in1k` aside; None where it has none.

    >>> in_the_catalogue("mobilenetv2_100.ra_in1k")
    Named(model='mobilenet_v2', input=(3, 224, 224))
    """
    return _names().get(name.partition(".")[0])


@cache
def _names() -> dict[str, Named]:
    """The table of timm's names, read once: it is a file of the package, which does not change."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        return {
            row["timm"]: Named(row["archlens"], (3, int(row["input"]), int(row["input"])))
            for row in csv.DictReader(file)
        }
