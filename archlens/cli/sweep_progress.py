"""What a sweep says on stderr while it goes on: its size, how far it is, and how to go on with it."""

from pathlib import Path
from typing import TYPE_CHECKING

from archlens.cli.output import write
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError, StoreError

if TYPE_CHECKING:
    from archlens.spaces.chunks import Outcome
    from archlens.spaces.launch import Plan
    from archlens.spaces.sweep import Sweep

__all__ = ["Teller"]


class Teller:
    """Says on stderr how large a sweep is, how far it is, and how to go on with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = self.before = self.done = 0
        self.progress: Progress | None = None

    def began(self, sweep: "Sweep", plan: "Plan") -> None:
        """Before the first chunk."""
        self.total, self.before = plan.total, sweep.store.counts()[1]
        how = "searched" if plan.guided else "drawn"
        drawn = "" if plan.sample is None else f", {plan.total:,} of them {how} by seed {plan.seed}"
        kept = f", {self.before:,} already there" if self.before else ""
        write(f"archlens: {plan.job.space.about}{drawn}, kept in {self.path}{kept}\n", error=True)

    def seen(self, outcome: "Outcome") -> None:
        """After each chunk."""
        self.done += len(outcome.chunk.numbers)
        if self.progress is not None:
            known = self.before + self.done
            self.progress.show(f"{known:,} of {self.total:,} variants", known / max(self.total, 1))

    def stopped(self, why: str) -> None:
        """Where it ended too early."""
        known = self.before + self.done
        write(
            f"archlens: {why}: {known:,} of {self.total:,} variants are kept in {self.path}, and the same "
            "command goes on from there\n",
            error=True,
        )

    def how_to_go_on(self, error: ArchlensError) -> str:
        """The end of a message about what went wrong in the middle."""
        if not self.total or (isinstance(error, StoreError) and "--restart" in str(error)):
            return ""
        known = self.before + self.done
        return f"; {known:,} of {self.total:,} variants are kept: the same command goes on from there"
