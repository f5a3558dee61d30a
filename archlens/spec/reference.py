"""The words that say which network is meant: `resnet50[groups=32,input=3x160x160]`, `net.py:Net`, `vgg*`.

name         as specs write it, or as people do: ResNet50, resnet-50, efficientnet-b0
spec         my.yaml, my.yaml:variant
pattern      * and ? stand for any letters and for one, where several networks are taken
[key=value]  settings, after any of these; the input is one of them
module       package.module:name, file.py:name, timm:NAME, torchvision:NAME
file         my.pt2, an exported program, and my.onnx
REV:file     a file of any of these sorts as it was at a git revision, where two networks are compared

All that looks at these words stands here. `archlens.models` makes graphs of them.
"""

import re
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from archlens.errors import SpecError, UsageError
from archlens.spec.read import Value, plain, read

__all__ = [
    "ENDINGS",
    "FILE",
    "LIBRARIES",
    "Kind",
    "anchored",
    "as_shape",
    "is_pattern",
    "kind_of",
    "parse_input",
    "parse_setting",
    "parse_settings",
    "spelling",
    "split_file",
    "split_model",
    "split_revision",
]  # fmt: skip

ENDINGS = (".yaml", ".yml", ".py", ".onnx", ".pt2")
"""Of the files that networks are written in."""
LIBRARIES = ("timm", "torchvision")
"""Whose networks are named with a colon behind: timm:vit_base_patch16_224."""
FILE = re.compile(r"(.+\.ya?ml)(?::([^:]*))?", re.DOTALL)
ANY_FILE = r"(?s)(?P<path>.+?\.(?:ya?ml|py|onnx|pt2))(?P<rest>:[^/\\\[]*)?(?P<settings>\[.*)?"
AT_REVISION = r"(?s)(?P<revision>[^:]+):(?P<path>[^:]+\.(?:ya?ml|py|onnx|pt2))(?P<rest>:.*)?"
MODULE = r"(?s)(?!.*\.ya?ml(?::|$)).+:[^:/\\]+"
"""These are compiled when they are first asked for: a plain name needs none of them."""
BRACKETS = re.compile(r"(?P<name>[^\[\]]+)\[(?P<settings>.*)\]", re.DOTALL)
SHAPE = re.compile(r"\d{1,9}([x×]\d{1,9})*", re.ASCII)
INPUT = r"(?a)\d{1,9}([x×,]\d{1,9})*"
"""What `--input` may be; in brackets, commas stand between settings."""
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
SEPARATOR = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
NEXT = re.compile(r",(?=\s*\w+\s*=)")
"""A comma that another key follows; others stand in lists."""


class Kind(Enum):
    """What a model may be."""

    spec = "a spec"
    module = "a PyTorch module"
    program = "an exported program"
    onnx = "an ONNX file"


def kind_of(model: str) -> Kind:
    """What a user named; whether it exists is another question.

    >>> kind_of("resnet50"), kind_of("net.py:Net")
    (<Kind.spec: 'a spec'>, <Kind.module: 'a PyTorch module'>)
    """
    if model.endswith(".onnx"):
        return Kind.onnx
    if model.endswith(".pt2"):
        return Kind.program
    return Kind.module if ":" in model and re.fullmatch(MODULE, model) else Kind.spec


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


def parse_settings(settings: Iterable[str] | None) -> dict[str, Value]:
    """`groups=32`, `depths=[3,4,6,3]` → values as a spec file would hold them. Raises a UsageError."""
    return dict(parse_setting(setting, f"-s {setting}") for setting in settings or ())


def parse_input(text: str) -> tuple[int, ...]:
    """`3x224x224` → (3, 224, 224). Raises a UsageError."""
    if not re.fullmatch(INPUT, text) or "0" in re.split("[x×,]", text):
        raise UsageError(f"--input {text}: expected channels, height and width, such as 3x224x224")
    return tuple(int(length) for length in re.split("[x×,]", text))


def as_shape(value: Value) -> Value:
    """The input that `3x160x160` means; what is no such word stays as it is."""
    if isinstance(value, str) and SHAPE.fullmatch(value):
        return tuple(int(length) for length in re.split("[x×]", value))
    return value


def split_file(model: str) -> tuple[str, str] | None:
    """The file that a model names, and what is named in it; None for one that names no file.

    >>> split_file("nets/small.yaml:wide[groups=2]")
    ('nets/small.yaml', 'wide')
    """
    found = re.fullmatch(ANY_FILE, model)
    return (found["path"], (found["rest"] or "")[1:]) if found else None


def anchored(model: str, folder: Path) -> str:
    """A model whose file is told from a folder, told from the current one: `nets/small.yaml:wide`."""
    found = re.fullmatch(ANY_FILE, model)
    if not found or folder == Path():
        return model
    return f"{folder / found['path']}{found['rest'] or ''}{found['settings'] or ''}"


def split_revision(model: str) -> tuple[str, str, str] | None:
    """The revision, the file and what is named in it: None for a model that stands at no revision.

    >>> split_revision("HEAD~1:nets/small.yaml:wide")
    ('HEAD~1', 'nets/small.yaml', ':wide')
    """
    found = re.fullmatch(AT_REVISION, model)
    if not found or found["revision"].endswith(ENDINGS):
        return None
    return found["revision"], found["path"], found["rest"] or ""


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
