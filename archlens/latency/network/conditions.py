"""Under which conditions a network is run, and which of them this machine has."""

from dataclasses import dataclass

import torch

from archlens.errors import ArchlensError, UsageError, nearest

__all__ = ["DEVICES", "DTYPES", "LAYOUTS", "MODES", "Conditions"]

DEVICES = ("cpu", "cuda")
DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
LAYOUTS = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}
MODES = ("eager", "compile", "export")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How a network is run: device, type of numbers, layout, mode, threads.

    device   cpu or cuda
    dtype    of weights and data: float64, float32, bfloat16 or float16
    layout   of maps in memory: nchw or channels_last
    mode     eager; compile, by torch.compile; or export, by torch.export
    threads  that PyTorch computes with on the CPU; its own choice unless given
    seed     of weights, data and statistics

    Raises a UsageError for what it does not know, an ArchlensError for a device that is not there.
    """

    device: str = "cpu"
    dtype: str = "float32"
    layout: str = "nchw"
    mode: str = "eager"
    threads: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (("device", DEVICES), ("dtype", DTYPES), ("layout", LAYOUTS), ("mode", MODES)):
            value = getattr(self, name)
            if value not in known:
                raise UsageError(f"{name} {value} is not one of {', '.join(known)}{nearest(value, known)}")
        if self.threads is not None and not 1 <= self.threads <= 1024:
            raise UsageError(f"threads={self.threads} is not between 1 and 1024")
        if not 0 <= self.seed < 2**32:
            raise UsageError(f"seed={self.seed} is not between 0 and 2³² − 1")
        if self.device == "cuda" and not torch.cuda.is_available():
            raise ArchlensError(f"there is no CUDA device: {missing_cuda()}; --device cpu is the other one")

    @property
    def torch_dtype(self) -> torch.dtype:
        """PyTorch's name of the dtype."""
        return DTYPES[self.dtype]

    @property
    def memory_format(self) -> torch.memory_format:
        """PyTorch's name of the layout."""
        return LAYOUTS[self.layout]

    @property
    def itemsize(self) -> int:
        """Bytes an element takes."""
        return self.torch_dtype.itemsize


def missing_cuda() -> str:
    """Why PyTorch finds no CUDA device."""
    if torch.version.cuda is None:
        return f"PyTorch {torch.__version__} is built without CUDA"
    return f"PyTorch {torch.__version__} finds no GPU that the driver lets it use"
