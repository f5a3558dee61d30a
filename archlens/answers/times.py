"""How long networks take here, from Python."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from archlens.answers.network import Network, graph_of
from archlens.errors import UsageError
from archlens.report.answer import Answer, chart_of_speeds
from archlens.report.result import Result

if TYPE_CHECKING:
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.sampling.measurement import Measurement
    from archlens.studies.guidelines.study import Study

__all__ = ["guidelines", "measure"]


def measure(
    *networks: Network,
    threads: int | None = None,
    device: str = "cpu",
    batch: int = 1,
    dtype: str = "float32",
    layout: str = "nchw",
    mode: str = "eager",
    min_time: float = 2.0,
    seed: int = 0,
) -> "Answer[tuple[Measurement, ...]]":
    """How long networks take on this machine, and whether to believe it; several take turns.

    threads   on the CPU; PyTorch's choice unless given
    batch     images at once, of networks that are named
    min_time  seconds of samples of each network, at least

    What is named runs as `archlens measure` runs it; a graph is built with random weights. Nothing is kept
    in a store.

    Raises a MissingDependencyError without the packages that measuring needs.
    """
    from archlens.latency.requirements import conditions_for
    from archlens.report.latency import latency_table

    conditions = conditions_for(device, dtype, layout, mode, threads, seed)
    found = _timed(networks, conditions, batch, min_time)
    shown = Result.of(lambda: latency_table(found), lambda: [each.as_dict() for each in found])
    return Answer(found, shown, "latency of " + ", ".join(each.subject.model for each in found))


def _timed(
    networks: Sequence[Network], conditions: "Conditions", batch: int, min_time: float
) -> "tuple[Measurement, ...]":
    """What was measured of each network, of several in turns."""
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.network.named import candidate
    from archlens.latency.network.preparation import prepare
    from archlens.latency.sampling.measure import measure as measure_one
    from archlens.latency.sampling.together import measure_together
    from archlens.latency.sampling.turns import Entrant

    candidates = [
        candidate(graph_of(each, None, batch), each, None, None, batch, device=conditions.device)
        if isinstance(each, str)
        else Candidate(each)
        for each in networks
    ]
    if not candidates:
        raise UsageError("measure takes one network at least")
    if len(candidates) == 1:
        return (measure_one(candidates[0], conditions, min_time=min_time),)
    entrants = [Entrant(each.graph, prepare(each, conditions)) for each in candidates]
    return measure_together(entrants, conditions, min_time=min_time)


def guidelines(
    *parts: str,
    measured: bool = False,
    scales: Iterable[int] = (1,),
    threads: int | None = None,
    min_time: float = 0.25,
) -> "Answer[Study]":
    """What ShuffleNet V2's guidelines say: its Tables 1 to 4 and 8, and its decomposition of run time.

    parts     of g1, g2, g3, g4, table8, breakdown; the four unless given
    measured  run the networks here, too, in turns
    scales    what channels are multiplied by: 1, 2, 4

    >>> guidelines("table8").found.networks[0].cost.multiply_adds
    40476448
    """
    from archlens.report.study import study_result
    from archlens.studies.guidelines.study import counted, parts_named

    asked = parts_named(parts)
    study = counted(asked, scales=tuple(scales), channels="arm")
    if measured:
        from archlens.latency.requirements import conditions_for
        from archlens.studies.guidelines.decomposition import node_times
        from archlens.studies.guidelines.speed import stopwatch
        from archlens.studies.guidelines.study import measured as run

        conditions = conditions_for("cpu", "float32", "nchw", "eager", threads, 0)
        watch, times = stopwatch(conditions, min_time), node_times(conditions, min_time)
        study = run(study, watch, times, lambda name, share: None)
    chart = (lambda: chart_of_speeds(study.networks)) if study.networks else None
    return Answer(study, study_result(study, asked), f"guidelines: {', '.join(asked)}", chart)
