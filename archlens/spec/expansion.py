"""Blocks and named parts of a network become sections, each worked out once."""

from collections.abc import Mapping

from archlens.errors import ExpressionError
from archlens.spec.assembly import DIGITS, MAX_BLOCKS, Assembly
from archlens.spec.expressions import Names
from archlens.spec.items import Block, Chain
from archlens.spec.memo import Key
from archlens.spec.naming import RefusalError, Scope
from archlens.spec.read import Value

__all__ = ["Expansion"]


class Expansion(Assembly):
    """Enters blocks and parts, or has what they came to before stand in for them.

    parts   the paths of the network's named parts
    """

    parts: set[str]

    def part_key(self, body: Chain, at: int, names: Names) -> Key | None:
        """What a part of the network with a scope of its own depends on; None for one that is not kept."""
        if not self.looks_up or not self.memo.thorough:
            return None
        read, taps = self.reads.chain(body)
        return None if taps else (id(body), self.shapes[at], repr([names.get(name) for name in read]))

    def block_key(self, block: Block, values: Mapping[str, Value], at: int, *, scoped: bool) -> Key | None:
        """All that the section of a block depends on, to keep it by; None for a block that is not kept."""
        if not self.looks_up or self.reads.taps(block.name) or not (scoped or self.memo.thorough):
            return None
        return id(block), self.shapes[at], scoped, repr(values)

    def part(self, body: Chain, at: int, names: Names, scope: Scope, path: str) -> int:
        """A named part of the network, under the last name that a scope has given, or what replaces it."""
        self.parts.add(path)
        if (other := self.spec.replaced.get(path)) is not None:
            line, file = self.line, self.file
            self.file = other.file
            at = self.chain(other.body, at, self.names, Scope(path), fresh=True)
            self.line, self.file = line, file
            return at
        key = self.part_key(body, at, names)
        if key is None:
            return self.chain(body, at, names, Scope(path), fresh=True)
        under = self.label(scope, path)
        section = self.recalled(key, len(path)) or self.worked_out(
            key, body, at, names, Scope(path), fresh=True, block="", steps=self.steps
        )
        return self.place(section, at, under, path)

    # ── blocks ───────────────────────────────────────────────────────────────────────────────

    def expand(
        self, block: Block, values: dict[str, Value], given: str | None, at: int, scope: Scope, fresh: bool
    ) -> int:
        """A block at work, under a name of its own unless it is inline or has the scope to itself."""
        self.guard(block, scope)
        steps = self.steps
        scoped = given is not None or fresh or not block.inline
        key = self.block_key(block, values, at, scoped=scoped)
        longest = len(scope.prefix) + len(given or block.name) + DIGITS
        section = None if key is None else self.recalled(key, longest)
        inner = self.inner(block, values, at, scope) if section is None else {}
        if given is None and not fresh and not block.inline:
            given = scope.block(block.name)
        path = scope.prefix if given is None else scope.path(given)
        under = self.relative(path) if given is None else self.label(scope, path)
        start = len(scope.names)
        if section is not None:
            scope.draw(section.asked)
        else:
            inside = scope if given is None and (key is None or not scoped) else Scope(path)
            state = self.enter(block)
            if key is None and given is not None and self.spec.replaced:
                at = self.part(block.body, at, inner, scope, path)
            elif key is None:
                at = self.chain(block.body, at, inner, inside, fresh=scoped)
            else:
                section = self.worked_out(
                    key, block.body, at, inner, inside, fresh=scoped, block=block.name, steps=steps
                )
            self.leave(block, state)
        if section is None:
            return at
        if scoped:
            return self.place(section, at, under, path)
        return self.draw(section, at, scope, start)

    def guard(self, block: Block, scope: Scope) -> None:
        """Raise a RefusalError for a block in itself, and for blocks that are too deep."""
        if block.name in self.calls:
            cycle = " → ".join((*self.calls, block.name))
            raise RefusalError(f"a block cannot contain itself: {cycle}", scope.item(block.name))
        if len(self.calls) >= MAX_BLOCKS:
            last = " → ".join([*self.calls][-3:])
            raise RefusalError(f"blocks in blocks, more than {MAX_BLOCKS} deep: … → {last}", scope.prefix)

    def inner(self, block: Block, values: Mapping[str, Value], at: int, scope: Scope) -> dict[str, Value]:
        """What a block sees: the settings, unless every spec shares it, and its arguments."""
        inner: dict[str, Value] = {} if block.shared else dict(self.names)
        shape = self.shapes[at]
        try:
            for key, default in block.parameters:
                if key in values:
                    inner[key] = values[key]
                elif default is not None:
                    inner[key] = default.compiled(inner, shape)
                    self.steps += 1 + default.operations
        except ExpressionError:
            assert default is not None
            self.value(default, at, inner, scope, block.name, key)  # again, for a message with values
        return inner

    def enter(self, block: Block) -> tuple[int, str, bool]:
        """Stand in a block; the line, the file and whether they are shared of what called it."""
        state = self.line, self.file, self.within_shared
        self.within_shared = block.shared
        if not block.shared:
            self.file = block.file
        self.calls[block.name] = block
        self.called.add(block.name)
        self.deepest = max(self.deepest, len(self.calls))
        return state

    def leave(self, block: Block, state: tuple[int, str, bool]) -> None:
        """Go back to the place from which the block was called."""
        del self.calls[block.name]
        self.line, self.file, self.within_shared = state
