"""What is known about how long one network takes, with all that the number needs beside it."""

from dataclasses import dataclass
from typing import Any

from archlens.latency.machine.description import Machine
from archlens.latency.network.conditions import Conditions
from archlens.latency.statistics.summary import Summary

__all__ = ["Measurement", "Subject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The network that is measured, as it is measured: its batch, its conditions, its threads.

    input    shape, batch first
    fused    whether normalisations were folded into the weights before them
    threads  that PyTorch really computes with
    """

    model: str
    input: tuple[int, ...]
    conditions: Conditions
    fused: bool
    threads: int

    def as_dict(self) -> dict[str, Any]:
        """What is measured, as JSON has it."""
        return {
            "model": self.model,
            "device": self.conditions.device,
            "batch": self.input[0],
            "input": list(self.input),
            "dtype": self.conditions.dtype,
            "layout": self.conditions.layout,
            "mode": self.conditions.mode,
            "threads": self.threads,
            "seed": self.conditions.seed,
            "fused": self.fused,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The latency of one network. Times are in seconds, memory in bytes.

    repeats        calls in a row that a sample is the mean of
    samples        in the order in which they were taken
    warnings       why the number cannot be believed, a sentence each; empty if it can
    interrupted    whether it was stopped before its time
    multiply_adds  of one run
    memory_access  bytes that one run reads and writes, by our own count
    complete       whether both are known for every operator, or are lower bounds
    peak_memory    on a GPU what PyTorch held, on a CPU the whole process; None where nobody tells
    one_thread     seconds at one thread, where PyTorch chose more of them; None where nobody looked
    """

    subject: Subject
    repeats: int
    samples: tuple[float, ...]
    summary: Summary
    warnings: tuple[str, ...]
    interrupted: bool
    multiply_adds: int
    memory_access: int
    complete: bool
    peak_memory: int | None
    machine: Machine
    one_thread: float | None = None

    @property
    def reliable(self) -> bool:
        """Whether there is no warning that makes the number doubtful."""
        return not self.warnings

    @property
    def images_per_second(self) -> float:
        """Throughput at this batch, at the median."""
        return self.subject.input[0] / self.summary.median

    @property
    def multiply_adds_per_second(self) -> float:
        """What the papers call FLOPs, a second; hardware counts two operations for each."""
        return self.multiply_adds / self.summary.median

    @property
    def bytes_per_second(self) -> float:
        """Memory access a second, as if nothing stayed in a cache."""
        return self.memory_access / self.summary.median

    def results(self) -> dict[str, Any]:
        """The figures that the samples give, without the samples themselves."""
        return {
            "median_s": self.summary.median,
            "interval_s": list(self.summary.interval),
            "minimum_s": self.summary.minimum,
            "p90_s": self.summary.p90,
            "iqr_s": self.summary.iqr,
            "repeats": self.repeats,
            "reliable": self.reliable,
            "warnings": list(self.warnings),
            "interrupted": self.interrupted,
            "images_per_second": self.images_per_second,
            "multiply_adds_per_second": self.multiply_adds_per_second,
            "gflops_per_second": 2 * self.multiply_adds_per_second / 1e9,
            "gigabytes_per_second": self.bytes_per_second / 1e9,
            "costs_complete": self.complete,
            "peak_memory_bytes": self.peak_memory,
            "one_thread_s": self.one_thread,
        }

    def as_dict(self) -> dict[str, Any]:
        """The measurement as `--format json` prints it."""
        return {
            **self.subject.as_dict(),
            **self.results(),
            "samples": list(self.samples),
            "machine": self.machine.as_dict(),
        }
