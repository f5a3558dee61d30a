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
    given = parse_settings(settings)
    if kind_of(model) is Kind.spec:  # which takes no time, where a bar on a terminal would
        return loading.load_graph(model, given, input, batch, say=remark)
    with Progress() as progress:
        progress.show(f"reading {printable(model)}", now=True)
        return loading.load_graph(model, given, input, batch, say=remark)


def remark(told: str) -> None:
    """A line on stderr, which is about the network and no result."""
    write(f"archlens: {told}\n", error=True)
