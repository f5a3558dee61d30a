"""The counters, each as its documentation shows it, in a process of its own.

What they print, patch and leave on a module ends with that process: `python -m …counters` reads which
counter is to count what, pickled, from its input, and writes one line of JSON.
"""

import inspect
import io
import json
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from archlens.builder import build
from archlens.graph import Graph
from archlens.recorder.sources import Inputs, example, made, source

__all__ = ["COUNTERS", "Counter", "Network", "instance", "main"]

Tensors = tuple[Tensor, ...]
Named = dict[str, Tensor]
Counter = Callable[[nn.Module, Tensors, Named], int]


@dataclass(frozen=True, slots=True)
class Network:
    """What is to be counted: a graph to build, or a module by the name that the user gave it.

    source    as on the command line, `package.module:name`; "" for a graph
    settings  keyword arguments of what makes the module
    inputs    what its forward takes
    """

    graph: Graph
    source: str
    settings: Mapping[str, Any]
    inputs: Inputs


def instance(network: Network) -> tuple[nn.Module, Tensors, Named]:
    """The network with weights, in evaluation mode, and zeros for it."""
    if not network.source:
        shapes = [network.graph.nodes[i].shape for i in network.graph.inputs]
        return build(network.graph).eval(), tuple(torch.zeros(shape) for shape in shapes), {}
    found = source(network.source, network.settings)
    module = made(found, found.make)
    arguments, named = example(found, module, network.inputs, 1)

    def zeros(x: Tensor) -> Tensor:
        return torch.zeros(tuple(x.shape), dtype=x.dtype)

    return module, tuple(map(zeros, arguments)), {name: zeros(x) for name, x in named.items()}


def fvcore(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """fvcore's flops: one for each multiply-add."""
    from fvcore.nn import FlopCountAnalysis

    analysis = FlopCountAnalysis(module, (*inputs, *named.values()))
    return int(analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total())


def torchinfo(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """torchinfo's mult-adds."""
    from torchinfo import summary

    rest: dict[str, Any] = dict(named)
    return int(summary(module, input_data=[*inputs], verbose=0, device="cpu", **rest).total_mult_adds)


def ptflops(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """What it calls MACs, with its PyTorch backend, the default."""
    from ptflops import get_model_complexity_info

    given = inputs[0] if len(inputs) == 1 and not named else bound(module, inputs, named)
    counted, _ = get_model_complexity_info(
        module, (1,), input_constructor=lambda _: given, as_strings=False, print_per_layer_stat=False
    )
    if counted is None:
        raise RuntimeError("its own report says so")
    return int(counted)


def thop(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """thop's MACs. It takes arguments by position only."""
    from thop import profile

    return int(profile(module, (*inputs, *named.values()), verbose=False)[0])


def calflops(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """calflops' MACs. Importing it imports transformers."""
    from calflops import calculate_flops

    given: dict[str, Any] = {"kwargs": bound(module, inputs, named)} if named else {"args": [*inputs]}
    return int(calculate_flops(module, output_as_string=False, print_results=False, **given)[1])


def torchprofile(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """torchprofile's MACs. It takes arguments by position only."""
    from torchprofile import profile_macs

    counted: Any = profile_macs(module, (*inputs, *named.values()))
    return int(counted)


def torch_counter(module: nn.Module, inputs: Tensors, named: Named) -> int:
    """The flops of PyTorch's FlopCounterMode: two for each multiply-add."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(*inputs, **named)
    return int(counter.get_total_flops())


def bound(module: nn.Module, inputs: Tensors, named: Named) -> Named:
    """The arguments of a call by the names of the forward's parameters."""
    return dict(inspect.signature(module.forward).bind(*inputs, **named).arguments)


COUNTERS: dict[str, Counter] = {
    "fvcore": fvcore,
    "torchinfo": torchinfo,
    "ptflops": ptflops,
    "thop": thop,
    "calflops": calflops,
    "torchprofile": torchprofile,
    "torch": torch_counter,
}


def main() -> None:
    """A whole process: {"total": …} or {"failed": …} is the last line that it writes."""
    name, network, path = pickle.load(sys.stdin.buffer)  # from the process that started this one
    sys.path[:0] = [each for each in path if each not in sys.path]
    warnings.simplefilter("ignore")
    answer: dict[str, Any]
    with os.fdopen(os.dup(1), "w") as output:
        os.dup2(2, 1)  # what compiled code prints, too
        printed = io.StringIO()
        with redirect_stdout(printed):
            try:
                answer = {"total": COUNTERS[name](*instance(network))}
            except Exception as error:
                answer = {"failed": reason(error, printed.getvalue())}
        output.write(f"\n{json.dumps(answer)}\n")


def reason(error: Exception, printed: str) -> str:
    """One line on what went wrong; ptflops prints it, where others raise it."""
    lines = printed.strip().splitlines()
    after = next((i for i, line in enumerate(lines) if line.rstrip().endswith("exception:")), None)
    if after is not None and after + 1 < len(lines):
        return lines[after + 1].replace("<class '", "").replace("'>", "")
    said = next(iter(str(error).strip().splitlines()), "no reason given")
    return f"{type(error).__name__}: {said}"


if __name__ == "__main__":
    main()
