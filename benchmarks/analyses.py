"""What all analyses take beside the totals alone, in one process: spec text → numbers, again and again."""

from collections.abc import Callable
from functools import partial

from archlens.analyses import analyse, rows_by_stage, totals
from archlens.graph import Graph
from archlens.spec.catalog import Reference, shared_blocks, spec_files
from archlens.spec.parse import parse
from archlens.spec.read import read
from benchmarks.row import Row, milliseconds
from benchmarks.samples import Work, interleave
from benchmarks.warm import seconds_a_call

__all__ = ["analyses_beside_totals"]

NETWORKS = (
    ("ResNet-50", "resnet", "resnet50", 10.0),
    ("DenseNet-201", "densenet", "densenet201", 60.0),
    ("NASNet-A large", "nasnet", "nasnet_a_large", 60.0),
)


def analyses_beside_totals(rounds: int) -> list[Row]:
    """Totals alone, every analysis with a row a stage, and these of a graph that stands."""
    rows = []
    for title, family, variant, target in NETWORKS:
        text = next(file for file in spec_files() if file.stem == family).read_text(encoding="utf-8")
        lower = partial(lowered, text, family, variant)
        works: dict[str, Work] = {
            "totals, from YAML text": partial(seconds_a_call, partial(counted, lower)),
            "all analyses, from YAML text": partial(seconds_a_call, partial(analysed, lower)),
            "all analyses, of the graph": partial(seconds_a_call, partial(analysed, partial(same, lower()))),
        }
        rows += [
            Row(
                f"analyses: {title}",
                name,
                milliseconds(samples),
                "ms",
                target=target if name.startswith("all analyses, from") else None,
            )
            for name, samples in interleave(works, rounds).items()
        ]
    return rows


def lowered(text: str, family: str, variant: str) -> Graph:
    """YAML text → graph."""
    spec, problems = parse(read(text, until="claims"), f"{family}.yaml", shared_blocks())
    assert not problems
    return Reference(spec, variant).lower({})


def same(graph: Graph) -> Graph:
    """A graph that stands already."""
    return graph


def counted(lower: Callable[[], Graph]) -> object:
    """The totals alone."""
    return totals(lower())


def analysed(lower: Callable[[], Graph]) -> object:
    """All analyses, of the network and of each of its stages."""
    graph = lower()
    return analyse(graph, rows_by_stage(graph))
