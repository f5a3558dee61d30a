"""A network is put together: operators and sections are added, those of before looked up."""

from abc import abstractmethod
from collections.abc import Mapping

from archlens.errors import OperatorError
from archlens.ops import Op, Shape, Shapes
from archlens.spec.evaluation import MAX_STEPS, Evaluation
from archlens.spec.expressions import Names
from archlens.spec.items import Block, Chain, Spec
from archlens.spec.memo import Key, Memo, Settled
from archlens.spec.naming import MAX_PATH, RefusalError, Scope
from archlens.spec.read import Value
from archlens.spec.section import Applied, Placed, Section
from archlens.spec.wiring import MAX_NODES, Wiring

__all__ = ["DIGITS", "MAX_BLOCKS", "Assembly"]

MAX_BLOCKS = 32
DIGITS = 6
"""How much longer a name may be elsewhere, where its number is another."""


class Assembly(Evaluation):
    """Adds operators and sections to the network, and looks up those that were worked out before.

    memo    what was
    noted   where not None, the line of each operator by its path; nothing is looked up then
    home    the scope that the section at hand draws its names from
    count   operators so far, in all
    called  blocks that the section at hand is made of, and `deepest` how deep they lie
    """

    def __init__(
        self, spec: Spec, settings: Mapping[str, Value], fed: Shape, memo: Memo, noted: dict[str, int] | None
    ) -> None:
        super().__init__(spec, fed)
        self.names: Names = settings
        self.memo = memo
        self.reads = memo.reads(spec)
        self.settled = Settled(spec, settings)
        self.noted = noted
        self.looks_up = noted is None and not spec.replaced
        self.calls: dict[str, Block] = {}
        self.called: set[str] = set()
        self.deepest = 0
        self.count = 1
        self.home = Scope("")

    @abstractmethod
    def chain(self, chain: Chain, at: int, names: Names, scope: Scope, *, fresh: bool) -> int:
        """Run items one after another from a place on; the place of what comes out."""

    def closed(self, end: int) -> Section:
        """The section of all that was added, whose result stands at a place."""
        inner = self.wiring
        return Section(
            entries=tuple(inner.entries),
            end=end,
            input=inner.shapes[0],
            shape=inner.shapes[end],
            count=self.count - 1,
            steps=self.steps,
            reach=inner.reach,
            height=self.deepest,
            calls=frozenset(self.called),
        )

    # ── operators ────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        target: type[Op],
        values: Mapping[str, Value],
        inputs: tuple[int, ...],
        scope: Scope,
        name: str,
    ) -> int:
        """Append an operator of this name, the last that the scope has given; its place.

        Raises a RefusalError where it does not take the attributes or the shapes.
        """
        shapes = tuple([self.shapes[feeding] for feeding in inputs])
        key = (
            target,
            shapes,
            repr(values),
        )  # not the values: 1, 1.0 and true are equal, and are not the same
        work = self.memo.applied.get(key)
        length = len(scope.prefix) + len(name)
        if work is None or length >= MAX_PATH or self.count >= MAX_NODES:
            work = self.memo.applied[key] = self.applied(target, values, shapes, scope.path(name))
        self.count += 1
        if self.noted is not None:
            self.noted[scope.path(name)] = self.line if self.file == self.spec.file else 0
        if (reach := length + 1 - len(self.home.prefix)) > self.wiring.reach:
            self.wiring.reach = reach
        own = scope is self.home
        return self.wiring.add(work, inputs, len(scope.names) - 1 if own else self.relative(scope.path(name)))

    def applied(self, target: type[Op], values: Mapping[str, Value], shapes: Shapes, path: str) -> Applied:
        """What an operator comes to that was not met before. Raises a RefusalError."""
        try:
            op = self.memo.operator(target, values)
            if self.count >= MAX_NODES:
                raise RefusalError(f"the network has more than {MAX_NODES} operators", path)
            shape = op.output(shapes)
        except OperatorError as error:
            raise RefusalError(str(error), f"{path} ({target.kind})") from error
        return Applied(op, shapes, shape, op.cost(shapes, shape))

    def label(self, scope: Scope, path: str) -> int | str:
        """What the section at hand calls the last name that a scope has given."""
        return len(scope.names) - 1 if scope is self.home else self.relative(path)

    def recalled(self, key: Key, prefix: int) -> Section | None:
        """The section that was worked out for a key, unless a bound is in sight: then it has to be run.

        prefix  how long its paths' prefix may be
        """
        found = self.memo.find(key, self.settled)
        if found is None:
            return None
        fits = (
            self.count + found.count <= MAX_NODES
            and self.steps + found.steps <= MAX_STEPS
            and len(self.calls) + found.height <= MAX_BLOCKS
            and prefix + found.reach <= MAX_PATH
            and found.calls.isdisjoint(self.calls)
        )
        if not fits:
            return None
        self.count += found.count
        self.steps += found.steps
        self.called |= found.calls
        self.deepest = max(self.deepest, len(self.calls) + found.height)
        return found

    def worked_out(
        self,
        key: Key,
        body: Chain,
        at: int,
        names: Names,
        scope: Scope,
        *,
        fresh: bool,
        block: str,
        steps: int,
    ) -> Section:
        """The section that a chain of items gives, kept so that the same chain gives it at once next time.

        fresh  whether the scope is its own; else it is where its names are drawn, and it is not kept if the
               spec gives some of them, which may be taken elsewhere
        block  whose body it is, which has been entered; "" for a part of the network
        steps  that had been taken before it
        """
        outer, home, called, deepest = self.wiring, self.home, self.called, self.deepest
        count, start, height = self.count, len(scope.names), len(self.calls) - bool(block)
        self.wiring = inner = Wiring(self.shapes[at])
        self.shapes, self.home = inner.shapes, scope
        self.called, self.deepest = {block} if block else set(), len(self.calls)
        end = self.chain(body, 0, names, scope, fresh=fresh)
        section = Section(
            entries=tuple(inner.entries),
            end=end,
            input=inner.shapes[0],
            shape=inner.shapes[end],
            count=self.count - count,
            steps=self.steps - steps,
            reach=inner.reach + DIGITS,
            height=self.deepest - height,
            calls=frozenset(self.called),
            asked=() if fresh else tuple(scope.asked[start:]),
            names=scope.names if fresh else (),
            start=start,
        )
        self.wiring, self.shapes, self.home = outer, outer.shapes, home
        self.called |= called
        self.deepest = max(self.deepest, deepest)
        if all(how != "named" for how, _ in section.asked):
            read = self.reads.settings(section.calls, spec_wide=bool(block))
            self.memo.keep(key, section, read, self.settled)
        return section

    def place(self, section: Section, at: int, under: int | str, prefix: str) -> int:
        """Append a section that has a scope of its own, of this prefix; its place."""
        self.reach(prefix, section)
        return self.wiring.place(Placed(section, at, under, None, 0))

    def draw(self, section: Section, at: int, scope: Scope, start: int) -> int:
        """Append a section whose names the scope has given, from a number on; its place."""
        self.reach(scope.prefix, section)
        shift = start - section.start
        if scope is self.home:
            return self.wiring.place(Placed(section, at, None, None, shift))
        return self.wiring.place(Placed(section, at, self.relative(scope.prefix), scope.names, shift))

    def reach(self, prefix: str, section: Section) -> None:
        self.wiring.reach = max(self.wiring.reach, len(prefix) - len(self.home.prefix) + section.reach)

    def relative(self, prefix: str) -> str:
        """What stands of a prefix behind that of the section at hand."""
        home = self.home.prefix
        return prefix[len(home) + 1 :] if home else prefix
