"""Where a lowering stands: the line, the steps taken, and what expressions are worth there."""

from archlens.errors import ExpressionError, Problem
from archlens.ops import Shape
from archlens.spec.expressions import Expression, Names
from archlens.spec.items import Item, Spec
from archlens.spec.naming import RefusalError, Scope, word
from archlens.spec.read import Value
from archlens.spec.wiring import Wiring

__all__ = ["Evaluation"]

MAX_STEPS = 200_000


class Evaluation:
    """Evaluates expressions at the places of a growing network, and counts what it takes.

    wiring  what is added to; `shapes` are those at its places
    """

    def __init__(self, spec: Spec, fed: Shape) -> None:
        self.spec = spec
        self.file = spec.origin or spec.file
        self.wiring = Wiring(fed)
        self.shapes = self.wiring.shapes
        self.within_shared = False
        self.steps = 0
        self.line = 0

    def problem(self, path: str, message: str) -> Problem:
        return Problem(self.file, self.line, path, message)

    def stand(self, item: Item) -> None:
        """Where an error would be: at this item, or at the call of the shared block that it is in."""
        if not self.within_shared:
            self.line = item.line

    def step(self, steps: int, scope: Scope) -> None:
        """Take steps: one for an item, a pass through a loop, an operation in an expression."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            too_much = f"its loops and blocks ask for more than {MAX_STEPS} steps"
            raise RefusalError(f"the network is too large: {too_much}", scope.prefix)

    def value(
        self, expression: Expression, at: int, names: Names, scope: Scope, what: str, key: str = ""
    ) -> Value:
        """What an expression is worth at place `at`; `what` and `key` say for whom, in messages."""
        self.step(1 + expression.operations, scope)
        try:
            return expression.evaluate(names, self.shapes[at])
        except ExpressionError as error:
            raise RefusalError(str(error), f"{scope.item(what)} {key}".strip()) from error

    def text(self, template: Expression, at: int, names: Names, scope: Scope) -> str:
        return str(self.value(template, at, names, scope, "name"))

    def tap(self, template: Expression, at: int, names: Names, scope: Scope, what: str) -> str:
        """The name of a tapped tensor."""
        return word(self.text(template, at, names, scope), scope.item(what))
