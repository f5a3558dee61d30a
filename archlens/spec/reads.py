"""Which names a part of a spec reads, and which blocks it may call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from archlens.spec.expressions import LITERALS, SURROUNDINGS, Expression
from archlens.spec.items import (
    Block,
    Branches,
    Broken,
    Call,
    Chain,
    Choice,
    From,
    Group,
    Let,
    Loop,
    Require,
    Spec,
    Tap,
    Use,
)

__all__ = ["Part", "Reads", "reads_of"]

NO_NAMES = frozenset(LITERALS) | frozenset(SURROUNDINGS)


@dataclass(slots=True)
class Part:
    """What a chain of items reads, without what the blocks that it calls read.

    names  that have their values from outside of it
    calls  blocks; None among them stands for any, whose name is a value
    taps   whether it names a tensor or reads one by its name
    """

    names: set[str] = field(default_factory=set)
    calls: set[str | None] = field(default_factory=set)
    taps: bool = False


class Reads:
    """What the chains and the blocks of a spec read, worked out once for each of them."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._settings: dict[tuple[frozenset[str], bool], tuple[str, ...] | None] = {}
        self._chains: dict[int, tuple[tuple[str, ...], bool]] = {}
        self._tapped: dict[str, bool] = {}
        self._parts = {name: _of_block(block) for name, block in spec.blocks.items()}
        self._tapping = any(part.taps for part in self._parts.values())

    def settings(self, calls: frozenset[str], *, spec_wide: bool) -> tuple[str, ...] | None:
        """The settings that blocks read; None where every spec shares all of them, if that is asked for."""
        key = calls, spec_wide
        if key not in self._settings:
            names = tuple(sorted(set[str]().union(*(self._parts[name].names for name in calls))))
            shared = spec_wide and all(self._spec.blocks[name].shared for name in calls)
            self._settings[key] = None if shared else names
        return self._settings[key]

    def chain(self, chain: Chain) -> tuple[tuple[str, ...], bool]:
        """The names that a chain reads, and whether it comes to a tensor with a name, in a block or not."""
        if (found := self._chains.get(id(chain))) is None:
            part = Part()
            _read(chain, frozenset(), part)
            found = self._chains[id(chain)] = (tuple(sorted(part.names)), part.taps or self._taps(part.calls))
        return found

    def taps(self, name: str) -> bool:
        """Whether a block makes or reads a tensor that has a name."""
        if not self._tapping:
            return False
        if (found := self._tapped.get(name)) is None:
            found = self._tapped[name] = self._taps({name})
        return found

    def _taps(self, calls: Iterable[str | None]) -> bool:
        if not self._tapping:
            return False
        seen: set[str | None] = set()
        waiting = list(calls)
        while waiting:
            name = waiting.pop()
            if name is None or self._parts[name].taps:
                return True
            if name not in seen:
                seen.add(name)
                waiting.extend(self._parts[name].calls)
        return False


def reads_of(spec: Spec) -> Reads:
    """Which settings and names each chain and each block of a spec reads."""
    return Reads(spec)


def _of_block(block: Block) -> Part:
    """A block reads what its items and its defaults read, but for its own arguments."""
    part = Part()
    own: set[str] = set()
    for name, default in block.parameters:
        if default is not None:
            _value(default, frozenset(own), part)
        own.add(name)
    _read(block.body, frozenset(own), part)
    return part


def _value(expression: Expression, bound: frozenset[str], part: Part) -> None:
    part.names |= expression.names - bound - NO_NAMES


def _read(chain: Chain, bound: frozenset[str], part: Part) -> None:
    """Add what a chain reads; the names in `bound` have their values in it."""
    for item in chain:
        match item:
            case Call(target=target, arguments=arguments, name=name):
                _values([*arguments, ("", name)], bound, part)
                if isinstance(target, str):
                    part.calls.add(target)
            case Use(target=of, arguments=arguments, name=name):
                _values([*arguments, ("", name), ("", of)], bound, part)
                part.calls.add(None)
            case Group(name=name, body=body):
                _values([("", name)], bound, part)
                _read(body, bound, part)
            case Loop(variables=variables, name=name, body=body):
                _values(variables, bound, part)
                within = bound.union(key for key, _ in variables)
                _values([("", name)], within, part)
                _read(body, within, part)
            case Let(bindings=bindings, body=body):
                within = bound
                for key, expression in bindings:
                    _value(expression, within, part)
                    within = within.union((key,))
                _read(body, within, part)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                _value(condition, bound, part)
                _read(then, bound, part)
                _read(otherwise, bound, part)
            case Branches(split=split, branches=branches):
                _values([("", split)], bound, part)
                for branch in branches:
                    _read(branch, bound, part)
            case Tap(name=name) | From(name=name):
                _value(name, bound, part)
                part.taps = True
            case Require(condition=condition, message=message):
                _values([("", condition), ("", message)], bound, part)
            case Broken():
                pass


def _values(named: Iterable[tuple[str, Expression | None]], bound: frozenset[str], part: Part) -> None:
    for _, expression in named:
        if expression is not None:
            _value(expression, bound, part)
