"""Network → measurement: make it, warm up, sample, and say what came out."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import torch

from archlens.analyses import totals
from archlens.graph import Graph
from archlens.latency.machine import description, memory
from archlens.latency.machine.description import Machine
from archlens.latency.machine.load import Surroundings, Watch
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling.measurement import Measurement, Subject
from archlens.latency.sampling.timing import PATIENCE, Timer, repeats_for, sample, timer_for, warm_up
from archlens.latency.statistics.reliability import doubts
from archlens.latency.statistics.summary import Summary, summarize

__all__ = ["Observer", "Samples", "measure", "measurement", "subject_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Who hears of a measurement while it is taken; nobody unless given.

    begun    once everything is ready: what is measured, and the machine
    sampled  every sample, in seconds, as it is taken
    shown    now and then: the share of the least time that is over, and how the samples stand
    """

    begun: Callable[[Subject, Machine], None] = lambda subject, machine: None
    sampled: Callable[[float], None] = lambda seconds: None
    shown: Callable[[float, Summary], None] = lambda share, summary: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """The samples that were taken of one network, and how they were taken.

    finite      whether all of its output is
    settled     whether times had stopped falling when the first sample was taken
    one_thread  seconds of a call at one thread, where PyTorch chose to use more
    """

    seconds: tuple[float, ...]
    repeats: int
    finite: bool
    settled: bool
    interrupted: bool
    peak_memory: int | None
    surroundings: Surroundings
    one_thread: float | None = None


def measure(
    network: Graph | Candidate,
    conditions: Conditions | None = None,
    *,
    fused: bool = False,
    min_time: float = 2.0,
    observer: Observer | None = None,
) -> Measurement:
    """Make the network ready, warm it up, and take samples until the median is known.

    network   a graph is built, with random weights; see `Candidate` for what runs otherwise
    fused     says that the graph has been folded; nothing is done about it here
    min_time  seconds of samples at least; five times as many at most

    Ctrl-C during the samples ends them, and what is known by then is returned as interrupted.

    Raises an ArchlensError, a UsageError among them, for what this machine cannot run.
    """
    conditions, observer = conditions or Conditions(), observer or Observer()
    graph = Candidate.of(network).graph
    prepared = prepare(network, conditions)
    with inference(conditions):
        here = description.describe()
        subject = subject_of(graph, conditions, here, fused=fused)
        peak = memory.peak(prepared.run, conditions.device)
        timed = timer_for(prepared.run, conditions.device)
        seconds, settled = warm_up(timed, limit=max(min_time, 1.0))
        repeats = repeats_for(seconds, min_time)
        observer.begun(subject, here)
        with Watch(conditions, here.threads) as watch:
            taken, interrupted = take(timed, repeats, conditions.seed, min_time, observer)
        one_thread = None
        if chooses_threads(conditions, here) and not interrupted:
            one_thread, interrupted = at_one_thread(timed, repeats, median(taken))
    samples = Samples(
        seconds=taken,
        repeats=repeats,
        finite=prepared.finite,
        settled=settled,
        interrupted=interrupted,
        peak_memory=peak,
        surroundings=watch.seen(),
        one_thread=one_thread,
    )
    return measurement(graph, subject, samples, here)


def chooses_threads(conditions: Conditions, here: Machine) -> bool:
    """Whether PyTorch computes with several threads that nobody asked for."""
    own = conditions.threads is None and conditions.mode == "eager"
    return own and conditions.device == "cpu" and here.threads > 1


def at_one_thread(timed: Timer, repeats: int, most: float) -> tuple[float | None, bool]:
    """Seconds of a call at one thread, and whether Ctrl-C came before they were known.

    The median of three samples, or the first call where that takes longer than `most` seconds already.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        first = timed(1)
        return (first if first > most else median(timed(repeats) for _ in range(3))), False
    except KeyboardInterrupt:
        return None, True
    finally:
        torch.set_num_threads(threads)


def take(
    timed: Timer, repeats: int, seed: int, min_time: float, observer: Observer
) -> tuple[tuple[float, ...], bool]:
    """Samples until there are enough, and whether Ctrl-C ended them; before the first one it goes on up."""
    taken: list[float] = []
    try:
        sample(
            timed,
            repeats,
            least_time=min_time,
            most_time=PATIENCE * min_time,
            on_sample=both(taken.append, observer.sampled),
            on_summary=lambda elapsed, summary: observer.shown(elapsed / max(min_time, 1e-9), summary),
            seed=seed,
        )
    except KeyboardInterrupt:
        if not taken:
            raise
        return tuple(taken), True
    return tuple(taken), False


def subject_of(graph: Graph, conditions: Conditions, here: Machine, *, fused: bool) -> Subject:
    """What is measured, with the threads that PyTorch has now."""
    return Subject(
        model=graph.model,
        input=graph.input_shape,
        conditions=conditions,
        fused=fused,
        threads=here.threads,
    )


def both(first: Callable[[float], None], second: Callable[[float], None]) -> Callable[[float], None]:
    """A function that hands each value on to two functions."""

    def called(value: float) -> None:
        first(value)
        second(value)

    return called


def measurement(graph: Graph, subject: Subject, samples: Samples, here: Machine) -> Measurement:
    """The measurement that samples make, together with the machine, the conditions and the warnings."""
    conditions = subject.conditions
    summary = summarize(samples.seconds, seed=conditions.seed)
    cost = totals(graph)
    return Measurement(
        subject=subject,
        repeats=samples.repeats,
        samples=samples.seconds,
        summary=summary,
        warnings=warnings(samples, summary, conditions),
        interrupted=samples.interrupted,
        multiply_adds=cost.multiply_adds,
        memory_access=cost.memory_access * conditions.itemsize,
        complete=graph.complete,
        peak_memory=samples.peak_memory,
        machine=here,
        one_thread=samples.one_thread,
    )


def warnings(samples: Samples, summary: Summary, conditions: Conditions) -> tuple[str, ...]:
    """A sentence for everything that makes the number doubtful: few samples, spikes, a clock that changed."""
    found = doubts(samples.seconds, summary, samples.surroundings, settled=samples.settled)
    overflow = f"overflow: the output has numbers that {conditions.dtype} cannot hold"
    return found if samples.finite else (*found, overflow)
