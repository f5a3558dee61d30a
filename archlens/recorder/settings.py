"""Settings of PyTorch, of warnings and of the process: after a recording they are as they were before."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from warnings import catch_warnings

import torch

__all__ = ["settings_kept"]

DEVICES = ("cpu", "cuda")
"""Devices that autocast has settings of."""


@contextmanager
def settings_kept() -> Iterator[None]:
    """Restore whatever a forward may set for the whole process: types, devices, modes, kernels, threads."""
    before = [(get(), get, put) for get, put in SETTINGS]
    environment = dict(os.environ)
    with catch_warnings(), autocast_kept():
        try:
            yield
        finally:
            for value, get, put in before:
                if get() != value:
                    put(value)
            if dict(os.environ) != environment:
                os.environ.clear()
                os.environ.update(environment)


@contextmanager
def autocast_kept() -> Iterator[None]:
    """Within `torch.autocast`, keep copies of fake weights out of its cache, which outlives the recording."""
    nested = any(map(torch.is_autocast_enabled, DEVICES))
    before = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(before and not nested)
    try:
        yield
    finally:
        torch.set_autocast_cache_enabled(before)


def default_device() -> Any:
    """The device of `torch.set_default_device`; None where nobody has set one."""
    context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    return None if context is None else context.device


def autocast_modes() -> Any:
    """Whether autocast is on, and to which type it casts, for each device."""
    return [(each, torch.is_autocast_enabled(each), torch.get_autocast_dtype(each)) for each in DEVICES]


def set_autocast_modes(modes: Any) -> None:
    """What `autocast_modes` told."""
    for device, enabled, dtype in modes:
        torch.set_autocast_enabled(device, enabled)
        torch.set_autocast_dtype(device, dtype)


def attribute(owner: Any, name: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    """A setting that is an attribute of something."""
    return (lambda: getattr(owner, name)), (lambda value: setattr(owner, name, value))


SETTINGS: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (torch.get_default_dtype, torch.set_default_dtype),
    (default_device, torch.set_default_device),
    (torch.is_grad_enabled, torch._C._set_grad_enabled),
    (torch.get_num_threads, torch.set_num_threads),
    (autocast_modes, set_autocast_modes),
    (torch.is_anomaly_enabled, torch.set_anomaly_enabled),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
    (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
    (torch.backends.cuda.flash_sdp_enabled, torch.backends.cuda.enable_flash_sdp),
    (torch.backends.cuda.math_sdp_enabled, torch.backends.cuda.enable_math_sdp),
    (torch.backends.cuda.mem_efficient_sdp_enabled, torch.backends.cuda.enable_mem_efficient_sdp),
    (torch.backends.mha.get_fastpath_enabled, torch.backends.mha.set_fastpath_enabled),
    attribute(torch.backends.cudnn, "enabled"),
    attribute(torch.backends.cudnn, "benchmark"),
    attribute(torch.backends.cudnn, "deterministic"),
    attribute(torch.backends.mkldnn, "enabled"),
    attribute(torch.backends.quantized, "engine"),
    (lambda: vars(torch._tensor_str.PRINT_OPTS).copy(), vars(torch._tensor_str.PRINT_OPTS).update),
    (sys.getrecursionlimit, sys.setrecursionlimit),
]
"""Pairs of functions: what tells a setting, and what sets it."""
