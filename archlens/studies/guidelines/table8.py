"""Table 8 of the paper: networks of the catalogue, with the speeds printed for them and what each costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from archlens.analyses.element_wise import element_wise_share
from archlens.analyses.fragmentation import Fragmentation, fragmentation
from archlens.analyses.totals import totals
from archlens.cost import Cost
from archlens.graph import Graph
from archlens.spec.loading import load
from archlens.studies.guidelines.correlation import kendall, kendall_within, spearman
from archlens.studies.guidelines.printed import PrintedDevice

__all__ = ["METRICS", "PRINTED", "Correlation", "Network", "Printed", "correlations", "networks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A row of Table 8 (Ma et al., arXiv 1807.11164).

    name      what the table calls the network
    level     of complexity: the group of rows, by about how many millions of multiply-adds they have
    millions  of multiply-adds, as printed
    gpu       batches of 8 a second on a GTX 1080 Ti; `arm` images a second on a Snapdragon 810
    model     its name in the catalogue, with the settings that make it this one
    """

    name: str
    level: int
    millions: int
    gpu: float
    arm: float
    model: str
    settings: Mapping[str, object] = field(default_factory=dict)


def row(
    level: int, name: str, millions: int, gpu: float, arm: float, model: str, **settings: object
) -> Printed:
    """One row of the table, from the numbers as they are typed below."""
    return Printed(
        name=name, level=level, millions=millions, gpu=gpu, arm=arm, model=model, settings=settings
    )


PRINTED = (
    row(40, "ShuffleNet v2 0.5x", 41, 417, 57.0, "shufflenet_v2_x0_5"),
    row(40, "0.25 MobileNet v1", 41, 502, 36.4, "mobilenet_v1_x0_25"),
    row(40, "0.4 MobileNet v2", 43, 333, 33.2, "mobilenet_v2", width=0.4, input=(3, 160, 160)),
    row(40, "ShuffleNet v1 0.5x", 38, 347, 56.8, "shufflenet_v1_g3_x0_5"),
    row(140, "ShuffleNet v2 1x", 146, 341, 24.4, "shufflenet_v2_x1_0"),
    row(140, "0.5 MobileNet v1", 149, 382, 16.5, "mobilenet_v1_x0_5"),
    row(140, "0.75 MobileNet v2", 145, 235, 15.9, "mobilenet_v2_x0_75_192"),
    row(140, "0.6 MobileNet v2", 141, 249, 14.9, "mobilenet_v2", width=0.6),
    row(140, "ShuffleNet v1 1x", 140, 213, 21.8, "shufflenet_v1_g3"),
    row(140, "IGCV3-D (0.7)", 210, 143, 11.7, "igcv3_x0_7"),
    row(300, "ShuffleNet v2 1.5x", 299, 255, 11.8, "shufflenet_v2_x1_5"),
    row(300, "0.75 MobileNet v1", 325, 314, 10.6, "mobilenet_v1_x0_75"),
    row(300, "1.0 MobileNet v2", 300, 180, 8.9, "mobilenet_v2"),
    row(300, "ShuffleNet v1 1.5x", 292, 164, 10.3, "shufflenet_v1_g3_x1_5"),
    row(300, "IGCV3-D", 318, 102, 6.3, "igcv3_x1_0"),
    row(500, "ShuffleNet v2 2x", 591, 217, 6.7, "shufflenet_v2_x2_0"),
    row(500, "1.0 MobileNet v1", 569, 247, 6.5, "mobilenet_v1"),
    row(500, "1.4 MobileNet v2", 585, 137, 5.4, "mobilenet_v2_x1_4"),
    row(500, "ShuffleNet v1 2x", 524, 133, 6.4, "shufflenet_v1_g3_x2_0"),
    row(500, "IGCV3-D (1.4)", 610, 82, 4.5, "igcv3_x1_4"),
    row(500, "ShuffleNet v2 2x, SE", 597, 161, 5.6, "shufflenet_v2_x2_0_se"),
    row(500, "NASNet-A (4@1056)", 564, 130, 4.6, "nasnet_a_mobile"),
)
"""The rows whose networks the catalogue holds. The 1.0 and 1.4 MobileNet v2 are printed twice and taken once.

Two MobileNets were given smaller images. Which, their multiply-adds tell: 0.4 has 41.8M at 160×160 and 80.7M
at 224×224, where 43M are printed; 0.75 has 154M at 192×192 and 209M at 224×224, where 145M are printed. Left
out are networks of the authors' own making, and the 0.15 MobileNet v2: 39M are printed and 30.6M counted.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A row of the table, and what its network costs an image.

    element_wise  share of the memory access of what does no dot product
    """

    printed: Printed
    graph: Graph
    cost: Cost
    fragmentation: Fragmentation
    element_wise: float

    def speed(self, device: PrintedDevice) -> float:
        """The speed in the paper."""
        return self.printed.gpu if device == "gpu" else self.printed.arm


def networks(*, batch: int = 1) -> tuple[Network, ...]:
    """The networks of the table, in its order; their costs are those of one image, whatever the batch."""
    found = []
    for printed in PRINTED:
        graph = load(printed.model, batch=1, **printed.settings)
        found.append(
            Network(
                printed=printed,
                graph=graph if batch == 1 else load(printed.model, batch=batch, **printed.settings),
                cost=totals(graph),
                fragmentation=fragmentation(graph),
                element_wise=element_wise_share(graph) or 0.0,
            )
        )
    return tuple(found)


METRICS: dict[str, Callable[[Network], float]] = {
    "multiply-adds": lambda network: network.cost.multiply_adds,
    "memory access": lambda network: network.cost.memory_access,
    "activations": lambda network: network.cost.activations,
    "params": lambda network: network.cost.params,
    "element-wise": lambda network: network.cost.elementwise,
    "element-wise share": lambda network: network.element_wise,
    "fragments": lambda network: network.fragmentation.fragments,
    "parallel width": lambda network: network.fragmentation.parallel_width,
    "kernels": lambda network: network.fragmentation.kernels,
}
"""What could tell a speed without measuring it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """How a metric and a speed rank networks: −1 where more of the one is always less of the other.

    spearman, kendall  over all networks
    within             Kendall's, over pairs from the same level of complexity: what is left of it between
                       networks of about as many multiply-adds
    """

    metric: str
    device: str
    spearman: float | None
    kendall: float | None
    within: float | None


def correlations(found: tuple[Network, ...], here: Sequence[float] = ()) -> tuple[Correlation, ...]:
    """Every metric with the speeds printed for the GPU and the ARM core, and with those here, if measured."""
    speeds = {
        "gpu": tuple(network.speed("gpu") for network in found),
        "arm": tuple(network.speed("arm") for network in found),
        **({"here": tuple(here)} if here else {}),
    }
    levels = tuple(network.printed.level for network in found)
    return tuple(
        Correlation(
            metric=metric,
            device=device,
            spearman=spearman(values, ranked),
            kendall=kendall(values, ranked),
            within=kendall_within(values, ranked, levels),
        )
        for metric, of in METRICS.items()
        for values in [tuple(of(network) for network in found)]
        for device, ranked in speeds.items()
    )
