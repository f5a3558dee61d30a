"""The values that a setting may have, as people write them: choices, ranges, log ranges.

512,1024,2048             these three
0.25..2.0/0.05            from 0.25 to 2.0 in steps of 0.05; whole numbers go in steps of 1 unless told
16..512*2                 16, 32, 64, … 512: each twice the one before
1e-4..1e-1~7              seven numbers, evenly apart on a log scale; whole numbers are rounded
3x128x128..3x224x224/32   inputs: every side grows in steps of 32
16,32,64..256/64          all of these
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from archlens.errors import SpecError, UsageError
from archlens.spec.read import Value, plain, read
from archlens.spec.reference import SHAPE, as_shape
from archlens.spec.settings import is_input

__all__ = ["MAX_VALUES", "parse_values"]

MAX_VALUES = 100_000
SIGNIFICANT = 6
"""Digits of the numbers of a log range."""

NUMBER = r"[-+]?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,3})?"
RANGE = re.compile(
    rf"(?P<first>{NUMBER})\.\.(?P<last>{NUMBER})"
    rf"(?:/(?P<step>{NUMBER})|\*(?P<factor>{NUMBER})|~(?P<count>\d{{1,6}}))?",
    re.ASCII,
)
INPUTS = re.compile(
    rf"(?P<first>{SHAPE.pattern})\.\.(?P<last>{SHAPE.pattern})(?:/(?P<step>\d{{1,9}}))?", re.ASCII
)
FORMS = "512,1024, 0.25..2.0/0.05, 16..512*2, 1e-4..1e-1~7 or 3x128x128..3x224x224/32"

Fits = Callable[[Value], bool]
"""Whether one value is such as the setting takes."""


def parse_values(text: str, fits: Fits, shown: str) -> tuple[tuple[Value, ...], bool]:
    """The values in a text, in its order and each once, and whether all of it is numbers in rising order.

    fits   whether a value is one of the setting's: `[[48, 96], [116, 232]]` is two values for a setting
           that holds a list of numbers, and one for a setting that holds lists of lists
    shown  how the values were given, for messages

    Raises a UsageError.
    """
    found: dict[Value, None] = {}
    parts = list(split(text))
    if len(parts) == 1 and isinstance(whole := _literal(parts[0], shown), tuple) and not fits(whole):
        found = dict.fromkeys(whole)
    else:
        for part in parts:
            found.update(dict.fromkeys(_of_part(part, shown)))
            if len(found) > MAX_VALUES:
                raise UsageError(f"{shown}: more than {MAX_VALUES} values")
    if not found:
        raise UsageError(f"{shown}: no value at all; expected {FORMS}")
    values = tuple(found)
    return values, rises(values)


def rises(values: tuple[Value, ...]) -> bool:
    """Whether values are numbers, or inputs, each larger than the one before."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(values):
        return all(a < b for a, b in pairwise(numbers))
    sizes = [value for value in values if is_input(value)]
    return len(sizes) == len(values) and all(
        len(a) == len(b) and a != b and all(p <= q for p, q in zip(a, b, strict=True))
        for a, b in pairwise(sizes)
    )


def split(text: str) -> Iterator[str]:
    """The parts of a text between its commas, except for those within brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if sign == "," and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _of_part(text: str, shown: str) -> Iterator[Value]:
    if match := RANGE.fullmatch(text):
        yield from _numbers(match, shown)
    elif match := INPUTS.fullmatch(text):
        yield from _inputs(match, shown)
    elif ".." in text:
        raise UsageError(f"{shown}: {text} is no range; expected {FORMS}")
    else:
        yield as_shape(_literal(text, shown))


def _literal(text: str, shown: str) -> Value:
    """One value as a spec file would hold it."""
    try:
        entries = read(f"value: {text}").entries
        if not text or len(entries) > 1:
            raise ValueError
        return plain(entries["value"])
    except (SpecError, ValueError):
        raise UsageError(f"{shown}: {text or 'nothing'} is no value; expected {FORMS}") from None


def _numbers(match: re.Match[str], shown: str) -> Iterator[Value]:
    words = [word for word in match.groups() if word is not None]
    whole = not any(sign in word for word in words for sign in ".eE")
    first, last = Decimal(match["first"]), Decimal(match["last"])
    if first > last:
        raise UsageError(f"{shown}: the range {match[0]} is empty: {match['last']} is below {match['first']}")
    if match["count"]:
        yield from _evenly_on_a_log_scale(first, last, int(match["count"]), whole, shown)
        return
    if match["factor"]:
        factor = Decimal(match["factor"])
        if factor <= 1 or first <= 0:
            raise UsageError(
                f"{shown}: {match[0]}: a range by a factor starts above 0 and its factor is above 1"
            )
    elif match["step"] is None and not whole:
        raise UsageError(f"{shown}: {match[0]} needs a step, such as {match[0]}/0.05")
    else:
        step = Decimal(match["step"] or 1)
        if step <= 0:
            raise UsageError(f"{shown}: {match[0]}: the step has to be above 0")
        if (last - first) / step >= MAX_VALUES:
            raise UsageError(f"{shown}: {match[0]} has more than {MAX_VALUES} values")
    value, place = first, 0
    while value <= last:
        yield int(value) if whole else float(value)
        place += 1
        value = value * factor if match["factor"] else first + place * step
        if place > MAX_VALUES:
            raise UsageError(f"{shown}: {match[0]} has more than {MAX_VALUES} values")


def _evenly_on_a_log_scale(
    first: Decimal, last: Decimal, count: int, whole: bool, shown: str
) -> Iterator[Value]:
    """first · (last / first) ** (i / (count − 1)), i = 0 … count − 1; the ends are met exactly."""
    if first <= 0 or count < 2 or count > MAX_VALUES:
        raise UsageError(f"{shown}: a log range starts above 0 and has from 2 to {MAX_VALUES} values")
    ratio = float(last / first)
    for place in range(count):
        exact = float(first) * ratio ** (place / (count - 1))
        value = float(last) if place == count - 1 else float(f"{exact:.{SIGNIFICANT}g}")
        yield round(value) if whole else value


def _inputs(match: re.Match[str], shown: str) -> Iterator[Value]:
    first, last = as_shape(match["first"]), as_shape(match["last"])
    if not is_input(first) or not is_input(last) or len(first) != len(last):
        raise UsageError(f"{shown}: {match[0]}: both ends are inputs with as many axes, such as 3x128x128")
    step = int(match["step"] or 1)
    if step < 1 or not all(a <= b for a, b in zip(first, last, strict=True)):
        raise UsageError(
            f"{shown}: the range {match[0]} is empty: no side may shrink, and its step is above 0"
        )
    lengths = [range(a, b + 1, step) if a != b else (a,) for a, b in zip(first, last, strict=True)]
    counts = {len(each) for each in lengths if len(each) > 1}
    if len(counts) > 1:
        raise UsageError(f"{shown}: {match[0]}: all sides that grow take equally many steps of {step}")
    for place in range(max(counts, default=1)):
        yield tuple(each[place] if len(each) > 1 else each[0] for each in lengths)
