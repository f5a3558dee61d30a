"""One network of each of timm's model files: whether archlens can cost it, or what is in the way."""

import sys
from importlib import import_module
from typing import Any
from warnings import catch_warnings

import torch

from archlens import __version__, profile
from archlens.errors import ArchlensError
from archlens.graph import Graph, verify
from archlens.recorder.sources import record_source
from archlens.report import Column, Table
from benchmarks.stand_in import stand_in

__all__ = ["architectures", "row"]

COLUMNS = (
    Column("file", "model file", right=False),
    Column("network", "network", right=False),
    Column("recorded", "recorded", right=False),
    Column("params", "params"),
    Column("theirs", "PyTorch's"),
    Column("multiply_adds", "multiply-adds"),
)
COMPLETE = "complete"
NOTE = (
    "The first network by name of each model file of timm, at its own input size and without trained "
    "weights, as `archlens profile timm:NAME` records it. Complete: every operator has a rule. PyTorch's: "
    "the parameters of the module; ✓: as many as recorded."
)


def architectures() -> Table:
    """A row a model file. Raises an ImportError where timm is not installed; torchvision may be missing."""
    with stand_in("torchvision"), catch_warnings(action="ignore"):
        timm: Any = import_module("timm")
        rows = [recorded(timm, file) for file in timm.list_modules()]
    complete = sum(cells[2] == COMPLETE for cells in rows)
    footer = (
        f"{complete} of {len(rows)} complete.",
        NOTE,
        f"archlens {__version__}, timm {timm.__version__}, PyTorch {torch.__version__}.",
    )
    return Table(COLUMNS, tuple(rows), title="Networks of timm", footer=footer)


def recorded(timm: Any, file: str) -> tuple[str, ...]:
    """The row of a model file."""
    name: str = timm.list_models(module=file)[0]
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        graph = record_source(f"timm:{name}", {}, {})
        verify(graph)
    except ArchlensError as error:
        return (file, name, str(error), "", "", "")
    with torch.device("meta"):
        params = sum(weight.numel() for weight in timm.create_model(name).parameters())
    return (file, name, *row(graph, params))


def row(graph: Graph, params: int) -> tuple[str, str, str, str]:
    """What was recorded, beside the module's own number of parameters."""
    totals = profile(graph).totals
    missing = sorted({str(getattr(node.op, "name", node.op.kind)) for node in graph.uncosted})
    return (
        f"without a rule: {', '.join(missing)}" if missing else COMPLETE,
        f"{totals.params:,}",
        "✓" if params == totals.params else f"{params:,}",
        ("≥ " if missing else "") + f"{totals.multiply_adds:,}",
    )
