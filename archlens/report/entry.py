"""One network of the catalogue, as tables list it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from archlens.cost import Cost
from archlens.ops import Shape
from archlens.report.metric import number_of
from archlens.spec.items import Accuracy

__all__ = ["Entry"]

COUNTS = tuple(count.name for count in fields(Cost))


@dataclass(frozen=True, slots=True)
class Entry:
    """One network of the catalogue.

    model, aliases       its name and its other names
    family, title, year  where it comes from
    input                shape of the input, batch first
    cost                 of the whole network, for one image
    metrics              by key, where they were asked for
    """

    model: str
    aliases: tuple[str, ...]
    family: str
    title: str
    year: int | None
    input: Shape
    cost: Cost
    latency_s: float | None = None
    accuracy: Accuracy | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> int:
        """Learnable weights."""
        return self.cost.params

    @property
    def multiply_adds(self) -> int:
        """One per multiply-accumulate, for one image."""
        return self.cost.multiply_adds

    @property
    def names(self) -> tuple[str, ...]:
        """What a pattern may match."""
        return (self.model, *self.aliases, self.family, self.title)

    def known(self, name: str) -> Any:
        """A fact or the number of a metric by its name; None for one that was not computed."""
        name = {"latency": "latency_s"}.get(name, name)
        return number_of(self.metrics[name]) if name in self.metrics else getattr(self, name, None)

    @property
    def top1(self) -> float | None:
        """ImageNet top-1 accuracy in percent; None where nobody prints it."""
        return self.accuracy.top1 if self.accuracy else None

    @property
    def top1_where(self) -> str | None:
        """Where that is printed."""
        return self.accuracy.where if self.accuracy else None

    def as_dict(self) -> dict[str, Any]:
        """The entry as `--format json` prints it."""
        more = {key: value for key, value in self.metrics.items() if isinstance(value, int | float)}
        timed = {} if self.latency_s is None else {"latency_s": self.latency_s}
        return {
            "model": self.model, "aliases": list(self.aliases), "family": self.family, "title": self.title,
            "year": self.year, "input": list(self.input), "params": self.params,
            "multiply_adds": self.multiply_adds, "top1": self.top1, "top1_where": self.top1_where,
            **more, **timed,
        }  # fmt: skip

    def kept(self) -> list[Any]:
        """What is kept of it between runs: all but metrics and time."""
        counts = [getattr(self.cost, name) for name in COUNTS]
        accuracy = [self.accuracy.top1, self.accuracy.where] if self.accuracy else None
        return [
            self.model, self.aliases, self.family, self.title, self.year, self.input, counts, accuracy,
        ]  # fmt: skip

    @classmethod
    def of_kept(cls, kept: list[Any]) -> "Entry":
        """The entry of which that was kept."""
        model, aliases, family, title, year, shape, counts, accuracy = kept
        return cls(
            model=model,
            aliases=tuple(aliases),
            family=family,
            title=title,
            year=year,
            input=tuple(shape),
            cost=Cost(**dict(zip(COUNTS, counts, strict=True))),
            accuracy=Accuracy(*accuracy) if accuracy else None,
        )
