"""Model references → specs: those that come with archlens, and the user's own files.

A name is found by looking for it as a key in the text of the files first, so that only the file that
holds it is parsed. `archlens.spec.reference` says how networks are named.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from archlens.errors import Problem, SpecError, UnknownModelError, UsageError, nearest
from archlens.graph import Graph
from archlens.spec.files import folder, shared_blocks, shown, spec_files
from archlens.spec.items import Spec
from archlens.spec.lower import lower
from archlens.spec.names import Family, matching, meant, nearest_network
from archlens.spec.parse import parse
from archlens.spec.paths import path_refusal
from archlens.spec.read import Mapping, Scalar, Value, plain, read, read_file
from archlens.spec.reference import FILE, as_shape, is_pattern, split_model
from archlens.spec.settings import input_refusal
from archlens.spec.values import MAX_ELEMENTS, MAX_NUMBER, show

__all__ = [
    "Reference",
    "as_value",
    "expand",
    "families",
    "find",
    "model_names",
    "parse_file",
    "parsed",
    "shared_blocks",
    "shown",
    "source_file",
    "spec_files",
    "specs",
]

MAX_EXTENSIONS = 8
DEEP = f"specs that extend specs, more than {MAX_EXTENSIONS}: does one extend itself?"
MAX_LISTED = 8
HEADER = re.compile(r"^(?:blocks|network|claims):", re.MULTILINE)
"""Where in the text of a spec its names end."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A model: the spec that describes it, the variant of it that is meant, and settings in brackets.

    variant  None for the defaults of the spec
    given    what stands in the brackets of the reference
    """

    spec: Spec
    variant: str | None
    given: Dictionary[str, Value] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """What tables call it."""
        return self.variant or self.spec.family or Path(self.spec.file).stem

    def settings(self, overrides: Dictionary[str, Value]) -> dict[str, Value]:
        """The spec's settings, then the variant's, then the user's, those of the reference before others.

        Raises a UsageError for what is not there, and for a value that a setting cannot have.
        """
        spec = self.spec
        overrides = {**self.given, **overrides}
        for name in overrides:
            if name not in spec.settings:
                hint = nearest(name, spec.settings) or f"; it has {', '.join(spec.settings)}"
                raise UsageError(f"{self.model} has no setting {show(name)}{hint}")
            if name in spec.declared and (refusal := spec.declared[name].refusal(overrides[name])):
                raise UsageError(f"{self.model}: {refusal}")
        chosen = spec.variants[self.variant] if self.variant else {}
        own = {**spec.settings, **chosen}
        if "input" in overrides:
            overrides["input"] = as_shape(overrides["input"])
            if refusal := input_refusal(own["input"], overrides["input"]):
                raise UsageError(f"{self.model}: {refusal}")
        return {**own, **overrides}

    def lower(self, overrides: Dictionary[str, Value], *, batch: int = 1) -> Graph:
        """The graph of the network under these settings."""
        return lower(self.spec, self.named(overrides), self.settings(overrides), batch=batch)

    def named(self, overrides: Dictionary[str, Value]) -> str:
        """What its graph is called: its name tells which settings are overridden."""
        chosen = {**self.given, **overrides}.items()
        return " ".join([self.model, *(f"{name}={show(value)}" for name, value in chosen if name != "input")])


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
    """The spec, the variant and the settings behind a model reference.

    until  the key at which reading a spec of our own ends. Claims stand last in them and are long, and
           only who checks them needs them: None reads everything. A user's file is always read whole.

    Raises an UnknownModelError for a name that no network has, or that several may mean.
    """
    name, given = split_model(model)
    if file_and_variant := FILE.fullmatch(name):
        path, variant = file_and_variant.groups()
        return _in_file(Path(path), variant, given)
    found = _named(name, until)
    if found is None and (refusal := path_refusal(name)):
        raise UnknownModelError(refusal)
    found = found or _in_timm(name, until) or _named(_meant(name), until)
    assert found is not None, name
    return replace(found, given={**found.given, **given})


def _in_file(path: Path, variant: str | None, given: Dictionary[str, Value], depth: int = 0) -> Reference:
    spec = _checked(read_file(path, shown(path)), path, depth)
    if not variant:
        return Reference(spec, None, given)
    name = spec.aliases.get(variant, variant)
    if name not in spec.variants:
        has = nearest(name, spec.variants) or f"; it has {', '.join(spec.variants) or 'none'}"
        raise UnknownModelError(f"{path} has no variant {show(variant)}{has}")
    return Reference(spec, name, given)


def _named(name: str, until: str | None) -> Reference | None:
    """The network of exactly this name."""
    key = re.compile(rf"(?<![\w.-]){re.escape(name)}[\"']?\s*:")
    for file in spec_files():
        text = file.read_text(encoding="utf-8")
        if name in text and key.search(text):
            spec = _checked(read(text, shown(file), until=until), file)
            variant = spec.aliases.get(name, name)
            if variant in spec.variants:
                return Reference(spec, variant)
    return None


def _in_timm(name: str, until: str | None) -> Reference | None:
    """The network that timm calls so, at timm's input: vit_base_patch16_384 is our vit_b_16 at 384 pixels."""
    from archlens.spec.timm import in_the_catalogue  # most names are our own

    if not (known := in_the_catalogue(name)) or not (found := _named(known.model, until)):
        return None
    other = tuple(known.input) != found.settings({})["input"]
    return replace(found, given={"input": known.input}) if other else found


def _meant(name: str) -> str:
    """The one network that a name means which is spelled otherwise. Raises an UnknownModelError."""
    if is_pattern(name):
        found = matching(name, families())
        several = f"{name} stands for"
    else:
        found = meant(name, families())
        several = f"{show(name)} may mean"
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownModelError(f"{several} {_listed(found)}: say which")
    hint = nearest_network(name, families())
    hint = f"; did you mean {hint}?" if hint else "; `archlens list` shows all"
    raise UnknownModelError(f"no model is called {show(name)}{hint}")


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MAX_LISTED
    shown = [*names[:MAX_LISTED], *([f"{rest} others"] if rest > 0 else [])]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def expand(model: str) -> tuple[str, ...]:
    """The references that a pattern stands for, each with its settings; what is none stays as it is.

    >>> expand("vgg1?[classes=10]")[:2]
    ('vgg11[classes=10]', 'vgg13[classes=10]')

    Raises an UnknownModelError for a pattern that no name matches.
    """
    name, _ = split_model(model)
    if not is_pattern(name) or ":" in name or FILE.fullmatch(name):
        return (model,)
    found = matching(name, families())
    if not found:
        raise UnknownModelError(f"no model matches {name}; `archlens list` shows all")
    return tuple(f"{each}{model[len(name) :]}" for each in found)


@cache
def families() -> tuple[Family, ...]:
    """The names in the specs that come with archlens. Files of the package: they do not change under us."""
    found = []
    for file in spec_files():
        text = file.read_text(encoding="utf-8")
        end = HEADER.search(text)
        entries = read(text[: end.start()] if end else text, shown(file)).entries
        variants, aliases = entries.get("variants"), entries.get("aliases")
        named = aliases.entries.items() if isinstance(aliases, Mapping) else ()
        found.append(
            Family(
                name=str(plain(entries["family"])),
                title=str(plain(entries["title"])),
                variants=tuple(variants.entries) if isinstance(variants, Mapping) else (),
                aliases={alias: str(plain(target)) for alias, target in named},
            )
        )
    return tuple(found)


def specs(*, until: str | None = None) -> Iterator[Spec]:
    """All specs that come with archlens, whole or `until` a key, as `find` reads them."""
    for file in spec_files():
        yield _checked(read_file(file, shown(file), until=until), file)


def model_names() -> tuple[str, ...]:
    """Every name that `load` knows, aliases included."""
    return tuple(name for family in families() for name, _ in family.names())


def parse_file(path: Path) -> Spec:
    """The spec in a file. Raises a SpecError with every mistake that its text gives away."""
    return _checked(read_file(path, shown(path)), path)


def parsed(root: Mapping, path: Path, *, depth: int = 0) -> tuple[Spec, tuple[Problem, ...]]:
    """A spec of what was read from a file, with the spec that it extends, and what is wrong with it."""
    name = shown(path)
    base = None
    if extends := root.entries.get("extends"):
        words = extends.value if isinstance(extends, Scalar) else None
        if not isinstance(words, str) or depth >= MAX_EXTENSIONS:
            wrong = "expected a spec, such as resnet.yaml or resnet50" if depth < MAX_EXTENSIONS else DEEP
            raise SpecError([Problem(name, extends.line, "", f"extends: {wrong}")])
        try:
            base = _base(words, path, depth + 1)
        except (UnknownModelError, UsageError) as error:
            raise SpecError([Problem(name, extends.line, "", f"extends: {error}")]) from error
    return parse(root, name, shared_blocks(), base)


def _base(words: str, path: Path, depth: int) -> Spec:
    """The spec behind `extends`, with the settings of the variant and of the brackets as its defaults."""
    name, given = split_model(words)
    if file_and_variant := FILE.fullmatch(name):
        file, variant = file_and_variant.groups()
        beside, ours = path.parent / file, folder() / file
        found = ours if ours.is_file() and not beside.is_file() else beside
        reference = _in_file(found, variant, given, depth)
    else:
        reference = find(words)
    settings = reference.settings({})
    declared = {
        name: replace(setting, default=settings[name]) for name, setting in reference.spec.declared.items()
    }
    return replace(reference.spec, settings=settings, declared=declared)


def _checked(root: Mapping, path: Path, depth: int = 0) -> Spec:
    spec, problems = parsed(root, path, depth=depth)
    if problems:
        raise SpecError(problems)
    return spec


def source_file(model: str) -> Path:
    """The file that describes a model: the user's own, or one of those that come with archlens.

    Raises what `find` raises.
    """
    found = find(model)
    file = FILE.fullmatch(split_model(model)[0])
    return Path(file[1]) if file else folder() / Path(found.spec.file).name
