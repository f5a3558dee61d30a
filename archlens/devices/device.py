"""A device, whatever is known about it, and what it takes for a network."""

from collections.abc import Iterable
from statistics import median

from archlens.devices.estimate import Estimate, Parts
from archlens.devices.predict import NodeTime, Prediction, predict_seconds
from archlens.devices.profile import DeviceProfile
from archlens.devices.roofline import roofline
from archlens.devices.sheet import BYTES, DataSheet
from archlens.devices.terms import follows_input
from archlens.graph import Graph

__all__ = ["TOO_FAR", "Device", "estimate", "told"]

Device = DataSheet | DeviceProfile
TOO_FAR = "is too far from all that the profile was fitted to"

SHEETS = (
    "such sheets on devices that are known, measured over predicted, 9 networks in 10: three GPUs in float16 "
    "eager 1.1 to 1.8, one of them compiled 0.65 to 1.1; a GPU in float32 0.9 to 5.9"
)
"""What `archlens.devices.roofline` has of the errors of data sheets."""


def estimate(graph: Graph, device: Device) -> Estimate:
    """What the device takes for one batch of a network, node by node."""
    return roofline(graph, device) if isinstance(device, DataSheet) else fitted(graph, device)


def fitted(graph: Graph, profile: DeviceProfile) -> Estimate:
    """What a device takes whose profile was fitted to measured times.

    A node that the profile's view makes a part of another takes no time of its own.
    """
    batch = graph.input_shape[0]
    found = predict_seconds(graph, profile, batch)
    places = {node.name: position for position, node in enumerate(graph.nodes)}
    nodes: list[Parts] = [(0.0, 0.0, 0.0, 0.0)] * len(graph.nodes)
    for row in found.rows:
        nodes[places[row.name]] = (row.arithmetic, row.memory, row.weights, row.launches)
    far = [each.sentence for each in found.outside if each.far]
    return Estimate(
        device=profile.name,
        batch=batch,
        nodes=tuple(nodes),
        overlaps=False,
        constant=found.constant,
        factors=factors_of(found),
        level=found.level,
        ridge=ridge_of(profile),
        itemsize=itemsize_of(profile),
        outside=tuple(each.sentence for each in found.outside),
        roof=roof_of(profile),
        unseen=frozenset(places[name] for name in unseen(found.rows, profile)),
        fixed=frozenset(i for i, follows in enumerate(follows_input(graph)) if not follows),
        refused=f"{TOO_FAR}: {'; '.join(far)}" if far else "",
    )


def factors_of(found: Prediction) -> tuple[float, float] | None:
    """The interval over the prediction; None where there is none."""
    if found.low is None or found.high is None or not found.seconds:
        return None
    return found.low / found.seconds, found.high / found.seconds


def itemsize_of(profile: DeviceProfile) -> int:
    """Bytes that an element takes; under autocast, those of most of them."""
    return {**BYTES, "amp": 2, "float64": 8}.get(profile.dtype, 4)


def roof_of(profile: DeviceProfile) -> tuple[float, float] | None:
    """Multiply-adds and bytes a second of the middle kinds of work; None where a profile has none.

    Their quotient is the ridge.
    """

    def middle(cause: str) -> float:
        found = [value for term, value in profile.coefficients.items() if term.startswith(f"{cause}.")]
        known = [value for value in found if value > 0]
        return median(known) if known else 0.0

    arithmetic, memory = middle("arithmetic"), middle("memory")
    return (1 / arithmetic, itemsize_of(profile) / memory) if arithmetic and memory else None


def ridge_of(profile: DeviceProfile) -> float | None:
    """Multiply-adds a byte from which on arithmetic takes longer than memory; None if unknown."""
    roof = roof_of(profile)
    return roof and roof[0] / roof[1]


def unseen(rows: Iterable[NodeTime], profile: DeviceProfile) -> frozenset[str]:
    """The names of the nodes whose kind of work had no part in any network that the profile was fitted to."""
    if profile.seen is None:
        return frozenset()
    known = {term.partition(".")[2] for term, share in profile.seen.shares.items() if share > 0}
    return frozenset(row.name for row in rows if row.kind not in known)


def told(device: Device) -> tuple[str, ...]:
    """What the device is, and how far its times can be believed, a sentence each."""
    if isinstance(device, DataSheet):
        source = f" ({device.source})" if device.source else ""
        sheet = f"a plain roofline with launch costs, from a data sheet{source}"
        return (f"{device.name}: {sheet}; nothing was measured", SHEETS)
    parts = (device.title, device.engine, device.software, device.dtype)
    what = ", ".join(dict.fromkeys(", ".join(part for part in parts if part).split(", ")))
    found = device.evidence
    if found is None:
        return (f"{device.name}: {what}; written by hand, so that nobody knows how far it is off",)
    doubts = (f"unreliable: {found.doubts}",) if found.doubts else ()
    step = "a training step; " if device.phase == "training" else ""
    return (
        f"{device.name}: {what}; {step}fitted to {found.networks} networks; for families that were left out "
        f"half are within {100 * found.median:.1f} %, {100 * found.within10:.0f} % within 10 %",
        *doubts,
    )
