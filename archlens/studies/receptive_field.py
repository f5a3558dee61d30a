"""Receptive fields beside the gradient of the network itself: which places of the input really count."""

from collections.abc import Sequence
from fractions import Fraction

from archlens.analyses.receptive_field import ReceptiveFields, plain, receptive_fields
from archlens.graph import Graph
from archlens.spec.catalog import Reference
from archlens.studies.axis_field import AxisField, Stretch, from_gradients, from_static
from archlens.studies.claims import Check, Verdict
from archlens.studies.long_input import LongInput, UncheckedError, long_input

__all__ = ["check_receptive_fields"]


def check_receptive_fields(reference: Reference) -> tuple[Check, ...]:
    """The field of the last local node of every stage, and the network's own, against gradients.

    Of each, what it sees along each axis, from the first place to the last: all channels together,
    and those by themselves that see least and most. Of one that is said to see everything, that it
    does, and of the others that nothing but local paths lead to them.
    """
    graph = reference.lower({})
    fields = receptive_fields(graph)
    nodes = stages(graph, fields)
    try:
        if not nodes:
            raise UncheckedError("the network has no node whose places are places of its input")
        axes = range(2, len(graph.input_shape))
        stretched = [long_input(reference, graph, fields, tuple(nodes.values()), axis) for axis in axes]
        seen = [from_gradients(each, tuple(nodes.values())) for each in stretched]
    except UncheckedError as reason:
        return (Check(graph.model, "receptive field", "gradient", "", "", "", "open", str(reason)),)
    return tuple(
        _check(graph, fields, name, node, stretched, [found[at] for found in seen])
        for at, (name, node) in enumerate(nodes.items())
    )


def stages(graph: Graph, fields: ReceptiveFields) -> dict[str, int]:
    """The nodes to check: the last local one of each stage, by its name, then the network's own."""
    last = {}
    for position, (node, state) in enumerate(zip(graph.nodes, fields.states, strict=True)):
        if node.inputs and state.local and len(node.shape) > 2 and state.channels.values:
            last[f"receptive field of {node.name.split('.')[0]}"] = position
    return last | {"receptive field": fields.last} if last else last


def _check(
    graph: Graph,
    fields: ReceptiveFields,
    subject: str,
    node: int,
    stretched: Sequence[LongInput],
    found: Sequence[AxisField],
) -> Check:
    """The analysis's answer for one node beside the gradient's."""
    ours = [from_static(long, node) for long in stretched]
    if any(long.whole(node) != fields.span(node, long.axis) for long in stretched):
        subject += f" at {'×'.join(str(long.length) for long in stretched)}"  # where it is another one
    verdict, why = _verdict(ours, found)
    return Check(graph.model, subject, "gradient", described(found), described(ours), "", verdict, why)


def _verdict(ours: Sequence[AxisField], theirs: Sequence[AxisField]) -> tuple[Verdict, str]:
    """Whether they are equal, and if not the first difference."""
    for axis, (mine, other) in enumerate(zip(ours, theirs, strict=True), start=2):
        pairs = [
            *zip([f"output {place}" for place in mine.places], other.whole, mine.whole, strict=True),
            *zip([f"channel {channel}" for channel in mine.singles], other.each, mine.each, strict=True),
        ]
        for what, a, b in pairs:
            if a != b:
                return "different", f"along axis {axis}, {what} sees {_shown(a)}, not {_shown(b)}"
        if other.everything != mine.everything:
            if mine.everything:
                return "open", "not every place is seen: the analysis cannot tell attention within windows"
            return "different", f"along axis {axis}, not only local paths lead there"
    return "equal", ""


def _shown(stretch: Stretch) -> str:
    return f"{stretch[0]}…{stretch[1]}" if stretch else "nothing"


def described(axis_fields: Sequence[AxisField]) -> str:
    """A field in words: `435×435, stride 32×32, padding 217×217`."""

    def shown(numbers: Sequence[int | Fraction]) -> str:
        return "×".join(str(plain(Fraction(number))) for number in numbers)

    size, smallest = [each.size for each in axis_fields], [each.smallest for each in axis_fields]
    return (
        f"{shown(size)}"
        + (f", smallest {shown(smallest)}" if smallest != size else "")
        + f", stride {shown([each.stride for each in axis_fields])}"
        + f", padding {shown([each.padding for each in axis_fields])}"
        + (", global" if any(each.everything for each in axis_fields) else "")
    )
