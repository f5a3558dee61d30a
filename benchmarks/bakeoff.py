"""What each counter says of networks that counters are known to get wrong, beside a count by hand."""

import json
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from torch import Tensor, nn

from archlens.report import Column, Table
from benchmarks.contested import NETWORKS
from benchmarks.handcount import TRUTHS
from benchmarks.machine import installed
from benchmarks.peers import PEERS
from benchmarks.process import ProcessFailedError, python, run

__all__ = ["bakeoff", "count_one"]

Counted = dict[str, int | None]
Counter = Callable[[nn.Module, Tensor], tuple[int | None, int]]

COUNT = "from benchmarks.bakeoff import count_one; count_one()"
PACKAGES = {"FlopCounterMode": "torch"}
NOTES = (
    "By hand: multiply-adds of convolutions, linear layers and matrix products, and parameters, by the "
    "arithmetic in benchmarks/handcount.py. Every counter ran in a process of its own, on real tensors on "
    "the CPU, in evaluation mode, called as its documentation shows it; FlopCounterMode's flops are halved. "
    "✓: the count by hand; else what was counted.",
    "Some count more on purpose: fvcore, torchprofile, thop and ptflops add normalisations and others, "
    "torchinfo and ptflops biases. What each of them counts beside multiply-adds is what "
    "`archlens reconcile` tells. FlopCounterMode and torchprofile count no parameters.",
)


def archlens(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """One recorded pass."""
    from archlens import profile, record

    totals = profile(record(module, x)).totals
    return totals.params, totals.multiply_adds


def torchprofile(module: nn.Module, x: Tensor) -> tuple[None, int]:
    """Traces with torch.jit."""
    from torchprofile import profile_macs

    counted: Any = profile_macs(module, (x,))
    return None, int(counted)


def flop_counter(module: nn.Module, x: Tensor) -> tuple[None, int]:
    """PyTorch's own; two operations a multiply-add."""
    return None, PEERS["FlopCounterMode"](module, x)[1]


def ptflops(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """As in `peers`, with the input that it is given: tokens are not images."""
    from ptflops import get_model_complexity_info

    multiply_adds, parameters = get_model_complexity_info(
        module, (1,), input_constructor=lambda _: x, as_strings=False, print_per_layer_stat=False
    )
    if parameters is None:
        raise RuntimeError("ptflops counted nothing")
    return int(parameters), int(multiply_adds)


def calflops(module: nn.Module, x: Tensor) -> tuple[int, int]:
    """As in `peers`, with the input that it is given."""
    from calflops import calculate_flops

    _, multiply_adds, parameters = calculate_flops(
        module, args=[x], output_as_string=False, print_results=False, print_detailed=False
    )
    return int(parameters), int(multiply_adds)


CONTESTANTS: Mapping[str, Counter] = {
    "archlens": archlens,
    "fvcore": PEERS["fvcore"],
    "torchinfo": PEERS["torchinfo"],
    "ptflops": ptflops,
    "thop": PEERS["thop"],
    "calflops": calflops,
    "torchprofile": torchprofile,
    "FlopCounterMode": flop_counter,
}


def count_one() -> None:
    """A whole process: the counter and the network are its arguments, the two counts its last line."""
    counter, network = sys.argv[1:]
    make, give = NETWORKS[network]
    params, multiply_adds = CONTESTANTS[counter](make().eval(), give())
    print(json.dumps({"params": params, "multiply_adds": multiply_adds}))


def bakeoff() -> tuple[Table, Table]:
    """Every contestant on every network: multiply-adds, and parameters."""
    there = [name for name in CONTESTANTS if find_spec(PACKAGES.get(name, name)) is not None]
    counted = {(network, name): asked(network, name) for network in NETWORKS for name in there}
    versions = ", ".join(f"{name} {installed(PACKAGES.get(name, name))}" for name in there)
    return (
        table("multiply_adds", "Multiply-adds", there, counted, (*NOTES, f"{versions}.")),
        table("params", "Parameters", there, counted, ()),
    )


def asked(network: str, counter: str) -> Counted | str:
    """Both counts, or the error that the counter ended with."""
    print(f"{network}: {counter} …", file=sys.stderr, flush=True)
    try:
        found: Counted = json.loads(run(*python(COUNT, counter, network)).output.splitlines()[-1])
    except ProcessFailedError as failure:
        return str(failure)
    return found


def table(
    key: str,
    title: str,
    names: list[str],
    counted: Mapping[tuple[str, str], Counted | str],
    footer: tuple[str, ...],
) -> Table:
    """One of the two counts: a row a network, a column a contestant."""
    columns = (
        Column("network", "network", right=False),
        Column("truth", "by hand"),
        *(Column(name, name) for name in names),
    )
    rows: list[tuple[Any, ...]] = []
    failures: list[str] = []
    for network, truth in TRUTHS.items():
        right = getattr(truth, key)
        cells = []
        for name in names:
            found = counted[network, name]
            if isinstance(found, str):
                failures.append(f"{name} fails on {network}: {found}")
            cells.append(shown(found, key, right))
        rows.append((network, f"{right:,}", *cells))
    return Table(columns, tuple(rows), title=title, footer=(*footer, *failures) if footer else ())


def shown(found: Counted | str, key: str, right: int) -> str:
    """A tick for what is right, the number for what is not."""
    if isinstance(found, str):
        return "fails"
    number = found[key]
    if number is None:
        return "–"
    return "✓" if number == right else f"{number:,}"
