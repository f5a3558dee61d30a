"""Model names → graphs: the specs that come with archlens, and the user's own files.

A name is found by looking for it as a key in the text of the files first, so that only the file that
holds it is parsed.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archlens.errors import Problem, SpecError, UnknownModelError, UsageError, nearest
from archlens.graph import Graph
from archlens.spec.items import Block, Spec
from archlens.spec.lower import lower
from archlens.spec.parse import parse, parse_shared_blocks
from archlens.spec.read import Mapping, Value, read, read_file
from archlens.spec.settings import input_refusal
from archlens.spec.values import MAX_ELEMENTS, MAX_NUMBER, show

__all__ = [
    "Reference",
    "find",
    "load",
    "model_names",
    "parse_file",
    "shared_blocks",
    "shown",
    "spec_files",
    "specs",
]

PACKAGE = Path(__file__).parent.parent
SHARED = "shared_blocks.yaml"
FILE = re.compile(r"(.+\.ya?ml)(?::([^:]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """A model: the spec that describes it, and the variant of it that is meant (None: no variant)."""

    spec: Spec
    variant: str | None

    @property
    def model(self) -> str:
        """What tables call it."""
        return self.variant or self.spec.family or Path(self.spec.file).stem

    def settings(self, overrides: Dictionary[str, Value]) -> dict[str, Value]:
        """The spec's settings, then the variant's, then the user's. Raises a UsageError for unknown ones."""
        spec = self.spec
        for name in overrides:
            if name not in spec.settings:
                hint = nearest(name, spec.settings) or f"; it has {', '.join(spec.settings)}"
                raise UsageError(f"{self.model} has no setting {show(name)}{hint}")
            if name in spec.declared and (refusal := spec.declared[name].refusal(overrides[name])):
                raise UsageError(f"{self.model}: {refusal}")
        chosen = spec.variants[self.variant] if self.variant else {}
        own = {**spec.settings, **chosen}
        if "input" in overrides and (refusal := input_refusal(own["input"], overrides["input"])):
            raise UsageError(f"{self.model}: {refusal}")
        return {**own, **overrides}

    def lower(self, overrides: Dictionary[str, Value], *, batch: int = 1) -> Graph:
        """The graph under the given settings; its name tells which of them are overridden."""
        changed = [f"{name}={show(value)}" for name, value in overrides.items() if name != "input"]
        model = " ".join([self.model, *changed])
        return lower(self.spec, model, self.settings(overrides), batch=batch)


def load(model: str, *, batch: int = 1, **settings: object) -> Graph:
    """The graph of a model by name (`resnet50`), or from a spec file (`my.yaml`, `my.yaml:variant`).

    batch     images at once; the first axis of every shape
    settings  overrides of the spec's settings: `load("resnet50", groups=32, base=4)`; `input` is one
              of them: `load("resnet50", input=(3, 160, 160))`

    >>> load("resnet50").nodes[-1].shape
    (1, 1000)

    Raises UnknownModelError with the nearest name, SpecError, or UsageError for a setting that the
    spec does not have.
    """
    return find(model).lower({name: as_value(value) for name, value in settings.items()}, batch=batch)


def as_value(value: object) -> Value:
    """A Python value as a spec holds it: lists become tuples. Raises a UsageError for what none holds."""
    if isinstance(value, list | tuple) and len(value) <= MAX_ELEMENTS:
        return tuple(as_value(item) for item in value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) <= MAX_NUMBER:
        return value
    kind = type(value).__name__
    raise UsageError(f"a setting is a number up to 10^15, a word or a short list, not this {kind}")


def find(model: str, *, until: str | None = "claims") -> Reference:
    """The spec and variant behind a name or a file path.

    until  the key at which reading a spec of our own ends. Claims stand last in them and are long, and
           only who checks them needs them: None reads everything. A user's file is always read whole.
    """
    if file_and_variant := FILE.fullmatch(model):
        path, variant = file_and_variant.groups()
        spec = parse_file(Path(path))
        if not variant:
            return Reference(spec, None)
        name = spec.aliases.get(variant, variant)
        if name not in spec.variants:
            has = nearest(name, spec.variants) or f"; it has {', '.join(spec.variants) or 'none'}"
            raise UnknownModelError(f"{path} has no variant {show(variant)}{has}")
        return Reference(spec, name)
    key = re.compile(rf"(?<![\w.-]){re.escape(model)}[\"']?\s*:")
    for file in spec_files():
        text = file.read_text(encoding="utf-8")
        if model in text and key.search(text):
            spec = _checked(read(text, shown(file), until=until), file)
            name = spec.aliases.get(model, model)
            if name in spec.variants:
                return Reference(spec, name)
    hint = nearest(model, model_names()) or "; `archlens list` shows all"
    raise UnknownModelError(f"no model is called {show(model)}{hint}")


def spec_files() -> tuple[Path, ...]:
    """The files of the specs that come with archlens, in alphabetical order."""
    return tuple(sorted(path for path in _folder().glob("*.yaml") if path.name != SHARED))


def specs(*, until: str | None = None) -> Iterator[Spec]:
    """All specs that come with archlens, whole or `until` a key, as `find` reads them."""
    for file in spec_files():
        yield _checked(read_file(file, shown(file), until=until), file)


def model_names() -> tuple[str, ...]:
    """Every name that `load` knows, aliases included."""
    return tuple(name for spec in specs() for name in (*spec.variants, *spec.aliases))


def parse_file(path: Path) -> Spec:
    """The spec in a file. Raises a SpecError with every mistake that its text gives away."""
    return _checked(read_file(path, shown(path)), path)


def _checked(root: Mapping, path: Path) -> Spec:
    spec, problems = parse(root, shown(path), shared_blocks())
    if problems:
        raise SpecError(problems)
    return spec


@cache
def shared_blocks() -> Dictionary[str, Block]:
    """The blocks that every family may use. A file of the package: it does not change under us."""
    path = _folder() / SHARED
    return parse_shared_blocks(read_file(path), shown(path))


def _folder() -> Path:
    """Inside the installed package, or beside it in a checkout."""
    for folder in (PACKAGE / "specs", PACKAGE.parent / "specs"):
        if (folder / SHARED).is_file():
            return folder
    raise SpecError([Problem(str(PACKAGE / "specs"), 0, "", "the specs are missing: install archlens again")])


def shown(path: Path) -> str:
    """A file as messages call it: specs/resnet.yaml for our own, the user's path for others."""
    return f"specs/{path.name}" if path.parent == _folder() else str(path)
