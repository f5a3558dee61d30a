"""An operator that runs others on its result before that is stored."""

from dataclasses import dataclass, replace
from typing import Any

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.channels import Channels, Value
from archlens.ops.operator import Op, Shape, Shapes, size
from archlens.ops.rearrangement import Rearrangement
from archlens.ops.span import Span
from archlens.ops.window import Window

__all__ = ["Fused"]


@dataclass(frozen=True, slots=True)
class Fused(Op):
    """An operator and its epilogue: pointwise operators that change each output while it is in a register.

    No spec can name it: it is what a pass makes of several operators.

    operator  what computes the outputs
    then      what happens to each of them, in order

    >>> from archlens.ops import Conv, ReLU
    >>> Fused(Conv(8, 3), (ReLU(),)).label(((1, 4, 6, 6),))
    'conv 3×3 + relu'
    """

    operator: Op
    then: tuple[Op, ...]

    def __post_init__(self) -> None:
        """Its attributes hold operators, which those of no other do."""
        self.check()

    def check(self) -> None:
        first, epilogue = self.operator, self.then
        if not isinstance(first, Op) or isinstance(first, Fused) or first.alias or not first.costed:
            raise OperatorError(f"operator={written(first)} is not an operator that computes its output")
        if not isinstance(epilogue, tuple) or not epilogue:
            raise OperatorError(f"then={written(epilogue)} is not a list of operators")
        for op in epilogue:
            if not isinstance(op, Op) or isinstance(op, Fused) or not op.pointwise:
                raise OperatorError(f"then={written(epilogue)}: {written(op)} is not a pointwise operator")

    @classmethod
    def of(cls, operator: Op, then: Op) -> "Fused":
        """One operator with the other as the last part of its epilogue, whatever epilogues both have."""
        return cls(parts(operator)[0], (*parts(operator)[1:], *parts(then)))

    @property
    def kind(self) -> str:  # type: ignore[override]  # as those of its operator, from here on
        return " + ".join(op.kind for op in parts(self))

    @property
    def arity(self) -> int | None:  # type: ignore[override]
        return self.operator.arity

    @property
    def work(self) -> str:  # type: ignore[override]
        return self.operator.work

    @property
    def groups(self) -> int:
        """Those of its operator's channels, 1 where it has none."""
        return getattr(self.operator, "groups", 1)

    @property
    def pointwise(self) -> bool:  # type: ignore[override]
        return self.operator.pointwise

    @property
    def saves(self) -> frozenset[str]:  # type: ignore[override]
        """What the operator's gradient needs, and the output where the epilogue's needs anything.

        An epilogue that needs its input has it recomputed: it is never stored.
        """
        kept = frozenset({"output"}) if any(op.saves for op in self.then) else frozenset[str]()
        return self.operator.saves | kept

    def output(self, inputs: Shapes) -> Shape:
        shape = self.operator.output(inputs)
        for op in self.then:
            shape = op.output((shape,))
        return shape

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """The operator's cost, and what the epilogue computes: the map itself is stored once, at the end.

        params      = operator's + epilogue's
        elementwise = operator's + epilogue's
        reads       = operator's + epilogue's weights
        writes      = operator's
        """
        cost = self.operator.cost(inputs, output)
        for op in self.then:
            alone = op.cost((output,), output)
            cost += replace(alone, reads=alone.reads - size(output), writes=0)
        return cost

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        return self.operator.windows(inputs)

    def spans(self, inputs: Shapes) -> tuple[Span, ...] | None:
        return self.operator.spans(inputs)

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        return self.operator.mixes(inputs)

    def rearrangement(self, inputs: Shapes) -> Rearrangement | None:
        return self.operator.rearrangement(inputs)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return self.operator.channels(inputs, known)

    def kernels(self, inputs: Shapes) -> int:
        return self.operator.kernels(inputs)

    def label(self, inputs: Shapes) -> str:
        """The labels of its parts: `conv 3×3 + relu`."""
        output = self.operator.output(inputs)
        return " + ".join([self.operator.label(inputs), *(op.label((output,)) for op in self.then)])

    def attributes(self) -> dict[str, Any]:
        """The operator's, then the epilogue's behind the names of its parts: `scale.factor`."""
        epilogue = {f"{op.kind}.{key}": value for op in self.then for key, value in op.attributes().items()}
        return self.operator.attributes() | epilogue


def parts(op: Op) -> tuple[Op, ...]:
    """The operators that run one after the other: only a fused one has several."""
    return (op.operator, *op.then) if isinstance(op, Fused) else (op,)
