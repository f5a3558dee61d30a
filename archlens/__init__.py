"""archlens tells what a network costs before anyone trains it, and why.

import archlens

graph = archlens.load("resnet50")
archlens.profile(graph)                     # a table; .totals, .rows, .frame()
archlens.compare(graph, archlens.load("resnet50", groups=32, base=4))
archlens.predict(graph, "rtx4090")          # milliseconds with their interval, and what binds
module = archlens.build(graph)              # a torch.nn.Module; PyTorch is imported here
graph = archlens.record(module, x)          # any torch.nn.Module, and what its forward takes
archlens.sweep("resnet50", {"groups": "1..32*2"})   # what its variants cost; .front(), .top(), .frame()
archlens.lint("mobilenet_v2")               # and measure, savings, guidelines, receptive_field, diff, check,
                                            # reconcile, verify: as the commands, with .frame() and .as_dict()
"""

from importlib import import_module
from typing import TYPE_CHECKING

from archlens.version import __version__ as __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import Any

    import torch

    from archlens.answers import (
        check,
        diff,
        guidelines,
        lint,
        measure,
        receptive_field,
        reconcile,
        savings,
        verify,
    )
    from archlens.devices import Device
    from archlens.errors import ArchlensError, SpecError, UnknownModelError
    from archlens.graph import Graph
    from archlens.models.loading import load
    from archlens.recorder.custom import CostRule
    from archlens.report.comparison import Comparison, compare
    from archlens.report.listing import list_models
    from archlens.report.prediction import Prediction
    from archlens.report.profile import Profile, profile
    from archlens.spaces.result import SweepResult

__all__ = [
    "ArchlensError",
    "Comparison",
    "Graph",
    "Profile",
    "SpecError",
    "UnknownModelError",
    "build",
    "check",
    "compare",
    "diff",
    "guidelines",
    "lint",
    "list_models",
    "load",
    "measure",
    "predict",
    "profile",
    "receptive_field",
    "reconcile",
    "record",
    "rule",
    "savings",
    "sweep",
    "verify",
]

HOMES = {
    **dict.fromkeys(("ArchlensError", "SpecError", "UnknownModelError"), "errors"),
    **dict.fromkeys(("Comparison", "compare"), "report.comparison"),
    **dict.fromkeys(("Profile", "profile"), "report.profile"),
    **dict.fromkeys(("check", "diff"), "answers.changes"),
    **dict.fromkeys(("lint", "receptive_field", "reconcile", "savings", "verify"), "answers.studies"),
    **dict.fromkeys(("guidelines", "measure"), "answers.times"),
    "Graph": "graph",
    "list_models": "report.listing",
    "load": "models.loading",
}
"""Where the names stand that are not written here: each is imported when it is first asked for."""


PARTS = ("analyses", "cost", "devices", "errors", "graph", "ops", "passes", "report", "spec")
"""What is there of the package itself without an import of its own: `archlens.ops.Conv`."""

if not TYPE_CHECKING:  # which would take any name for one of ours

    def __getattr__(name: str) -> object:
        """A public name or a part of the package, imported now that it is asked for."""
        if name not in HOMES and name not in PARTS:
            raise AttributeError(f"module 'archlens' has no attribute {name!r}")
        home = import_module(f"archlens.{HOMES.get(name, name)}")
        return globals().setdefault(name, getattr(home, name) if name in HOMES else home)


def __dir__() -> list[str]:
    """The names that are here, and those that are imported when they are asked for."""
    return sorted({*globals(), *HOMES, *PARTS})


def build(graph: "Graph", *, device: "str | torch.device | None" = None) -> "torch.nn.Module":
    """The graph as a plain `torch.nn.Module`, its parts named as the graph's nodes: `stage2.0.conv1`.

    device  where the weights go; "meta" allocates none

    Raises a BuildError for a graph that PyTorch cannot hold, a MissingDependencyError without PyTorch.
    """
    from archlens.builder import build as build_module

    return build_module(graph, device=device)


def predict(graph: "Graph", device: "str | Device", *, force: bool = False) -> "Prediction":
    """How long one batch of a network takes on a device, which need not be here.

    device  a name that `archlens devices` lists, such as "rtx4090"; a file; a data sheet as JSON
    force   predict also where the network is too far from all that the device was seen to run

    >>> sheet = '{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}'
    >>> predict(load("resnet50"), sheet).bound_by
    'launches'

    Raises a DeviceError for a device that nobody knows, and for a network that is too far away.
    """
    from archlens.report.prediction import predict as predict_graph

    return predict_graph(graph, device, force=force)


def record(module: "torch.nn.Module", /, *inputs: "Any", **named: "Any") -> "Graph":
    """The graph of one forward pass of any `torch.nn.Module`, as PyTorch runs it.

    inputs, named  what its forward takes; of tensors, only shape and type matter, and they may be
                   on the meta device

    Nothing is computed and no weight is allocated. What runs is a copy of the module without its
    elements, so the module stays as it is, and with it what it holds, its hooks and the random
    numbers, also when its forward raises. Where it asks for elements of a tensor, a copy with
    elements is run once in earnest instead, and a warning says so. Small inputs of integers or
    booleans keep their elements. Nodes have the paths of the
    modules that ran them; what runs without a module is counted, too. A weight counts once, the
    work with it every time.

    >>> import torch
    >>> graph = record(torch.nn.Linear(3, 5), torch.empty(2, 3, device="meta"))
    >>> profile(graph).totals.multiply_adds
    30

    Raises a RecordError for a module whose forward raises, with the place and the reason, a
    MissingDependencyError without PyTorch.
    """
    from archlens.recorder.recording import record as record_module

    return record_module(module, inputs, named)


def rule(operator: str) -> "Callable[[CostRule], CostRule]":
    """Tell what an operator of one's own costs, so that networks with it are complete.

    operator  its name as PyTorch has it, "mylib::op", whatever the overload

    The function that follows gets the shapes of the tensors that go in, of those that come out, and
    the arguments by their names; it gives a Cost.

    >>> from archlens.cost import Cost
    >>> @rule("mylib::double")
    ... def double(inputs, outputs, arguments):
    ...     elements = outputs[0][0]
    ...     return Cost(elementwise=elements, reads=elements, writes=elements)

    Raises a UsageError for a name without a namespace.
    """
    from archlens.recorder.custom import rule as add_rule

    return add_rule(operator)


def sweep(
    model: str,
    over: "Mapping[str, Any] | None" = None,
    *,
    let: "Mapping[str, str] | None" = None,
    require: "Iterable[str]" = (),
    where: str = "",
    minimise: "str | Iterable[str]" = (),
    maximise: "str | Iterable[str]" = (),
    metrics: "str | Iterable[str]" = (),
    device: str | None = None,
    batch: int = 1,
    sample: int | None = None,
    guided: int | None = None,
    seed: int = 0,
    workers: int | None = 1,
    scheduler: str | None = None,
    store: "str | Path | None" = None,
    restart: bool = False,
) -> "SweepResult":
    """What the variants of a network cost, and which of them no other beats.

    model      a network, or the YAML file of a space
    over       settings and what they may be: `{"head": [512, 1024], "input": "3x128x128..3x224x224/32"}`
    let        settings, or names, that expressions work out from others
    require    conditions between settings: `["widths[0] <= widths[1]"]`
    where      the budget: "multiply_adds <= 150M and latency <= 20 ms"
    minimise, maximise  the objectives, metrics by name
    metrics    what else to ask of every variant
    device     what latency is predicted for, as `predict` takes it
    sample     how many variants are drawn, by the seed; all of them unless given
    guided     how many are proposed by Optuna, each by what was found before
    workers    processes; None: as many as there are cores. A script that starts any needs the usual
               `if __name__ == "__main__":`
    scheduler  the address of a Dask scheduler whose workers evaluate: "tcp://host:8786"
    store      a file that keeps every variant, so that the same call goes on where it stopped; in memory
               unless given
    restart    begin anew where the store holds another sweep

    >>> found = sweep("lenet5", {"input": "1x28x28..1x36x36/4"}, minimise="params,memory_access")
    >>> [variant.settings["input"] for variant in found.front()]
    [(1, 32, 32)]

    Raises a UsageError for a space or a metric that is none, a StoreError for a store of another sweep.
    """
    from pathlib import Path

    from archlens.spaces.launch import plan, started
    from archlens.spaces.request import Request, is_space_file, names, read_request

    asked = read_request(Path(model)) if is_space_file(model) else Request(model=model)
    request = asked.with_options(
        over=over or {}, let=let or {}, require=tuple(require), where=where, minimise=names(minimise),
        maximise=names(maximise), metrics=names(metrics), device=device, batch=batch if batch != 1 else None,
    )  # fmt: skip
    return started(
        plan(request, version=__version__, sample=sample, guided=guided, seed=seed),
        None if store is None else Path(store),
        restart=restart,
        workers=None if scheduler else workers,
        scheduler=scheduler,
    )
