"""The whole catalogue through a file and back: what archlens exports as ONNX, it reads and builds again."""

import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from warnings import catch_warnings

import torch

import archlens
from archlens import __version__
from archlens.analyses import totals
from archlens.builder import build
from archlens.builder.export import export
from archlens.errors import ArchlensError
from archlens.recorder.onnx import import_onnx
from archlens.report import Column, Table

__all__ = ["round_trip"]

COUNTED = ("params", "multiply_adds", "elementwise", "memory_access")

COLUMNS = (
    Column("family", "family", right=False),
    Column("networks", "networks"),
    Column("counts", "parameters, multiply-adds, shapes"),
    Column("moved", "element-wise, memory access"),
    Column("built", "built again"),
    Column("otherwise", "otherwise", right=False),
)
NOTES = (
    "Each network is exported as ONNX and read back: in how many parameters, multiply-adds and the shapes of "
    "outputs are the same; in how many element-wise outputs and memory access are, too; and how many graphs "
    "that were read are built again and run, with as many parameters. Otherwise: of the smallest network, "
    "and why others are not built.",
)


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back of one network.

    different  what is counted otherwise: before and after, by its name
    shapes     whether those of the outputs are the same, and no operator is without a rule
    refused    why it cannot be built again, or ""
    """

    family: str
    name: str
    different: dict[str, tuple[int, int]]
    shapes: bool
    refused: str


def round_trip(cache: Path, seconds: float) -> Table:
    """A row a family, of what there was time for; another call goes on from there."""
    done = read(cache)
    until = monotonic() + seconds
    entries = sorted(archlens.list_models(), key=lambda entry: entry.params)
    first = {entry.family: entry.model for entry in reversed(entries)}.values()
    with catch_warnings(action="ignore"), TemporaryDirectory() as folder:
        for entry in sorted(entries, key=lambda entry: entry.model not in first):
            if entry.model in done or monotonic() > until:
                continue
            print(f"{entry.model} …", file=sys.stderr, flush=True)
            done[entry.model] = returned(entry.family, entry.model, Path(folder, "net.onnx"))
            with cache.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(done[entry.model])) + "\n")
            gc.collect()
    return table(list(done.values()), len(entries))


def read(cache: Path) -> dict[str, Returned]:
    """What came back so far."""
    lines = cache.read_text(encoding="utf-8").splitlines() if cache.exists() else []
    found = [Returned(**json.loads(line)) for line in lines]
    return {each.name: each for each in found}


def returned(family: str, name: str, file: Path) -> Returned:
    """One network, there and back."""
    graph = archlens.load(name)
    export(graph, file)
    back = import_onnx(file)
    file.unlink()
    before, after = totals(graph), totals(back)
    pairs = {key: (getattr(before, key), getattr(after, key)) for key in COUNTED}
    shapes = [each.nodes[at].shape for each in (graph, back) for at in each.outputs]
    same = back.complete and shapes[: len(shapes) // 2] == shapes[len(shapes) // 2 :]
    refused = rebuilt(back, before.params)
    return Returned(
        family, name, {key: pair for key, pair in pairs.items() if len(set(pair)) > 1}, same, refused
    )


def rebuilt(graph: archlens.Graph, params: int) -> str:
    """Why a graph that was read cannot be built again and run, or ""."""
    try:
        network = build(graph, device="meta").eval()
        made = network(*(torch.empty(graph.nodes[at].shape, device="meta") for at in graph.inputs))
    except (ArchlensError, RuntimeError, torch.fx.proxy.TraceError) as error:
        return str(error).rpartition(": ")[2]
    outputs = made if isinstance(made, tuple) else (made,)
    if [tuple(each.shape) for each in outputs] != [graph.nodes[at].shape for at in graph.outputs]:
        return "outputs of other shapes"
    held = sum(weight.numel() for weight in network.parameters())
    return "" if held == params else f"{held} parameters"


def table(found: Sequence[Returned], many: int) -> Table:
    """A row a family, and one in the end."""
    families: dict[str, list[Returned]] = {}
    for each in found:
        families.setdefault(each.family, []).append(each)
    rows = [(family, *cells(families[family])) for family in sorted(families)]
    rows.append((f"all of {many}", *cells(found)[:-1], ""))
    return Table(COLUMNS, tuple(rows), title="There and back", footer=(*NOTES, f"archlens {__version__}."))


def cells(found: Sequence[Returned]) -> tuple[str, ...]:
    """How many networks, how many came back as they were, and what is otherwise."""
    counts = sum(each.shapes and not each.different.keys() & {"params", "multiply_adds"} for each in found)
    moved = sum(not each.different for each in found)
    built = sum(not each.refused for each in found)
    said = [
        f"{key} {after / max(1, before) - 1:+.1%}"
        for each in found[:1]
        for key, (before, after) in each.different.items()
    ]
    said += sorted({each.refused for each in found if each.refused})
    return (str(len(found)), str(counts), str(moved), str(built), "; ".join(said))
