"""Networks of timm as graphs, recorded once and kept in a folder."""

import json
import pickle
import sys
import zlib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from archlens.errors import ArchlensError
from archlens.graph import Graph
from benchmarks.stand_in import stand_in

__all__ = ["FAMILIES", "kept", "record_all"]

FAMILIES = "families.json"
"""The file of the folder that names the model file of each network."""


def record_all(wanted: Iterable[tuple[str, int]], folder: Path) -> list[str]:
    """Record every network that the folder lacks, at the side of its input; what failed, a sentence each.

    Raises an ImportError where timm is not installed; torchvision may be missing.
    """
    from archlens.recorder.sources import TensorType, record_source

    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    with stand_in("torchvision"), catch_warnings(action="ignore"):
        timm: Any = import_module("timm.models")
        families = timm._registry._model_to_module  # a name's model file
        (folder / FAMILIES).write_text(json.dumps(families), encoding="utf-8")
        for name, side in wanted:
            place = file_of(folder, name, side)
            if place.exists():
                continue
            print(f"{name} {side} …", file=sys.stderr, flush=True)
            try:
                graph = recorded(record_source, TensorType, name, side)
            except ArchlensError as error:
                failed.append(f"{name} at {side}: {error}")
                place.write_bytes(b"")
                continue
            place.write_bytes(zlib.compress(pickle.dumps(graph)))
    return failed


def recorded(record_source: Any, tensor_type: Any, name: str, side: int) -> Graph:
    """A network at an input, built for that input where it can only take the one it was built for."""
    inputs = {"": tensor_type((3, side, side))}
    try:
        graph: Graph = record_source(f"timm:{name}", {}, inputs)
    except ArchlensError:
        graph = record_source(f"timm:{name}", {"img_size": side}, inputs)
    return graph


def kept(folder: Path, name: str, side: int) -> Graph | None:
    """A graph of the folder; None where it is missing or could not be recorded."""
    place = file_of(folder, name, side)
    if not place.exists() or not (content := place.read_bytes()):
        return None
    graph: Graph = pickle.loads(zlib.decompress(content))
    return graph


def file_of(folder: Path, name: str, side: int) -> Path:
    """Where a network is kept."""
    return folder / f"{name}@{side}.graph"
