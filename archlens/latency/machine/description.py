"""The machine that times were taken on: what it is, never what it is called."""

import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import torch

__all__ = ["Machine", "clock", "describe"]

CPUINFO = Path("/proc/cpuinfo")
GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
FLAGS = (
    "sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16",
    "avx_vnni", "amx_bf16", "amx_int8", "amx_fp16",
    "neon", "asimd", "asimdhp", "asimddp", "sve", "sve2", "bf16", "i8mm",
)  # fmt: skip
"""The instruction sets that decide how fast a network can be."""
NUMBERS = {"family": "cpu family", "model": "model", "stepping": "stepping", "part": "CPU part"}
"""What tells two processors of one name apart, and what Linux calls it."""
QUERY = ("driver_version", "clocks.sm", "clocks.mem", "clocks.max.sm", "power.limit")
GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Hardware first, which `fingerprint` is made of, then software and settings; None: not readable.

    memory_gib     of the whole machine, to the nearest GiB
    threads        that PyTorch computes with
    frequency_mhz  of the processor, and `clocks` of the GPU: at the moment of asking
    """

    processor: str
    flags: tuple[str, ...]
    physical_cores: int | None
    logical_cores: int
    memory_gib: int
    gpu: str | None
    gpu_memory_gib: int | None
    threads: int
    frequency_mhz: float | None
    governor: str | None
    system: str
    python: str
    torch: str
    blas: str
    onednn: str | None
    instructions: str
    cuda: str | None
    cudnn: str | None
    driver: str | None
    clocks: str | None

    @property
    def fingerprint(self) -> str:
        """Eight digits that change with the hardware alone: not with load, clocks, threads or versions."""
        hardware = (
            self.processor, self.flags, self.physical_cores, self.logical_cores, self.memory_gib,
            self.gpu, self.gpu_memory_gib,
        )  # fmt: skip
        return hashlib.sha256(repr(hardware).encode()).hexdigest()[:8]

    def as_dict(self) -> dict[str, Any]:
        """The machine as JSON has it, its fingerprint first."""
        return {"fingerprint": self.fingerprint, **asdict(self), "flags": list(self.flags)}

    def __str__(self) -> str:
        """The machine on a line: what a table says below its figures."""
        parts = [
            f"{self.processor}, {self.threads} of {self.logical_cores} cores, {self.memory_gib} GiB",
            *([self.gpu] if self.gpu else []),
            f"{self.system}, Python {self.python}, PyTorch {self.torch}",
            f"machine {self.fingerprint}",
        ]
        return "; ".join(parts)


def describe() -> Machine:
    """A description of this machine as it is now: processor, memory, system, versions of the software."""
    facts = processor_facts(CPUINFO)
    cuda = torch.cuda.is_available()
    device = torch.cuda.get_device_properties(0) if cuda else None
    asked = gpu_facts() if cuda else {}
    built = torch.__config__.show()
    return Machine(
        processor=processor_name(facts),
        flags=known_flags((facts.get("flags") or facts.get("Features") or "").split()),
        physical_cores=psutil.cpu_count(logical=False),
        logical_cores=os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / GIBIBYTE),
        gpu=device.name if device else None,
        gpu_memory_gib=round(device.total_memory / GIBIBYTE) if device else None,
        threads=torch.get_num_threads(),
        frequency_mhz=clock(),
        governor=read(GOVERNOR),
        system=system(),
        python=platform.python_version(),
        torch=torch.__version__,
        blas=found(r"BLAS_INFO=(\w+)", built) or "unknown",
        onednn=found(r"MKL-DNN v([\w.]+)", built),
        instructions=torch.backends.cpu.get_cpu_capability(),
        cuda=torch.version.cuda if cuda else None,
        cudnn=str(torch.backends.cudnn.version()) if cuda else None,  # type: ignore[no-untyped-call]
        driver=asked.get("driver_version"),
        clocks=", ".join(f"{name} {value}" for name, value in asked.items() if name != "driver_version")
        or None,
    )


def clock() -> float | None:
    """The processor's mean clock in MHz, where the system tells it."""
    try:
        now = psutil.cpu_freq()
    except (OSError, NotImplementedError, RuntimeError):
        return None
    return float(now.current) if now and now.current else None


def processor_facts(path: Path) -> dict[str, str]:
    """What `/proc/cpuinfo` says about the first core."""
    try:
        first = path.read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        return {}
    return {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())
    }


def processor_name(facts: dict[str, str]) -> str:
    """What the processor calls itself, with its numbers where Linux tells them: some names say little."""
    name = facts.get("model name") or platform.processor() or platform.machine()
    numbers = [f"{word} {facts[key]}" for word, key in NUMBERS.items() if key in facts]
    return f"{name} ({', '.join(numbers)})" if numbers else name


def known_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """The flags of a processor that decide how fast networks run, in a fixed order."""
    present = set(flags)
    return tuple(flag for flag in FLAGS if flag in present)


def gpu_facts() -> dict[str, str]:
    """What the driver says about the first GPU; nothing where it does not answer."""
    command = ["nvidia-smi", "-i", "0", f"--query-gpu={','.join(QUERY)}", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    values = [value.strip() for value in answer.splitlines()[0].split(",")] if answer.strip() else []
    return dict(zip(QUERY, values, strict=False))


def system() -> str:
    """Such as: Debian GNU/Linux 12 (bookworm), Linux 6.1.0."""
    kernel = f"{platform.system()} {platform.release().partition('-')[0]}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except (OSError, KeyError):
        return kernel


def read(path: Path) -> str | None:
    """The text of one of the system's one-line files, such as those under `/sys`; "" if there is none."""
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def found(pattern: str, text: str) -> str | None:
    """The text that the first group of a pattern matches; "" if it matches nothing."""
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else None
