"""The MODEL of a command and the options beside it, as `archlens.models` takes them; remarks go to stderr."""

from archlens.cli.output import write
from archlens.cli.progress import Progress
from archlens.errors import printable
from archlens.graph import Graph
from archlens.models import loading
from archlens.spec.reference import Kind, kind_of, parse_settings

__all__ = ["load_graph", "remark"]


def load_graph(
    model: str, settings: list[str] | None = None, input: str | None = None, batch: int = 1
) -> Graph:
    """The graph of a model under the options given on the command line. Raises what `loading` raises."""
    with Progress() as progress:
        if kind_of(model) is not Kind.spec:
            progress.show(f"reading {printable(model)}", now=True)
        return loading.load_graph(model, parse_settings(settings), input, batch, say=remark)


def remark(told: str) -> None:
    """A line on stderr, which is about the network and no result."""
    write(f"archlens: {told}\n", error=True)
