"""The words that say which network is meant: `resnet50[groups=32,input=3x160x160]`, `mobilenet_v*`.

name        as specs write it, or as people do: ResNet50, resnet-50, efficientnet-b0
file        my.yaml, my.yaml:variant
pattern     * and ? stand for any letters and for one, where several networks are taken
[key=value] settings, after any of these; the input is one of them
"""

import re

from archlens.errors import SpecError, UsageError
from archlens.spec.read import Value, plain, read

__all__ = ["FILE", "as_shape", "is_pattern", "parse_setting", "spelling", "split_model"]

FILE = re.compile(r"(.+\.ya?ml)(?::([^:]*))?", re.DOTALL)
BRACKETS = re.compile(r"(?P<name>[^\[\]]+)\[(?P<settings>.*)\]", re.DOTALL)
SHAPE = re.compile(r"\d{1,9}([x×]\d{1,9})*", re.ASCII)
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
SEPARATOR = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
NEXT = re.compile(r",(?=\s*\w+\s*=)")
"""A comma that another key follows; others stand in lists."""


def split_model(model: str) -> tuple[str, dict[str, Value]]:
    """The name in a reference, and the settings in its brackets.

    >>> split_model("resnet50[depths=[3,4,6,3],input=3x160x160]")
    ('resnet50', {'depths': (3, 4, 6, 3), 'input': '3x160x160'})

    Raises a UsageError for what is no setting, and for one that is given twice.
    """
    match = BRACKETS.fullmatch(model)
    if match is None or not ("=" in match["settings"] or not match["settings"].strip()):
        return model, {}
    found: dict[str, Value] = {}
    for setting in NEXT.split(match["settings"]) if match["settings"].strip() else ():
        name, value = parse_setting(setting, f"{match['name']}[{setting.strip()}]")
        if name in found:
            raise UsageError(f"{model}: {name} is given twice")
        found[name] = value
    return match["name"], found


def parse_setting(setting: str, shown: str) -> tuple[str, Value]:
    """`groups=32`, `depths=[3,4,6,3]` → a name and what a spec file would hold.

    shown  how the setting was given, for messages

    Raises a UsageError.
    """
    name, equals, text = (part.strip() for part in setting.partition("="))
    try:
        entries = read(f"value: {text}").entries
        if not equals or not name or not text or len(entries) > 1:
            raise ValueError
        value = plain(entries["value"])
    except (SpecError, ValueError):
        raise UsageError(f"{shown}: expected key=value, such as groups=32 or depths=[3,4,6,3]") from None
    return name, value


def as_shape(value: Value) -> Value:
    """The input that `3x160x160` means; what is no such word stays as it is."""
    if isinstance(value, str) and SHAPE.fullmatch(value):
        return tuple(int(length) for length in re.split("[x×]", value))
    return value


def is_pattern(name: str) -> bool:
    """Whether a name may stand for several networks."""
    return "*" in name or "?" in name


def spelling(name: str) -> str:
    """What all ways to write a name have in common: its letters and digits, in lower case.

    Between two digits it matters that something stands: a RegNet of 1.6 GF is none of 16.

    >>> spelling("EfficientNet-B0"), spelling("regnet_x_1.6GF")
    ('efficientnetb0', 'regnetx1_6gf')
    """
    return SEPARATOR.sub("", BETWEEN_DIGITS.sub("_", name.lower()))
