"""What is evaluated of every variant, as data that any process or machine can take up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from archlens.devices import Device
from archlens.errors import SpecError, UnknownModelError, UsageError
from archlens.spaces.space import Space
from archlens.spec.catalog import source_file
from archlens.spec.files import SHARED, folder
from archlens.spec.read import Scalar, read
from archlens.spec.reference import FILE, split_model

__all__ = ["SIZE", "Job", "digest", "own_files", "spec_digest"]

MAX_EXTENSIONS = 8
SIZE = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """A space, and what is asked of its variants.

    version  of archlens
    spec     a digest of the text that describes the network
    metrics  by their keys, in the order of the values that come out
    device   what latency is predicted for
    files    the user's own files that describe it, with their texts, for machines that have none of them
    walk     which variants, and in which order: all, or a sample by a seed
    size     how many variants are a chunk: a few seconds of work at most, which is what a kill can lose
    """

    version: str
    spec: str
    space: Space
    metrics: tuple[str, ...]
    device: Device | None = None
    batch: int = 1
    files: tuple[tuple[str, str], ...] = ()
    walk: Mapping[str, Any] = field(default_factory=dict)
    size: int = SIZE

    def identity(self) -> dict[str, Any]:
        """All that decides the results, as JSON: two jobs of one identity give the same."""
        return {
            "archlens": self.version,
            "spec": self.spec,
            "space": self.space.as_dict(),
            "metrics": list(self.metrics),
            "device": None if self.device is None else [self.device.name, digest(repr(self.device))],
            "batch": self.batch,
            "walk": dict(self.walk),
            "chunk": self.size,
        }

    @cached_property
    def key(self) -> str:
        """A digest of the identity: two jobs with one key have the same outcome."""
        return digest(json.dumps(self.identity(), sort_keys=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def digest(text: str) -> str:
    """A hash of a text: no other text has the same."""
    return sha256(text.encode()).hexdigest()[:32]


def spec_digest(model: str) -> str:
    """A digest of the text of a model's spec, of those that it extends, and of the blocks that all share."""
    texts = [text for _, text in sources(model)]
    shared = (folder() / SHARED).read_text(encoding="utf-8")
    return digest("\n".join([split_model(model)[0], *texts, shared]))


def own_files(model: str) -> tuple[tuple[str, str], ...]:
    """The user's own files behind a model, with their texts: another machine does not have them."""
    return tuple((str(path), text) for path, text in sources(model) if path.parent != folder())


def sources(model: str) -> list[tuple[Path, str]]:
    """The file of a model's spec, and those that it extends, with their texts."""
    found: list[tuple[Path, str]] = []
    words, beside = model, Path()
    for _ in range(MAX_EXTENSIONS):
        try:
            path = _source(words, beside)
            text = path.read_text(encoding="utf-8")
            extends = read(text, until="network").entries.get("extends")
        except (OSError, SpecError, UnknownModelError, UsageError):
            break  # what was found so far tells
        found.append((path, text))
        if not isinstance(extends, Scalar) or not isinstance(extends.value, str):
            break
        words, beside = extends.value, path.parent
    return found


def _source(words: str, beside: Path) -> Path:
    """The file behind a reference, or the one of that name beside the file that extends it."""
    file = FILE.fullmatch(split_model(words)[0])
    if file and (found := beside / file[1]).is_file():
        return found
    return source_file(words)
