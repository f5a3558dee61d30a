"""archlens tells what a network costs before anyone trains it, and why.

import archlens

graph = archlens.load("resnet50")
archlens.profile(graph)                     # a table; .totals, .rows, .frame()
archlens.compare(graph, archlens.load("resnet50", groups=32, base=4))
archlens.predict(graph, "rtx4090")          # milliseconds with their interval, and what binds
module = archlens.build(graph)              # a torch.nn.Module; PyTorch is imported here
graph = archlens.record(module, x)          # any torch.nn.Module, and what its forward takes
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archlens.errors import ArchlensError, SpecError, UnknownModelError
from archlens.graph import Graph
from archlens.report import Comparison, Profile, compare, profile
from archlens.report.listing import list_models
from archlens.spec import load
from archlens.version import __version__ as __version__

if TYPE_CHECKING:
    import torch

    from archlens.devices import Device
    from archlens.recorder.custom import CostRule
    from archlens.report.prediction import Prediction

__all__ = [
    "ArchlensError",
    "Comparison",
    "Graph",
    "Profile",
    "SpecError",
    "UnknownModelError",
    "build",
    "compare",
    "list_models",
    "load",
    "predict",
    "profile",
    "record",
    "rule",
]


def build(graph: Graph, *, device: "str | torch.device | None" = None) -> "torch.nn.Module":
    """The graph as a plain `torch.nn.Module`, its parts named as the graph's nodes: `stage2.0.conv1`.

    device  where the weights go; "meta" allocates none

    Raises a BuildError for a graph that PyTorch cannot hold, a MissingDependencyError without PyTorch.
    """
    from archlens.builder import build as build_module

    return build_module(graph, device=device)


def predict(graph: Graph, device: "str | Device", *, force: bool = False) -> "Prediction":
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


def record(module: "torch.nn.Module", /, *inputs: Any, **named: Any) -> Graph:
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
