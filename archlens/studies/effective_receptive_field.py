"""The effective receptive field: how much each place of the input really counts, measured by gradients.

A place at the border of a field is seen through few paths, one in the middle through many, so that the
gradient falls off from the centre like a Gaussian and most of a field hardly counts (Luo, Li, Urtasun
and Zemel, arXiv 1701.04128, §2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archlens.analyses.receptive_field import ReceptiveField, receptive_fields
from archlens.errors import ArchlensError, MissingDependencyError, UsageError
from archlens.graph import Graph
from archlens.studies.part import part

try:
    import torch
    from torch import Tensor

    from archlens.builder import build
except ImportError as error:
    raise MissingDependencyError(
        f"measuring a field needs PyTorch ({error.name} is missing)", extra="torch"
    ) from error

__all__ = ["SHARES", "EffectiveField", "Region", "effective_receptive_field"]

SHARES = (0.5, 0.8, 0.95)
"""The shares of the gradient whose regions are told."""


@dataclass(frozen=True, slots=True)
class Region:
    """The smallest regions around the centre that hold a share of the gradient.

    share   of the sum of all absolute gradients
    side    of the square, in places: those at most (side − 1) / 2 from the centre along both axes
    radius  of the disc, in places
    """

    share: float
    side: float
    radius: float


@dataclass(frozen=True, slots=True)
class EffectiveField:
    """The absolute gradient of one output place with respect to each place of the input.

    model      the network; `node` the one whose output was looked at, at `place`, in all its channels
    input      shape of the input, batch first
    samples    how many random inputs it is the mean of; `seed` of the weights and of the inputs
    gradient   height × width, channels summed up, in float64
    centre     the middle of the static field of that place, in places of the input
    first      the first place of the static field along each axis; `last` the last: beyond the input where
               the field is
    static     the static field
    regions    what holds each of the SHARES
    """

    model: str
    node: str
    place: tuple[int, int]
    input: tuple[int, ...]
    samples: int
    seed: int
    gradient: Tensor
    centre: tuple[float, float]
    first: tuple[int, int]
    last: tuple[int, int]
    static: ReceptiveField
    regions: tuple[Region, ...]

    @property
    def side(self) -> float:
        """The side of the square that holds 95 % of the gradient."""
        return self.regions[-1].side

    def as_dict(self) -> dict[str, Any]:
        """The measurement as `--format json` prints it, without the map."""
        return {
            "model": self.model,
            "input": list(self.input),
            "node": self.node,
            "place": list(self.place),
            "samples": self.samples,
            "seed": self.seed,
            "centre": list(self.centre),
            "receptive_field": self.static.as_dict(),
            "regions": [
                {"share": region.share, "side": region.side, "radius": region.radius}
                for region in self.regions
            ],
        }


def effective_receptive_field(
    graph: Graph,
    node: int | None = None,
    *,
    samples: int = 16,
    seed: int = 0,
    heard: Callable[[str, float], None] | None = None,
) -> EffectiveField:
    """Measure the effective field of the place in the middle of a node's output.

    map = mean over samples of Σ over input channels of |∂ Σ over output channels y / ∂ x|

    The network is what it is: its own activations, PyTorch's default initialisation, normalisations in
    evaluation mode, which for an untrained batch norm is the identity. Weights are drawn once, from the
    seed, then inputs from a normal distribution. In float64, as gradients of deep networks are tiny.

    node   its position; the last node before the main output whose places can be told unless given
    heard  is told before each sample which it is, and how much is done

    Raises a UsageError for a node without places along two axes, and an ArchlensError where no gradient
    arrives, as behind a gain that starts at zero.
    """
    fields = receptive_fields(graph)
    position = fields.last if node is None else node
    name, shape = graph.nodes[position].name, graph.nodes[position].shape
    static = fields.of(position)
    tensor = fields.states[position].tensor
    plain = tensor is not None and tensor.settled(shape) is not None
    if static is None or len(static.size) != 2 or len(shape) != 4 or not plain:
        raise UsageError(
            f"{name} of {graph.model} has no map of places along two axes: choose another --node"
        )
    place = (shape[2] // 2, shape[3] // 2)
    height, width = (fields.span(position, axis) for axis in fields.axes)
    first = (height.low(place[0]), width.low(place[1]))
    last = (height.high(place[0]), width.high(place[1]))
    centre = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    gradient = _mean_gradient(part(graph, [position]), place, samples, seed, heard)
    if not float(gradient.sum()) > 0:
        raise ArchlensError(f"{graph.model}: no gradient of {name} arrives at the input")
    return EffectiveField(
        model=graph.model,
        node=name,
        place=place,
        input=graph.input_shape,
        samples=samples,
        seed=seed,
        gradient=gradient,
        centre=centre,
        first=first,
        last=last,
        static=static,
        regions=regions(gradient, centre),
    )


def _mean_gradient(
    graph: Graph,
    place: tuple[int, int],
    samples: int,
    seed: int,
    heard: Callable[[str, float], None] | None,
) -> Tensor:
    """The mean absolute gradient of a place of the output, channels of the input summed up."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(graph).double().eval().requires_grad_(False)
        generator = torch.Generator().manual_seed(seed)
        shape = (1, *graph.input_shape[1:])
        total = torch.zeros(shape[2:], dtype=torch.float64)
        for done in range(samples):
            if heard is not None:
                heard(f"input {done + 1} of {samples}", done / samples)
            x = torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_()
            output = network(x)[0, :, place[0], place[1]].sum()
            (gradient,) = torch.autograd.grad(output, x)
            total += gradient[0].abs().sum(0)
    return total / samples


def regions(gradient: Tensor, centre: tuple[float, float]) -> tuple[Region, ...]:
    """The smallest square and disc around the centre that hold each of the SHARES of a map's sum."""
    away = [
        (torch.arange(n, dtype=torch.float64) - at).abs()
        for n, at in zip(gradient.shape, centre, strict=True)
    ]
    rows, columns = away[0][:, None].expand(gradient.shape), away[1].expand(gradient.shape)
    squares = _reaches(gradient, torch.maximum(rows, columns))
    discs = _reaches(gradient, torch.hypot(rows, columns))
    return tuple(
        Region(share, 2 * square + 1, disc)
        for share, square, disc in zip(SHARES, squares, discs, strict=True)
    )


def _reaches(gradient: Tensor, distances: Tensor) -> list[float]:
    """The distances from the centre within which given shares of a map's sum lie."""
    ordered, order = distances.flatten().sort()
    held = gradient.flatten()[order].cumsum(0)
    # One rounding error less than the whole must not make the last place count that holds nothing.
    wanted = torch.tensor(SHARES, dtype=torch.float64) * held[-1] * (1 - 1e-12)
    return [float(ordered[i]) for i in torch.searchsorted(held, wanted)]
