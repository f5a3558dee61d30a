"""Spec + variant → Graph: loops unrolled, blocks expanded, shapes and costs worked out.

Everything is bounded: the number of steps, of nodes and of nested blocks. Rules are pure, so the
results of repeated work are kept by value (operator, input shapes) while one network is lowered.
"""

from collections.abc import Mapping
from itertools import accumulate, pairwise

from archlens.cost import Cost
from archlens.errors import ExpressionError, OperatorError, Problem, SpecError, nearest
from archlens.graph import Graph, Node
from archlens.ops import Identity, Input, Op, Shape, Shapes, Slice, Split
from archlens.spec.expressions import Expression, Names
from archlens.spec.item_parser import UnusableError, signature
from archlens.spec.items import (
    Block,
    Branches,
    Broken,
    Call,
    Chain,
    Choice,
    From,
    Group,
    Item,
    Let,
    Loop,
    Spec,
    Tap,
    Use,
)
from archlens.spec.naming import RefusalError, Scope
from archlens.spec.read import Value
from archlens.spec.values import show
from archlens.spec.vocabulary import CALLABLE, SIGNATURES, mismatch

__all__ = ["lower"]

MAX_NODES = 10_000
MAX_STEPS = 100_000


def lower(spec: Spec, model: str, settings: Mapping[str, Value], *, batch: int = 1) -> Graph:
    """The graph of a spec under the given settings, which hold a value for each of the spec's.

    model     what the graph is called
    settings  values by name, `input` among them: channels, height, width, without the batch
    batch     images at once, the first axis of every shape

    Raises a SpecError with the line, the path and the values of the first thing that does not fit.
    Items that were reported as broken when the spec was parsed raise an empty SpecError.
    """
    lowering = _Lowering(spec)
    try:
        return lowering.graph(model, settings, batch)
    except UnusableError:
        raise SpecError([]) from None
    except RecursionError:
        raise SpecError([lowering.problem("", "is nested too deep")]) from None


class _Lowering:
    """One network on its way from items to nodes."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.nodes: list[Node] = []
        self.taps: dict[str, int] = {}
        self.calls: dict[str, Block] = {}
        self.within_shared = False
        self.steps = 0
        self.line = 0
        self.operators: dict[object, Op] = {}
        self.rules: dict[tuple[int, Shapes], tuple[Shape, Cost]] = {}
        self.names: Names = {}

    def graph(self, model: str, settings: Mapping[str, Value], batch: int) -> Graph:
        scope = Scope("")
        self.names = {name: value for name, value in settings.items() if name != "input"}
        try:
            shape = settings["input"]
            try:
                given = Input((batch, *shape) if isinstance(shape, tuple) else (batch, shape))  # type: ignore[arg-type]  # Input refuses what is no shape
            except OperatorError as error:
                raise RefusalError(str(error)) from error
            start = self.add(scope.take("input"), given, (), scope)
            end = self.chain(self.spec.network, start, self.names, scope, fresh=False)
            if end == start:
                raise RefusalError("the network has no operators")
        except RefusalError as refusal:
            raise SpecError([self.problem(refusal.what, refusal.message)]) from refusal
        fed = {feeding for node in self.nodes for feeding in node.inputs}
        others = tuple(i for i in range(len(self.nodes)) if i not in fed and i not in (end, start))
        return Graph(model, self.spec.family, tuple(self.nodes), (end, *others))

    def problem(self, path: str, message: str) -> Problem:
        return Problem(self.spec.file, self.line, path, message)

    # ── items ────────────────────────────────────────────────────────────────────────────────

    def chain(self, chain: Chain, at: int, names: Names, scope: Scope, *, fresh: bool) -> int:
        """Run the items one after another from node `at`; the node that comes out.

        fresh  whether the scope was opened for this chain: a block that is its only item takes
               the scope over instead of opening one of its own
        """
        fresh = fresh and len(chain) == 1
        for item in chain:
            self.step(1, scope)
            if not self.within_shared:
                self.line = item.line
            at = self.item(item, at, names, scope, fresh)
        return at

    def step(self, steps: int, scope: Scope) -> None:
        """Take steps: one for an item, a pass through a loop, an operation in an expression."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise RefusalError(f"the network takes more than {MAX_STEPS} steps to expand", scope.prefix)

    def item(self, item: Item, at: int, names: Names, scope: Scope, fresh: bool) -> int:
        match item:
            case Call(target=target, arguments=arguments, name=name):
                return self.call(target, arguments, name, at, names, scope, fresh)
            case Branches():
                return self.branches(item, at, names, scope)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                chosen = self.value(condition, at, names, scope, "if")
                if type(chosen) is not bool:
                    raise RefusalError(
                        f"{condition.text!r} is {show(chosen)}, not true or false", f"{scope.prefix} (if)"
                    )
                return self.chain(then if chosen else otherwise, at, names, scope, fresh=fresh)
            case Let(bindings=bindings, body=body):
                inner = dict(names)
                for key, expression in bindings:
                    inner[key] = self.value(expression, at, inner, scope, "let", key)
                return self.chain(body, at, inner, scope, fresh=fresh)
            case Loop():
                return self.loop(item, at, names, scope)
            case Group(name=name, body=body):
                inside = Scope(scope.path(scope.named(self.text(name, at, names, scope))))
                return self.chain(body, at, names, inside, fresh=True)
            case Use():
                return self.use(item, at, names, scope, fresh)
            case Tap(name=name):
                self.taps[self.text(name, at, names, scope)] = at
                return at
            case From(name=name):
                wanted = self.text(name, at, names, scope)
                if wanted not in self.taps:
                    raise RefusalError(
                        f"no tensor was tapped as {wanted}{nearest(wanted, self.taps)}",
                        f"{scope.prefix} (from)",
                    )
                return self.taps[wanted]
            case Broken():
                raise UnusableError

    def loop(self, item: Loop, at: int, names: Names, scope: Scope) -> int:
        columns: dict[str, range | tuple[Value, ...]] = {}
        for key, expression in item.variables:
            value = self.value(expression, at, names, scope, "each", key)
            if type(value) is int and 0 <= value <= MAX_NODES:
                columns[key] = range(value)
            elif isinstance(value, tuple):
                columns[key] = value
            else:
                raise RefusalError(
                    f"{key}={show(value)} is neither a list nor a number of passes up to {MAX_NODES}",
                    f"{scope.prefix} (each)",
                )
        if len({len(column) for column in columns.values()}) > 1:
            lengths = ", ".join(f"{key} has {len(column)}" for key, column in columns.items())
            raise RefusalError(
                f"lists of different lengths cannot be walked side by side: {lengths}",
                f"{scope.prefix} (each)",
            )
        for values in zip(*columns.values(), strict=True):
            self.step(1, scope)
            inner = {**names, **dict(zip(columns, values, strict=True))}
            name = scope.named(self.text(item.name, at, inner, scope)) if item.name else scope.iteration()
            at = self.chain(item.body, at, inner, Scope(scope.path(name)), fresh=True)
        return at

    def use(self, item: Use, at: int, names: Names, scope: Scope, fresh: bool) -> int:
        wanted = self.value(item.target, at, names, scope, "use")
        known = {*CALLABLE, *self.spec.blocks}
        if not isinstance(wanted, str) or wanted not in known:
            hint = nearest(wanted, known) if isinstance(wanted, str) else ""
            raise RefusalError(
                f"{item.target.text} is {show(wanted)}, no operator or block{hint}", f"{scope.prefix} (use)"
            )
        takes = SIGNATURES[wanted] if wanted in SIGNATURES else signature(self.spec.blocks[wanted])
        if problem := mismatch(takes, [name for name, _ in item.arguments]):
            raise RefusalError(f"{wanted} {problem}", f"{scope.prefix} (use)")
        return self.call(CALLABLE.get(wanted, wanted), item.arguments, item.name, at, names, scope, fresh)

    def branches(self, item: Branches, at: int, names: Names, scope: Scope) -> int:
        starts = (at,) * len(item.branches)
        if item.split is not None:
            starts = self.split(item.split, len(item.branches), at, names, scope)
        ends = tuple(
            self.chain(branch, start, names, scope, fresh=False)
            for branch, start in zip(item.branches, starts, strict=True)
        )
        if not self.within_shared:
            self.line = item.line
        own = scope.numbered(item.join.kind)
        return self.add(own, self.operator(item.join, {}, scope.path(own)), ends, scope)

    def split(self, parts: Expression, branches: int, at: int, names: Names, scope: Scope) -> tuple[int, ...]:
        """One node a branch: equal parts of the channels, or parts of the sizes in a list."""
        value = self.value(parts, at, names, scope, "split")
        sizes = value if isinstance(value, tuple) else ()
        if (len(sizes) if sizes else value) != branches:
            raise RefusalError(
                f"split={show(value)} does not match the {branches} branches", f"{scope.prefix} (split)"
            )
        kind: type[Op] = Split
        pieces = [{"parts": branches, "index": index} for index in range(branches)]
        if sizes:
            channels = self.nodes[at].shape[1]
            edges = list(accumulate(map(channel_count, sizes), initial=0))
            if edges[-1] != channels:
                raise RefusalError(
                    f"split={show(value)} adds up to {edges[-1]}, not to the {channels} channels",
                    f"{scope.prefix} (split)",
                )
            kind = Slice
            pieces = [{"start": start, "stop": stop} for start, stop in pairwise(edges)]
        ends = []
        for piece in pieces:
            own = scope.numbered(kind.kind)
            ends.append(self.add(own, self.operator(kind, piece, scope.path(own)), (at,), scope))
        return tuple(ends)

    # ── calls ────────────────────────────────────────────────────────────────────────────────

    def call(
        self,
        target: type[Op] | str,
        arguments: tuple[tuple[str, Expression], ...],
        name: Expression | None,
        at: int,
        names: Names,
        scope: Scope,
        fresh: bool,
    ) -> int:
        kind = target if isinstance(target, str) else target.kind
        values: dict[str, Value] = {}
        shape = self.nodes[at].shape
        try:
            for key, expression in arguments:
                values[key] = expression.compiled(names, shape)
                self.steps += expression.operations
        except ExpressionError:
            self.value(expression, at, names, scope, kind, key)  # again, for a message with values
        given = scope.named(self.text(name, at, names, scope)) if name else None
        if isinstance(target, str):
            return self.expand(self.spec.blocks[target], values, given, at, scope, fresh)
        if target is Identity:
            return at
        own = given or scope.numbered(kind)
        return self.add(own, self.operator(target, values, scope.path(own)), (at,), scope)

    def expand(
        self, block: Block, values: dict[str, Value], given: str | None, at: int, scope: Scope, fresh: bool
    ) -> int:
        if block.name in self.calls:
            cycle = " → ".join((*self.calls, block.name))
            raise RefusalError(f"a block cannot contain itself: {cycle}", f"{scope.prefix} ({block.name})")
        inner: dict[str, Value] = {} if block.shared else dict(self.names)
        for key, default in block.parameters:
            if key in values:
                inner[key] = values[key]
            elif default is not None:
                inner[key] = self.value(default, at, inner, scope, block.name, key)
        if given is not None:
            scope, fresh = Scope(scope.path(given)), True
        elif not fresh and not block.inline:
            scope, fresh = Scope(scope.path(scope.block(block.name))), True
        line, within_shared = self.line, self.within_shared
        self.within_shared = block.shared
        self.calls[block.name] = block
        at = self.chain(block.body, at, inner, scope, fresh=fresh)
        del self.calls[block.name]
        self.line, self.within_shared = line, within_shared
        return at

    def operator(self, target: type[Op], values: Mapping[str, Value], path: str) -> Op:
        key = (target, *values.items(), *map(type, values.values()))
        if (op := self.operators.get(key)) is None:
            try:
                op = target(**values)
            except OperatorError as error:
                raise RefusalError(str(error), f"{path} ({target.kind})") from error
            self.operators[key] = op
        return op

    def add(self, name: str, op: Op, inputs: tuple[int, ...], scope: Scope) -> int:
        """Append a node; its position. Operators are kept, so that their identity stands for their value."""
        path = scope.path(name)
        if len(self.nodes) >= MAX_NODES:
            raise RefusalError(f"the network has more than {MAX_NODES} operators", path)
        shapes = tuple([self.nodes[feeding].shape for feeding in inputs])
        found = self.rules.get((id(op), shapes))
        if found is None:
            try:
                shape = op.output(shapes)
            except OperatorError as error:
                raise RefusalError(str(error), f"{path} ({op.kind})") from error
            found = self.rules[id(op), shapes] = (shape, op.cost(shapes, shape))
        self.nodes.append(Node(path, op, inputs, *found))
        return len(self.nodes) - 1

    # ── values ───────────────────────────────────────────────────────────────────────────────

    def value(
        self, expression: Expression, at: int, names: Names, scope: Scope, what: str, key: str = ""
    ) -> Value:
        """What an expression is worth at node `at`; `what` and `key` say for whom, in messages."""
        self.step(expression.operations, scope)
        try:
            return expression.evaluate(names, self.nodes[at].shape)
        except ExpressionError as error:
            raise RefusalError(str(error), f"{scope.prefix} ({what}) {key}".strip()) from error

    def text(self, template: Expression, at: int, names: Names, scope: Scope) -> str:
        return str(self.value(template, at, names, scope, "name"))


def channel_count(value: Value) -> int:
    """A part of a split. Raises a RefusalError for what is not a number of channels."""
    if type(value) is not int or value < 1:
        raise RefusalError(f"split: {show(value)} is not a number of channels")
    return value
