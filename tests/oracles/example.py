"""An operator at work on small shapes, beside the oracle that does the same by brute force."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from archlens.ops import Op, Shapes
from tests.oracles.ledger import Ledger

__all__ = ["Example"]


@dataclass(frozen=True)
class Example:
    """An operator, the shapes it is fed, and its oracle.

    batched  whether the first axis of every input is the batch
    """

    op: Op
    inputs: Shapes
    oracle: Callable[[], Ledger]
    batched: bool = True

    def __str__(self) -> str:
        attributes = ",".join(f"{name}={value}" for name, value in self.op.attributes().items())
        return f"{self.op.kind}({attributes})".replace(" ", "")

    def compare(self) -> None:
        """Hold the operator's rules against the oracle's books."""
        ledger = self.oracle()
        output = self.op.output(self.inputs)
        assert output == ledger.shape
        assert asdict(self.op.cost(self.inputs, output)) == ledger.counts()
