"""Measurements that were never taken, for tables that must look the same everywhere."""

from archlens.latency.machine.description import Machine
from archlens.latency.network.conditions import Conditions
from archlens.latency.sampling.measurement import Measurement, Subject
from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.latency.statistics.summary import summarize

__all__ = ["MACHINE", "comparison", "measured"]

MACHINE = Machine(
    processor="Some CPU @ 2.0GHz (family 6, model 85, stepping 7)",
    flags=("avx2", "fma"),
    physical_cores=2,
    logical_cores=4,
    memory_gib=16,
    gpu=None,
    gpu_memory_gib=None,
    threads=2,
    frequency_mhz=2000.0,
    governor=None,
    system="Some Linux 1",
    python="3.11.0",
    torch="2.6.0",
    blas="mkl",
    onednn="3.5",
    instructions="AVX2",
    cuda=None,
    cudnn=None,
    driver=None,
    clocks=None,
)


def measured(
    model: str,
    milliseconds: float,
    *warnings: str,
    complete: bool = True,
    interrupted: bool = False,
    peak_memory: int | None = 300_000_000,
) -> Measurement:
    """Eleven samples about a median."""
    samples = tuple(milliseconds * (1 + 0.001 * i) / 1e3 for i in range(-5, 6))
    return Measurement(
        subject=Subject(model=model, input=(1, 3, 224, 224), conditions=Conditions(), fused=False, threads=2),
        repeats=1,
        samples=samples,
        summary=summarize(samples),
        warnings=warnings,
        interrupted=interrupted,
        multiply_adds=4_000_000_000,
        memory_access=400_000_000,
        complete=complete,
        peak_memory=peak_memory,
        machine=MACHINE,
    )


def comparison(*ratios: Ratio) -> LatencyComparison:
    """ResNets of 18 and 50 layers, 18 and 41 ms."""
    return LatencyComparison(
        measurements=(measured("resnet18", 18), measured("resnet50", 41, "load: others were busy")),
        ratios=ratios
        or (Ratio(model="resnet50", baseline="resnet18", ratio=2.3, interval=(2.2, 2.4), strict=(2.1, 2.5)),),
        baseline=0,
    )
