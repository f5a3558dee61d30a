"""Numbers as people print them: 25.56M, 4.089G, 12.34 ms, and back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

__all__ = ["Quantity", "duration", "human", "plural", "spread"]

PREFIXES = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12, "P": 15}
WORTH = {
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18, "Z": 10**21, "Y": 10**24,
}  # fmt: skip
TIMES = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}
PRINTED = re.compile(r"(\d{1,15})(?:\.(\d{1,9}))?\s?([kKMGBTP]?)", re.ASCII)


def human(value: int | float, unit: str = "") -> str:
    """A count to four significant digits with its SI prefix.

    >>> human(25557032), human(999), human(102228128, "B")
    ('25.56M', '999', '102.2MB')
    """
    if abs(value) < 1000:
        number = str(value) if isinstance(value, int) else f"{value:.4g}"
        return number + unit
    for prefix, worth in WORTH.items():
        if abs(value) < 1000 * worth:
            digits = f"{value / worth:#.4g}"
            if abs(float(digits)) < 1000:
                return digits.rstrip(".") + prefix + unit
    if isinstance(value, float) and not isfinite(value):
        return f"{value}{unit}"
    return f"{Decimal(value):.3e}".replace("e+", "e") + unit  # beyond all prefixes: 1.234e27


def plural(number: int, noun: str) -> str:
    """A number of things: 1 network, 67 networks."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(value: Any) -> str:
    """Seconds to four significant digits: 12.34 ms, −1.234 µs."""
    if value is None:
        return ""
    if value < 0:
        return f"−{duration(-value)}"
    unit = next((unit for unit, worth in TIMES.items() if float(f"{value / worth:.4g}") >= 1), "µs")
    number = value / TIMES[unit]
    return f"{f'{number:#.4g}'.rstrip('.') if number < 1000 else f'{number:.0f}'} {unit}"


def spread(value: Any, shown: Callable[[Any], str] = duration) -> str:
    """The two ends of an interval of seconds: 12.01–12.62 ms.

    shown  how a time is written
    """
    if value is None:
        return ""
    low, high = shown(value[0]), shown(value[1])
    (number, unit), other = low.split(" "), high.split(" ")[1]
    return f"{number}–{high}" if unit == other else f"{low} – {high}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A printed figure, with the precision that its digits carry.

    text   as printed: `146M`
    value  what it stands for: 146000000
    digit  what one in its last printed digit is worth: 1000000
    """

    text: str
    value: int
    digit: int

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """Read `146M`, `4.09G`, `0.5M` or `25557032`; a ValueError for anything else."""
        match = PRINTED.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a figure such as 25557032, 146M or 4.09G")
        whole, fraction, prefix = match[1], match[2] or "", match[3]
        exponent = PREFIXES[prefix] - len(fraction)
        if exponent < 0:
            raise ValueError(f"{text!r} has more digits than a count has")
        return cls(text.strip(), int(whole + fraction) * 10**exponent, 10**exponent)

    def agrees(self, value: int) -> bool:
        """Whether a count rounds to this figure, to the digits printed.

        >>> Quantity.parse("146M").agrees(145_600_000), Quantity.parse("146M").agrees(144_910_000)
        (True, False)
        """
        return 2 * abs(value - self.value) <= (self.digit if self.digit > 1 else 0)
