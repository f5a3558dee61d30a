"""What changed between two networks, layer by layer, and what each change costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from archlens.analyses.totals import EVERY_NODE
from archlens.budgets.align import Pair, align
from archlens.devices.device import Device, estimate
from archlens.devices.estimate import Estimate
from archlens.graph import Graph, Node
from archlens.report.metric import BY_KEY, METRICS
from archlens.report.profile import Profile, profile

__all__ = ["LATENCY", "SUMMED", "Change", "Difference", "Sort", "diff"]

LATENCY = "latency_s"
"""What predicted seconds are called among the amounts."""
Amounts = dict[str, float]
"""Of a node, or of a change of one: each metric in `SUMMED`, and seconds where a device was named."""

SUMMED = tuple(metric.key for metric in METRICS if metric.summed)
"""The metrics whose parts add up to the whole: each change has its share of their difference."""


class Sort(StrEnum):
    """What became of a layer: it is new, gone, another, the same at other costs, or the same by another name.

    A layer is affected where what stands around it changed: the shape that comes in, what it is fused with.
    """

    added = "added"
    removed = "removed"
    changed = "changed"
    affected = "affected"
    renamed = "renamed"


@dataclass(frozen=True, slots=True)
class Change:
    """A layer that is not what it was.

    name    what it is called now, or was called where it is gone
    was     what it was called, where that differs
    kind    its operator
    how     what of it changed: `kernel 7 → 3`; of an added or a removed one, its attributes
    shapes  the shapes that changed: `output 64×56×56 → 64×28×28`
    amount  by how much each metric in `SUMMED` grew; and predicted seconds, where a device was named
    """

    sort: Sort
    name: str
    was: str
    kind: str
    how: tuple[str, ...]
    shapes: tuple[str, ...]
    amount: Amounts

    @property
    def what(self) -> str:
        """What became of it in a line: its attributes that changed, or else its shapes."""
        was = [f"was {self.was}"] if self.was else []
        return ", ".join([*was, *(self.how or self.shapes)]) or self.kind

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON holds it."""
        named = {"name": self.name, "was": self.was} if self.was else {"name": self.name}
        return {
            "change": str(self.sort),
            **named,
            "kind": self.kind,
            "what": self.what,
            "how": list(self.how),
            "shapes": list(self.shapes),
            **self.amount,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Two networks, and every layer that is not the same in both.

    The amounts of the changes add up to the difference of the totals, for each metric in `SUMMED`: exactly.

    times  what a device is said to take for each, where one was named
    """

    before: Profile
    after: Profile
    changes: tuple[Change, ...]
    times: tuple[Estimate, Estimate] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing changed but names."""
        return all(change.sort is Sort.renamed for change in self.changes)

    def totals(self, key: str) -> tuple[Any, Any]:
        """A metric of the whole networks, before and after."""
        before, after = (each.metrics(each.whole)[key] for each in (self.before, self.after))
        return before, after

    def as_dict(self) -> dict[str, Any]:
        """The difference as `--format json` prints it."""

        def numbers(each: Profile) -> dict[str, Any]:
            return {"model": each.model, "complete": each.complete, **each.numbers(each.whole)}

        before, after = numbers(self.before), numbers(self.after)
        if self.times:
            before[LATENCY], after[LATENCY] = (time.seconds for time in self.times)
        counts = [
            key for key in BY_KEY if isinstance(before.get(key), int) and isinstance(after.get(key), int)
        ]
        keys = [*counts, LATENCY] if self.times else counts
        return {
            "before": before,
            "after": after,
            "difference": {key: after[key] - before[key] for key in keys},
            "changes": [change.as_dict() for change in self.changes],
        }


def diff(before: Graph, after: Graph, *, dtype: str = "float32", device: Device | None = None) -> Difference:
    """Align the layers of two networks, and tell which were added, removed or changed, and what that costs.

    dtype   what turns elements into bytes
    device  one whose predicted time is told, too: of each change, and of the whole networks

    >>> import archlens
    >>> d = diff(archlens.load("resnet50"), archlens.load("resnet50", classes=10))
    >>> [(change.name, change.how, change.amount["params"]) for change in d.changes]
    [('head.linear1', ('out 1000 → 10',), -2028510)]

    Raises a UsageError for a dtype that is not known.
    """
    old, new = (profile(graph, depth=EVERY_NODE, dtype=dtype) for graph in (before, after))
    times = (estimate(before, device), estimate(after, device)) if device else None
    was, now = _by_position(old, times and times[0]), _by_position(new, times and times[1])
    found = (_change(before, after, pair, was, now) for pair in align(before, after))
    return Difference(old, new, tuple(change for change in found if change is not None), times)


def _by_position(of: Profile, time: Estimate | None) -> dict[int, Amounts]:
    """The amounts of every node, by its position in the graph."""
    found: dict[int, Amounts] = {}
    for row, part in zip(of.rows, of.parts, strict=True):
        values = of.metrics(part)
        (position,) = row.positions
        found[position] = {key: values[key] for key in SUMMED}
        if time is not None:
            found[position][LATENCY] = sum(time.parts([position]))
    return found


def _change(
    before: Graph,
    after: Graph,
    pair: Pair,
    costs: dict[int, Amounts],
    costs_after: dict[int, Amounts],
) -> Change | None:
    """What became of a pair of nodes; None where it is the same, or no layer at all."""
    was = costs.get(pair.before, {}) if pair.before is not None else {}
    now = costs_after.get(pair.after, {}) if pair.after is not None else {}
    amount = {key: now.get(key, 0) - was.get(key, 0) for key in {**dict.fromkeys(SUMMED), **was, **now}}
    old = before.nodes[pair.before] if pair.before is not None else None
    new = after.nodes[pair.after] if pair.after is not None else None
    if old is None or new is None:
        node = old or new
        assert node is not None
        return Change(
            Sort.removed if new is None else Sort.added, node.name, "", node.op.kind,
            tuple(_attributes(node)), (f"output {_shape(node.shape)}",), amount,
        )  # fmt: skip
    renamed = old.name != new.name
    costs_differ = any(amount.values())
    sort = Sort.changed if old.op != new.op else Sort.affected if costs_differ else Sort.renamed
    if sort is Sort.renamed and not renamed:
        return None
    return Change(
        sort, new.name, old.name if renamed else "", new.op.kind, tuple(_differences(old, new)),
        tuple(_reshaped(before, old, after, new)), amount,
    )  # fmt: skip


def _differences(old: Node, new: Node) -> Iterable[str]:
    """What of a node's operator changed, a phrase each."""
    if type(old.op) is not type(new.op):
        yield f"{old.op.kind} → {new.op.kind}"
    else:
        for field in fields(new.op):  # type: ignore[arg-type] # operators are dataclasses
            was, now = getattr(old.op, field.name), getattr(new.op, field.name)
            if was != now:
                yield f"{field.name} {_value(was)} → {_value(now)}"


def _reshaped(before: Graph, old: Node, after: Graph, new: Node) -> Iterable[str]:
    """The shapes that go into a node and come out of it, where they changed."""
    shapes = [(node.shape, graph.shapes_into(node)) for graph, node in ((before, old), (after, new))]
    (was_out, was_in), (now_out, now_in) = shapes
    if was_in != now_in:
        yield f"input {', '.join(map(_shape, was_in))} → {', '.join(map(_shape, now_in))}"
    if was_out != now_out:
        yield f"output {_shape(was_out)} → {_shape(now_out)}"


def _attributes(node: Node) -> Iterable[str]:
    """The attributes of an operator that are not its defaults."""
    for field in fields(node.op):  # type: ignore[arg-type] # operators are dataclasses
        if (value := getattr(node.op, field.name)) != field.default:
            yield f"{field.name} {_value(value)}"


def _value(value: Any) -> str:
    """An attribute as people write it: 3×3, 64, same."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "×".join(map(_value, value)) if value else "none"
    return "none" if value is None else str(value)


def _shape(lengths: tuple[int, ...]) -> str:
    """A shape without its batch."""
    return "×".join(map(str, lengths[1:])) or "scalar"
