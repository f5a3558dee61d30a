"""The scalars of YAML → Python values, by YAML 1.2's core rules."""

import re
from typing import Any

__all__ = ["RefusedError", "resolve"]

MAX_DIGITS = 15
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class RefusedError(Exception):
    """Something that a spec does not hold, and the line where it stands."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def resolve(event: Any, line: int) -> int | float | bool | str | None:
    """The value of a scalar under YAML 1.2's core rules: `no`, `on` and `1:30` are plain words."""
    text: str = event.value
    if event.style:
        return text
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise RefusedError(line, f"{text[:20]}… has more than {MAX_DIGITS} digits")
        return int(text, {"o": 8, "x": 16}.get(text[1:2], 10))
    if ENDLESS.fullmatch(text):
        raise RefusedError(line, f"{text} is not a finite number")
    if NUMBER.fullmatch(text):
        if not abs(number := float(text)) < 10**MAX_DIGITS:
            raise RefusedError(line, f"{text[:20]} is too large a number")
        return number
    return text
