"""What one contestant came to, as a row of the table."""

from dataclasses import dataclass

from benchmarks.samples import Samples

__all__ = ["Row", "milliseconds"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    subject    what is measured; the first row of a subject is what the others are compared with
    samples    None for a contestant that failed; the note says how
    unit       of the samples: ms, s or MiB
    counted    the multiply-adds that it reported
    target     ours, in the same unit: at most this
    """

    subject: str
    contestant: str
    samples: Samples | None
    unit: str
    counted: int | None = None
    target: float | None = None
    note: str = ""

    def verdict(self) -> str:
        """How the target fared: met when every sample meets it."""
        if self.target is None or self.samples is None:
            return ""
        met = sum(value <= self.target for value in self.samples.values)
        many = len(self.samples.values)
        said = "met" if met == many else f"met {met} times in {many}" if met else "not met"
        return f"≤ {self.target:g} {self.unit}: {said}"

    def ratio(self, first: "Row") -> str:
        """How many times the first row's median; no number where their ranges overlap."""
        if self is first or self.samples is None or first.samples is None:
            return ""
        if self.samples.overlaps(first.samples):
            return "too close"
        return f"{self.samples.median / first.samples.median:.3g}×"


def milliseconds(samples: Samples) -> Samples:
    """Seconds as milliseconds."""
    return samples.scaled(1e3)
