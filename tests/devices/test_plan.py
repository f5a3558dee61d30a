"""What a calibration times: how far its networks are spread, and that each layer does one kind of work."""

import math
import random
from collections import defaultdict
from collections.abc import Sequence

from archlens.analyses import totals
from archlens.devices.plan import LAYERS, NETWORKS, tasks
from archlens.graph import Graph
from archlens.ops import Conv

RATES = {"dense": 45e9, "1×1": 45e9, "grouped": 15e9, "depthwise": 6e9, "other": 40e9}
"""Multiply-adds a second of a common processor, by kind."""


def kind(graph: Graph, position: int) -> str:
    """Which kind of multiply-adds a node has."""
    node = graph.nodes[position]
    if not isinstance(node.op, Conv):
        return "other"
    if node.op.groups > 1:
        return "depthwise" if node.op.groups == graph.shapes_into(node)[0][1] else "grouped"
    return "1×1" if "1×1" in node.op.label(graph.shapes_into(node)) else "dense"


def shares(graph: Graph) -> list[float]:
    """Of the time on a common processor, what each kind of work takes; and a constant."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for position, node in enumerate(graph.nodes):
        seconds[kind(graph, position)] += node.cost.multiply_adds / RATES[kind(graph, position)]
        seconds[f"memory of {node.op.work}"] += (node.cost.memory_access - node.cost.params) / 3e9
        seconds["launches"] += 8e-6 * node.op.kernels(graph.shapes_into(node))
    seconds["weights"] = totals(graph).params / 2e9
    whole = sum(seconds.values())
    names = [*RATES, "launches", "weights", *(f"memory of {work}" for work in WORK)]
    return [*(seconds[name] / whole for name in names), 0.15]


WORK = ("convolution", "linear", "normalization", "activation", "add", "concat", "pooling")


def information(rows: Sequence[Sequence[float]]) -> float:
    """log det XᵀX, by elimination; a little is added to the diagonal, for what no row has."""
    size = len(rows[0])
    square = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    for i in range(size):
        square[i][i] += 1e-4
    found = 0.0
    for i in range(size):
        found += math.log(square[i][i])
        for j in range(i + 1, size):
            factor = square[j][i] / square[i][i]
            for column in range(i, size):
                square[j][column] -= factor * square[i][column]
    return found


def test_the_networks_tell_more_than_others_would(catalogue: dict[str, Graph]) -> None:
    """Beside two hundred choices of one network each from as many families, whatever their size."""
    images = {
        name: graph
        for name, graph in catalogue.items()
        if graph.input_shape[1:] == (3, 224, 224) and totals(graph).multiply_adds < 8e9
    }
    told = {name: shares(graph) for name, graph in images.items()}
    families: dict[str, list[str]] = {}
    for name, graph in images.items():
        families.setdefault(graph.family, []).append(name)
    draw = random.Random(0)
    count = len(NETWORKS)
    others = sorted(
        information([told[draw.choice(families[family])] for family in draw.sample(sorted(families), count)])
        for _ in range(200)
    )
    chosen = [task.graph for task in tasks("cpu")[len(LAYERS) :] if task.graph.input_shape[0] == 1]
    ours = information([shares(graph) for graph in chosen])
    assert ours > others[190]


def test_twenty_families_and_some_layers() -> None:
    for device in ("cpu", "cuda"):
        planned = tasks(device)
        families = {task.family for task in planned}
        assert len(families) == len(NETWORKS) + len(LAYERS)
        assert sum(totals(task.graph).multiply_adds for task in tasks("cpu")) < 45e9
        assert len({(task.graph.model, task.graph.input_shape) for task in planned}) == len(planned)
    assert {task.graph.input_shape[0] for task in tasks("cuda")} == {1, 32}
    assert {task.graph.input_shape[0] for task in tasks("cpu")} == {1, 4}


def test_layers_do_one_kind_of_work() -> None:
    for task in tasks("cpu")[: len(LAYERS)]:
        assert task.graph.model.startswith("layer_")
        assert sum(node.cost.memory_access > 0 for node in task.graph.nodes) == 1
