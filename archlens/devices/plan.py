"""Which networks and layers a calibration times, and at which batch."""

from dataclasses import dataclass, replace
from pathlib import Path

from archlens.graph import Graph
from archlens.spec import load

__all__ = ["LAYERS", "NETWORKS", "Task", "tasks"]

NETWORKS = (
    "lenet5", "squeezenet1_1", "shufflenet_v2_x1_0", "shufflenet_v1_g3", "mobilenet_v2", "mobilenet_v3_large",
    "ghostnet", "efficientnet_b0", "regnet_y_400mf", "igcv3_x0_7", "alexnet", "inception_v1", "resnet18",
    "densenet121", "nasnet_a_mobile", "resnext50_32x4d", "swin_t", "convnext_tiny", "vit_b_32", "vgg11",
)  # fmt: skip
"""Networks of twenty families, so that errors can be told from families that were left out.

They are spread out: of each kind of work, of weights and of launches some have much for their size and others
little, so that what each costs can be told from the others. The information that their times hold about
these costs, log det XᵀX of the shares of each cost in each network's time, is larger than that of
nineteen in twenty choices of as many families. All run on a small CPU, and vgg11's half a gigabyte of
weights is the most that any of them takes.
"""

LAYERS = ("conv3x3", "conv1x1", "depthwise", "linear", "relu", "add")
"""Single layers, of `layers.yaml`."""

SPEC = Path(__file__).with_name("layers.yaml")

BATCHES = {"cpu": {"resnet18": (4,), "mobilenet_v2": (4,)}, "cuda": dict.fromkeys(NETWORKS, (32,))}
"""Further batches than 1: on a GPU a batch of one tells what launches cost, and a larger one all else."""


@dataclass(frozen=True, slots=True)
class Task:
    """One network at one batch, to be timed in a calibration.

    graph   what runs, at its batch; its model is what it is called in the store
    family  what is left out together where errors are told
    """

    graph: Graph
    family: str


def tasks(device: str) -> tuple[Task, ...]:
    """What a calibration of a `cpu` or a `cuda` device times, small networks first."""
    layers = [load(f"{SPEC}:layer_{layer}", batch=32 if device == "cuda" else 1) for layer in LAYERS]
    networks = [load(name, batch=batch) for name in NETWORKS for batch in (1, *BATCHES[device].get(name, ()))]
    return (
        *(Task(replace(graph, model=graph.model.rpartition(":")[2]), graph.model) for graph in layers),
        *(Task(graph, graph.family) for graph in networks),
    )
