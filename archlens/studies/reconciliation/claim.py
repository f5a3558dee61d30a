"""The conventions under which a printed figure comes out of a network: two a multiply-add, with bias, …"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from archlens.errors import ArchlensError, UsageError
from archlens.graph import Graph, Node
from archlens.quantity import Quantity
from archlens.studies.reconciliation.measures import MEASURES

__all__ = ["SIZES", "Claim", "Way", "check_claim", "parse_claim"]

SIZES = (160, 192, 224, 227, 231, 240, 256, 260, 288, 299, 300, 320, 331, 380, 384, 416, 448, 480, 512, 600)
"""Heights and widths that papers count networks at."""

TWICE = "2 per multiply-add"
CUT = "its digits cut, not rounded"
NEVER = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One convention: our multiply-adds changed by these terms, and the count that comes out."""

    terms: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A printed figure and the conventions that give it.

    ways     those that agree to the digits printed, fewest terms first; each needs all of its terms
    tried    how many conventions were tried
    nearest  what comes closest where none agrees
    """

    printed: Quantity
    ways: tuple[Way, ...]
    tried: int
    nearest: Way


def parse_claim(text: str | None) -> Quantity | None:
    """`4.12G` → what is printed. Raises a UsageError."""
    if text is None:
        return None
    try:
        return Quantity.parse(text)
    except ValueError as error:
        raise UsageError(f"--claim {error}") from None


Choice = tuple[tuple[str, int], ...]
"""Amounts of which a convention adds one: the first is none."""


def check_claim(graph: Graph, printed: Quantity, at_size: Callable[[int], Graph] | None = None) -> Claim:
    """Find the conventions under which a network costs what is printed.

    at_size  the same network for images of another height and width, if there is such
    """
    tried = list(ways(graph))
    if at_size is not None:
        tried += resized(graph, at_size)
    agreeing = [way for way in tried if agrees(printed, way)]
    agreeing.sort(key=lambda way: (len(way.terms), abs(way.count - printed.value)))
    minimal: list[Way] = []
    for way in agreeing:
        if not any(set(fewer.terms) < set(way.terms) for fewer in minimal):
            minimal.append(way)
    rounded = (way for way in tried if CUT not in way.terms)
    nearest = min(rounded, key=lambda way: (abs(way.count - printed.value), len(way.terms)))
    return Claim(printed, tuple(minimal), len(tried), nearest)


def agrees(printed: Quantity, way: Way) -> bool:
    """Whether a count gives the printed digits."""
    if CUT in way.terms:
        return printed.value <= way.count < printed.value + printed.digit and not printed.agrees(way.count)
    return printed.agrees(way.count)


def ways(graph: Graph) -> Iterator[Way]:
    """Every convention at the network's own size."""
    ours = sum(node.cost.multiply_adds for node in graph.nodes)
    added = tuple(additions(graph))
    for (scope, less), double in product(scopes(graph), (1, 2)):
        count = double * (ours - less)
        base = named(scope, TWICE if double == 2 else NEVER)
        for chosen in product(*added):
            yield Way((*base, *named(*(name for name, _ in chosen))), count + sum(more for _, more in chosen))
        yield Way((*base, CUT), count)


def resized(graph: Graph, at_size: Callable[[int], Graph]) -> Iterator[Way]:
    """The multiply-adds for images of other sizes, where they are square."""
    *_, height, width = (0, *graph.input_shape)
    if len(graph.input_shape) != 4 or height != width:
        return
    for size in SIZES:
        if size == height:
            continue
        try:
            other = at_size(size)
        except ArchlensError:  # which networks with windows or positions raise
            continue
        ours = sum(node.cost.multiply_adds for node in other.nodes)
        for (scope, less), double in product(scopes(other), (1, 2)):
            terms = named(f"at {size}×{size}", scope, TWICE if double == 2 else NEVER)
            yield Way(terms, double * (ours - less))


def named(*terms: str) -> tuple[str, ...]:
    """The names that are not empty."""
    return tuple(term for term in terms if term)


def scopes(graph: Graph) -> Choice:
    """Parts of a network that some leave out, with their multiply-adds; no two that are the same."""
    needed = ancestors(graph, graph.outputs[0])
    heads = [node for i, node in enumerate(graph.nodes) if i not in needed]
    classifier = [graph.nodes[i] for i in sorted(needed) if graph.nodes[i].cost.multiply_adds][-1:]
    parts = {
        "without the classifier": classifier,
        "without auxiliary heads": heads,
        "convolutions alone": [node for node in graph.nodes if node.op.work != "convolution"],
        "without the matrix products of attention": [
            node for node in graph.nodes if node.op.work == "product"
        ],
    }
    found = {0: NEVER}
    for name, nodes in parts.items():
        found.setdefault(sum(node.cost.multiply_adds for node in nodes), name)
    return tuple((name, less) for less, name in found.items())


def ancestors(graph: Graph, position: int) -> set[int]:
    """The positions of a node and of all that feeds it."""
    found: set[int] = set()
    waiting = [position]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += graph.nodes[at].inputs
    return found


def additions(graph: Graph) -> Iterator[Choice]:
    """What some people count beside multiply-adds: for each term, the amounts to choose from."""
    norms = measured(graph, "inputs", ("normalization",))
    yield choices(*((f"normalisation × {factor}", factor * norms) for factor in (1, 2, 4)))
    yield choices(("activations", measured(graph, "outputs", ("activation",))))
    inputs, outputs = (measured(graph, measure, ("pooling",)) for measure in ("inputs", "outputs"))
    yield choices(("pooling by inputs", inputs), ("pooling by outputs", outputs))
    yield choices(("bias", measured(graph, "biases", ("convolution", "linear", "product"))))
    yield choices(("element-wise sums", measured(graph, "element-wise", ("add",))))
    yield choices(("element-wise products", measured(graph, "element-wise", ("multiply", "scale"))))


def choices(*amounts: tuple[str, int]) -> Choice:
    """The choices for an amount, of which a convention takes one: nothing, or one of these that
    are not zero.
    """
    return ((NEVER, 0), *((name, amount) for name, amount in amounts if amount))


def measured(graph: Graph, measure: str, works: Iterable[str]) -> int:
    """The sum of a measure over all nodes that do certain kinds of work."""
    kept = set(works)

    def of(node: Node) -> int:
        return MEASURES[measure](node, graph.shapes_into(node))

    return sum(of(node) for node in graph.nodes if node.op.work in kept and not node.op.alias)
