"""What `--input` says: shapes, types and values of what a forward takes."""

import re
from typing import TYPE_CHECKING, Any

import yaml

from archlens.errors import UsageError, nearest
from archlens.spec.reference import parse_input

if TYPE_CHECKING:
    from archlens.recorder.sources import TensorType, Value

__all__ = ["parse_inputs", "parse_shapes"]

WITHOUT_BATCH = "@nobatch"
WAY_OUT = "what this cannot say, a module of one's own can, whose forward takes a tensor and calls the other"


def parse_inputs(text: str | None) -> "dict[str, TensorType | Value]":
    """What each argument is, by name; one without a name is that of "". Raises a UsageError.

    tokens=16:int64           a tensor of a batch of 16 numbers, of whole ones
    edges=2x40:int64@nobatch  2×40, whatever the batch
    t=:int64                  a tensor without axes
    lengths=[3,5]:int64       a tensor with these elements
    mode:=sum                 no tensor: a number, a word, a list, true, false or null
    """
    found: dict[str, TensorType | Value] = {}
    for given in re.split(r",(?=[^,=\[\]]*=)", text) if text else ():  # commas may stand in shapes, too
        name, value = parse_one(given, f"--input {text}")
        if name in found:
            raise UsageError(f"--input {text}: {name or 'the input'} is given twice")
        found[name] = value
    return found


def parse_one(given: str, whole: str) -> "tuple[str, TensorType | Value]":
    """One argument: its name, and what it is."""
    from archlens.recorder.sources import DTYPES, TensorType, Value

    name, colon, value = given.partition(":=")
    if colon:
        return name, Value(loaded(value, whole))
    name, _, typed = given.rpartition("=")
    typed, apart, rest = typed.partition(WITHOUT_BATCH)
    shape, colon, dtype = typed.rpartition(":") if ":" in typed else (typed, "", "")
    if rest or (colon and dtype not in DTYPES):
        hint = nearest(dtype, DTYPES) or f"; it may be {', '.join(DTYPES)}"
        raise UsageError(f"{whole}: no tensor holds {rest or dtype or 'nothing'}{hint}")
    if shape.startswith("["):
        elements = loaded(shape, whole)
        return name, TensorType(lengths(elements, whole), dtype, batched=False, elements=elements)
    if not shape and dtype:
        return name, TensorType((), dtype, batched=False)
    try:
        return name, TensorType(parse_input(shape), dtype, batched=not apart)
    except UsageError as error:
        raise UsageError(
            f"{whole}: {shape or 'nothing'} is no shape, such as 3x224x224; {WAY_OUT}"
        ) from error


def loaded(value: str, whole: str) -> Any:
    """A number, a word, a list, true, false or null, as in a spec."""
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise UsageError(f"{whole}: {value} is no value; {WAY_OUT}") from error


def lengths(elements: Any, whole: str) -> tuple[int, ...]:
    """The shape of nested lists of numbers, all as long as their neighbours."""
    if not isinstance(elements, list):
        if isinstance(elements, int | float):
            return ()
        raise UsageError(f"{whole}: {elements!r} is no number that a tensor could hold")
    inner = {lengths(part, whole) for part in elements}
    if len(inner) != 1:
        raise UsageError(f"{whole}: {elements} has lists of different lengths, or none")
    return (len(elements), *inner.pop())


def parse_shapes(text: str | None) -> dict[str, tuple[int, ...]]:
    """`image=1x3x224x224,scale=1x2` → shapes by name, where types are known. Raises a UsageError."""
    from archlens.recorder.sources import TensorType

    shapes: dict[str, tuple[int, ...]] = {}
    for name, x in parse_inputs(text).items():
        if not isinstance(x, TensorType) or x.elements is not None:
            raise UsageError(f"--input {text}: of an ONNX file, only shapes can be told")
        if x.dtype:
            raise UsageError(
                f"--input {text}: an ONNX file says itself what its inputs hold, without :{x.dtype}"
            )
        shapes[name] = x.shape
    return shapes
