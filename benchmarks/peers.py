"""The peers' shortest ways to count a module, each as its documentation shows it.

Every function takes a module and its input and gives (parameters, multiply-adds). What they import, they
import inside, so that a process pays for one peer alone.
"""

import json
import sys
from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks.networks import image, resnet50

__all__ = ["PEERS", "Counter", "count_resnet50"]

Counter = Callable[[nn.Module, Tensor], tuple[int, int]]


def flop_counter(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """PyTorch's FlopCounterMode: two operations a multiply-add."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(x)
    return sum(weight.numel() for weight in module.parameters()), counter.get_total_flops() // 2


def fvcore(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """Traces with torch.jit; convolutions, matrix products and batch normalization."""
    from fvcore.nn import FlopCountAnalysis, parameter_count

    analysis = FlopCountAnalysis(module, x).unsupported_ops_warnings(False)
    return parameter_count(module)[""], int(analysis.uncalled_modules_warnings(False).total())


def torchinfo(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """Counts by hooks on layers, batch normalization included."""
    from torchinfo import summary

    found = summary(module, input_data=x, device=x.device, verbose=0)
    return int(found.total_params), int(found.total_mult_adds)


def ptflops(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """Its default backend, which is also its faster one: hooks on layers."""
    from ptflops import get_model_complexity_info

    multiply_adds, parameters = get_model_complexity_info(
        module, tuple(x.shape[1:]), as_strings=False, print_per_layer_stat=False
    )
    if parameters is None:
        raise RuntimeError("ptflops counted nothing")
    return int(parameters), int(multiply_adds)


def thop(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """Counts by hooks on layers."""
    from thop import profile

    multiply_adds, parameters = profile(module, (x,), verbose=False)
    return int(parameters), int(multiply_adds)


def calflops(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """Counts by patched functions; importing it imports transformers."""
    from calflops import calculate_flops

    _, multiply_adds, parameters = calculate_flops(
        module, tuple(x.shape), output_as_string=False, print_results=False, print_detailed=False
    )
    return int(parameters), int(multiply_adds)


PEERS: dict[str, Counter] = {
    "fvcore": fvcore,
    "torchinfo": torchinfo,
    "ptflops": ptflops,
    "thop": thop,
    "calflops": calflops,
    "FlopCounterMode": flop_counter,
}


def count_resnet50() -> None:
    """A whole process: the peer and the device are its arguments, the two counts its output."""
    peer, device = sys.argv[1:]
    with torch.device(device):
        module, x = resnet50(), image()
    print(json.dumps(PEERS[peer](module, x)))
