"""What the paper printed in Tables 1 to 4 (Ma et al., arXiv 1807.11164): its networks and their speeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archlens.spec.read import Value

__all__ = ["DEVICES", "GUIDELINES", "SCALES", "Guideline", "PrintedDevice", "Row", "guideline"]

PrintedDevice = Literal["gpu", "arm"]

DEVICES: dict[PrintedDevice, str] = {"gpu": "GTX 1080 Ti", "arm": "Snapdragon 810"}
"""Whose speeds are printed: batches a second on the GPU, images a second on the ARM core.

In these tables a batch is one image: 437 batches/s of 8.2G multiply-adds, in Table 2, are 3.6T a second, and
5.7T are the most that the GPU can do.
"""

SCALES = (1, 2, 4)
"""What the channels are multiplied by: a column of the tables each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of one of the paper's tables: a network, and its speed at three scales.

    name      what the table calls it
    gpu, arm  its channels at scale 1 for either device: its width, and in Table 1 also that inside its blocks
    speeds    printed for either device, at scales 1, 2 and 4
    settings  of its spec, beside the channels
    """

    name: str
    gpu: tuple[int, ...]
    arm: tuple[int, ...]
    speeds: Mapping[PrintedDevice, tuple[float, float, float]]
    settings: Mapping[str, Value] = field(default_factory=dict)

    def channels(self, device: PrintedDevice, scale: int) -> tuple[int, ...]:
        """The channels for a device at a scale, rounded up to what the groups divide."""
        groups = int(str(self.settings.get("groups", 1)))
        widths = self.gpu if device == "gpu" else self.arm
        return tuple(-(-scale * width // groups) * groups for width in widths)

    def speed(self, device: PrintedDevice, scale: int) -> float:
        """The speed printed for a device at a scale."""
        return self.speeds[device][SCALES.index(scale)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """One of the four, with the table that shows it.

    key      g1 to g4
    says     what it claims
    heading  what tells the rows apart
    rows     the others are compared with the first
    slower   whether the others ought to be slower than the first; else faster
    assumed  what the paper does not print, and what is taken for it
    """

    key: str
    says: str
    table: str
    heading: str
    rows: tuple[Row, ...]
    slower: bool = True
    assumed: str = ""

    @property
    def variant(self) -> str:
        """The name of its network in networks.yaml."""
        return f"guideline_{self.key}"


GUIDELINES = (
    Guideline(
        key="g1",
        says="equal channel widths minimise memory access",
        table="Table 1",
        heading="c1:c2",
        rows=(
            Row(name="1:1", gpu=(128, 128), arm=(32, 32),
                speeds={"gpu": (1480, 723, 232), "arm": (76.2, 21.7, 5.3)}),
            Row(name="1:2", gpu=(90, 180), arm=(22, 44),
                speeds={"gpu": (1296, 586, 206), "arm": (72.9, 20.5, 5.1)}),
            Row(name="1:6", gpu=(52, 312), arm=(13, 78),
                speeds={"gpu": (876, 489, 189), "arm": (69.1, 17.9, 4.6)}),
            Row(name="1:12", gpu=(36, 432), arm=(9, 108),
                speeds={"gpu": (748, 392, 163), "arm": (57.6, 15.1, 4.4)}),
        ),
    ),
    Guideline(
        key="g2",
        says="many groups raise memory access",
        table="Table 2",
        heading="groups",
        assumed="8 groups do not divide the 180 channels printed for ARM at scale 1: 184 are taken there",
        rows=(
            Row(name="g=1", gpu=(128,), arm=(64,),
                speeds={"gpu": (2451, 1289, 437), "arm": (40.0, 10.2, 2.3)}),
            Row(name="g=2", gpu=(180,), arm=(90,), settings={"groups": 2},
                speeds={"gpu": (1725, 873, 341), "arm": (35.0, 9.5, 2.2)}),
            Row(name="g=4", gpu=(256,), arm=(128,), settings={"groups": 4},
                speeds={"gpu": (1026, 644, 338), "arm": (32.9, 8.7, 2.1)}),
            Row(name="g=8", gpu=(360,), arm=(180,), settings={"groups": 8},
                speeds={"gpu": (634, 445, 230), "arm": (27.8, 7.5, 1.8)}),
        ),
    ),
    Guideline(
        key="g3",
        says="fragments reduce the degree of parallelism",
        table="Table 3",
        heading="fragments",
        assumed=(
            "the channels of 2 and 4 fragments are not printed: c over the root of n, rounded down at "
            "scale 1; nor is how parallel ones are merged: added up"
        ),
        rows=(
            Row(name="1-fragment", gpu=(128,), arm=(64,),
                speeds={"gpu": (2446, 1274, 434), "arm": (40.2, 10.1, 2.3)}),
            Row(name="2-series", gpu=(90,), arm=(45,), settings={"fragments": 2},
                speeds={"gpu": (1790, 909, 336), "arm": (38.6, 10.1, 2.2)}),
            Row(name="4-series", gpu=(64,), arm=(32,), settings={"fragments": 4},
                speeds={"gpu": (752, 745, 349), "arm": (38.4, 10.1, 2.3)}),
            Row(name="2-parallel", gpu=(90,), arm=(45,), settings={"fragments": 2, "parallel": True},
                speeds={"gpu": (1537, 803, 320), "arm": (33.4, 9.1, 2.2)}),
            Row(name="4-parallel", gpu=(64,), arm=(32,), settings={"fragments": 4, "parallel": True},
                speeds={"gpu": (691, 572, 292), "arm": (35.0, 8.4, 2.1)}),
        ),
    ),
    Guideline(
        key="g4",
        says="element-wise operators are not negligible",
        table="Table 4",
        heading="unit",
        slower=False,
        assumed="the input's size and the channels inside a unit are not printed: 56×56, and a quarter of c",
        rows=(
            Row(name="ReLU + shortcut", gpu=(32,), arm=(32,),
                speeds={"gpu": (2427, 2066, 1436), "arm": (56.7, 16.9, 5.0)}),
            Row(name="ReLU", gpu=(32,), arm=(32,), settings={"shortcut": False},
                speeds={"gpu": (2647, 2256, 1735), "arm": (61.9, 18.8, 5.2)}),
            Row(name="shortcut", gpu=(32,), arm=(32,), settings={"activated": False},
                speeds={"gpu": (2672, 2121, 1458), "arm": (57.3, 18.2, 5.1)}),
            Row(name="neither", gpu=(32,), arm=(32,), settings={"activated": False, "shortcut": False},
                speeds={"gpu": (2842, 2376, 1782), "arm": (66.3, 20.2, 5.4)}),
        ),
    ),
)  # fmt: skip


def guideline(key: str) -> Guideline:
    """The guideline g1, g2, g3 or g4."""
    return next(each for each in GUIDELINES if each.key == key)
