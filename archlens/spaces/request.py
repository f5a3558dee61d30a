"""All that a sweep is asked for: what a space file says, what the command line adds, or what Python gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archlens.errors import Problem, SpecError, UsageError, nearest
from archlens.spaces.declared import option
from archlens.spec.read import Data, Scalar, Sequence, plain, read_file
from archlens.spec.read import Mapping as Entries
from archlens.spec.reference import FILE

__all__ = ["Request", "is_space_file", "read_request"]

KEYS = (
    "title",
    "model",
    "over",
    "let",
    "require",
    "where",
    "minimise",
    "maximise",
    "metrics",
    "device",
    "batch",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A sweep as it was asked for, every word as it was written.

    model, over, let, require     as `space_of` takes them
    where                         a condition on metrics: the budget
    minimise, maximise            the objectives
    metrics                       what else every variant is asked for
    device, batch                 what latency is predicted for
    place                         what messages call the place where a setting's values are given
    """

    model: str
    over: Mapping[str, Any] = field(default_factory=dict)
    let: Mapping[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()
    where: str = ""
    minimise: tuple[str, ...] = ()
    maximise: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    device: str | None = None
    batch: int = 1
    place: Callable[[str], str] = option

    def with_options(self, **given: Any) -> "Request":
        """The request with more options: settings are added, everything else replaces what was there."""
        over = {**self.over, **given.pop("over", {})}
        let = {**self.let, **given.pop("let", {})}
        require = (*self.require, *given.pop("require", ()))
        chosen = {name: value for name, value in given.items() if value}
        return replace(self, over=over, let=let, require=require, **chosen)

    def with_objectives(self) -> "Request":
        """The request with objectives; where none is named, those that people ask for first."""
        if self.minimise or self.maximise:
            return self
        return replace(self, minimise=("latency" if self.device else "multiply_adds", "memory_access"))


def is_space_file(model: str) -> bool:
    """Whether a MODEL is a file with a space in it, and no spec of a network."""
    file = FILE.fullmatch(model)
    if file is None or file[2] or not Path(file[1]).is_file():
        return False
    entries = read_file(Path(file[1])).entries
    return "over" in entries and "network" not in entries


def read_request(path: Path) -> Request:
    """The sweep in a space file. Raises a SpecError with the line of what is wrong."""
    name = str(path)
    root = read_file(path, name)

    def wrong(line: int, message: str) -> SpecError:
        return SpecError([Problem(name, line, "", message)])

    for key in root.entries:
        if key not in KEYS:
            raise wrong(
                root.lines[key], f"a space has no key {key}{nearest(key, KEYS) or f'; it has {_and(KEYS)}'}"
            )
    for key in ("model", "over"):
        if key not in root.entries:
            raise wrong(1, f"a space needs {key}")
    try:
        found = {key: _value(data) for key, data in root.entries.items()}
    except ValueError as error:
        raise wrong(root.line, str(error)) from error
    over = root.entries["over"]
    if not isinstance(over, Entries):
        raise wrong(over.line, "over: expected settings and their values, such as {head: [512, 1024]}")
    batch = found.get("batch", 1)
    if type(batch) is not int or batch < 1:
        raise wrong(root.lines["batch"], f"batch: expected a number of images, not {batch}")
    device = found.get("device")
    let = found.get("let") or {}
    if not isinstance(let, dict):
        raise wrong(root.lines["let"], "let: expected names and expressions, such as {depth: 1.2 ** phi}")
    return Request(
        model=_model(str(found["model"]), path),
        over=found["over"],
        let={key: str(value) for key, value in let.items()},
        require=_texts(found.get("require")),
        where=" and ".join(_texts(found.get("where"))),
        minimise=_names(found.get("minimise")),
        maximise=_names(found.get("maximise")),
        metrics=_names(found.get("metrics")),
        device=None if device is None else str(device),
        batch=batch,
        place=lambda key: f"{name}:{over.lines.get(key, over.line)}: {key}",
    )


def _model(model: str, path: Path) -> str:
    """The model of a space file: a spec of that name beside the file, or a reference."""
    file = FILE.fullmatch(model.partition("[")[0])
    if file and (beside := path.parent / file[1]).is_file():
        return f"{beside}{model[len(file[1]) :]}"
    return model


def _value(data: Data) -> Any:
    """Plain data with lists as tuples and mappings as they are. Raises a ValueError."""
    if isinstance(data, Entries):
        return {key: _value(each) for key, each in data.entries.items()}
    if isinstance(data, Sequence):
        return [_value(each) for each in data.items]
    if isinstance(data, Scalar):
        return data.value
    return plain(data)


def _texts(given: Any) -> tuple[str, ...]:
    """One text or a list of them."""
    if given is None:
        return ()
    return tuple(map(_text, given)) if isinstance(given, list) else (_text(given),)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(given: Any) -> tuple[str, ...]:
    """Names in a list, or in a text between commas."""
    return tuple(name.strip() for text in _texts(given) for name in text.split(",") if name.strip())


def _and(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def names(texts: Any) -> tuple[str, ...]:
    """What options or Python give as names: texts with commas, or lists.

    Raises a UsageError for what is no name.
    """
    if not isinstance(texts, str | list | tuple):
        raise UsageError(f"{texts!r}: expected names of metrics, such as latency,memory_access")
    return _names([texts] if isinstance(texts, str) else list(texts))
