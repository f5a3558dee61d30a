"""What stands along an axis: a number with its unit, as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Literal

import altair as alt

from archlens.quantity import duration, human

__all__ = ["Quantity", "shown_bound"]

SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that an axis shows.

    title       what it is: memory access
    unit        what it is counted in: elements, B, seconds; "" where it has none
    larger      whether more of it is better
    logarithmic whether equal ratios are equal distances
    """

    title: str
    unit: str = ""
    larger: bool = False
    logarithmic: bool = True

    @property
    def heading(self) -> str:
        """The title of the axis: predicted time (ms)."""
        unit = "s" if self.unit == SECONDS else self.unit
        return f"{self.title} ({unit})" if unit else self.title

    def shown(self, value: float) -> str:
        """The number as a label or a title has it: 4.089G, 12.34 ms."""
        if self.unit == SECONDS:
            return duration(value)
        return human(value, "B" if self.unit == "B" else "")

    def domain(self, values: Iterable[float]) -> tuple[float, float]:
        """From where to where the axis reaches: all values, and room at both ends.

        A logarithmic axis has room of a ratio.
        """
        listed = [*values]
        low, high = min(listed), max(listed)
        if self.logarithmic:
            room = max(0.05 * (log10(high) - log10(low)), 0.06)
            return 10 ** (log10(low) - room), 10 ** (log10(high) + room)
        room = 0.06 * (high - low) or abs(high) or 1.0
        return low - room, high + room

    def scale(self, domain: tuple[float, float]) -> alt.Scale:
        """The scale over a domain."""
        kind: Literal["log", "linear"] = "log" if self.logarithmic else "linear"
        return alt.Scale(type=kind, domain=[*domain], nice=False, zero=False)

    def axis(self, domain: tuple[float, float] | None = None, **more: Any) -> alt.Axis:
        """The axis: SI prefixes for counts, milliseconds for times; over a domain, ticks at round numbers."""
        label = "abs(datum.value) < 1 ? format(datum.value, '~r') : format(datum.value, '~s')"
        if self.unit == SECONDS:
            label = (
                "!datum.value ? '0' : datum.value < 0.9999e-3 ? format(datum.value * 1e6, '.3~r') + ' µs' : "
                "datum.value < 0.9999 ? format(datum.value * 1e3, '.3~r') + ' ms' : "
                "format(datum.value, '.3~r') + ' s'"
            )
        title = self.title if self.unit == SECONDS else self.heading
        if self.logarithmic and domain is not None:
            more["values"] = ticks(*domain)
        return alt.Axis(title=title, labelExpr=label, tickCount=6, **more)


def ticks(low: float, high: float) -> list[float]:
    """Round numbers on a logarithmic axis: powers of ten; over few, 2 and 5 between, or all digits.

    >>> ticks(8, 300)
    [10.0, 20.0, 50.0, 100.0, 200.0]
    """
    decades = log10(high / low)
    digits = (1, 2, 5) if 0.8 < decades <= 2 else (1,) if decades > 2 else (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    found = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [each for each in found if low <= each <= high]


def shown_bound(quantity: Quantity, value: float, complete: bool) -> str:
    """A number as people read it, with ≥ before it where something could not be costed."""
    return quantity.shown(value) if complete else f"≥{quantity.shown(value)}"
