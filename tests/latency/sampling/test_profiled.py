"""Where the time of an ONNX file goes: events by hand, and a file whose nodes onnxruntime fuses."""

from pathlib import Path
from typing import Any

import pytest

from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.onnx_runtime import load_file
from archlens.latency.sampling.profiled import Node, break_down_file, runs, stands_for
from archlens.recorder.onnx import import_onnx
from archlens.recorder.onnx.tensor_names import makers
from tests.recorder.onnx_files import model, node

pytest.importorskip("onnxruntime")


def event(name: str, ts: int, dur: int, cat: str = "Node") -> dict[str, Any]:
    return {"cat": cat, "name": name, "ts": ts, "dur": dur}


def test_the_seconds_of_each_node_in_each_run() -> None:
    """Two runs; node 1 ran twice in the second; inner graphs and what is outside of runs are left out."""
    events = [
        event("0_kernel_time", 1, 9),  # before the first run
        event("model_run", 100, 50, "Session"),
        event("0_kernel_time", 110, 3),
        event("1_kernel_time", 120, 4),
        event("inner_kernel_time", 121, 1),
        event("model_run", 200, 50, "Session"),
        event("0_kernel_time", 210, 5),
        event("1_kernel_time", 220, 6),
        event("1_kernel_time", 230, 7),
    ]
    found = runs(events, 2)
    assert [[round(each * 1e6) for each in run] for run in found] == [[3, 4], [5, 13]]


def written(folder: Path) -> str:
    """A convolution with its normalisation and ReLU, then a sum: names are missing on purpose."""
    nodes = [
        node("Conv", "x w", "c", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c s s s s", "n"),
        node("Relu", "n", "r"),
        node("Conv", "r v", "d"),
        node("Add", "d r", "y"),
    ]
    weights = {"w": (16, 3, 3, 3), "s": (16,), "v": (16, 16, 1, 1)}
    made = model(nodes, {"x": (1, 3, 8, 8)}, weights)
    made.ir_version, made.graph.output[0].type.tensor_type.elem_type = 8, 1
    path = folder / "net.onnx"
    path.write_bytes(made.SerializeToString())
    return str(path)


def test_nodes_that_run_as_one(tmp_path: Path) -> None:
    """The first makes r: it does the convolution, the normalisation and the ReLU before it."""
    path = written(tmp_path)
    graph = import_onnx(path)
    fused = [Node("FusedConv", "a", ("r",)), Node("Conv", "d_nchwc", ("t",)), Node("Add", "b", ("y",))]
    found = stands_for(graph, fused, makers(path, {}, 1))
    kinds = [[graph.nodes[at].op.kind for at in each] for each in found]
    assert kinds == [["conv", "batch_norm", "relu"], ["conv"], ["add"]]


def test_all_of_the_work_is_in_some_row(tmp_path: Path) -> None:
    path = written(tmp_path)
    graph = import_onnx(path)
    candidate = Candidate(graph, lambda: load_file(path, {}), any_batch=False)
    found = break_down_file(candidate, makers(path, {}, 1), Conditions(threads=1), min_time=0.05)
    assert sum(part.cost.multiply_adds for part in found.nodes) == 64 * (3 * 9 * 16 + 16 * 16)
    assert sum(part.cost.params for part in found.nodes) == found.totals.params
    assert all(part.seconds > 0 for part in found.nodes if part.cost.multiply_adds)
    assert {"convolution, dense", "convolution, 1×1"} <= set(found.kinds)
    assert len({part.name for part in found.nodes}) == len(found.nodes)
