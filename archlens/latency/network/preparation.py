"""A candidate → a module that is ready to be timed, or one line that says why it cannot run here."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from archlens.errors import ArchlensError, UsageError
from archlens.graph import Graph
from archlens.latency.machine.memory import available, is_out_of_memory, largest_batch, needed
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.placement import Given, Placed, placed
from archlens.quantity import human
from archlens.recorder.arguments import tensors_of

__all__ = ["Prepared", "inference", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network with its data on its device, after its first run.

    module  in evaluation mode: what `run` calls in eager mode
    inputs  by position, in the order in which the network takes them
    run     computes the network once; on a GPU it returns before the work is done
    finite  whether all of the output is: numbers that overflow say nothing
    """

    module: nn.Module
    inputs: tuple[Any, ...]
    run: Callable[[], Any]
    finite: bool


@contextmanager
def inference(conditions: Conditions) -> Iterator[None]:
    """No gradients, the threads asked for, and no garbage collection: for as long as times are taken."""
    threads, collecting = torch.get_num_threads(), gc.isenabled()
    torch.set_num_threads(conditions.threads or threads)
    gc.collect()
    gc.disable()
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(threads)
        if collecting:
            gc.enable()


def prepare(network: Graph | Candidate, conditions: Conditions) -> Prepared:
    """Make the network, put it and its data where they belong, and run it once.

    A graph is built, with random weights; see `Candidate` for what runs otherwise.

    Raises an ArchlensError for what this machine cannot do: memory, dtype, or torch.compile.
    """
    candidate = Candidate.of(network)
    graph = candidate.graph
    check_layout(graph, conditions)
    check_memory(graph, conditions)
    with refusals(graph, conditions):
        ready = placed(candidate, conditions)
    with refusals(graph, conditions, ready):
        arguments, named = ready.inputs(graph.input_shape[0])
        with inference(conditions):
            call = translated(ready.module, (arguments, named), conditions)
            finite = is_finite(call(*arguments, **named))
    return Prepared(ready.module, arguments, lambda: call(*arguments, **named), finite)


def translated(network: nn.Module, inputs: Given, conditions: Conditions) -> Callable[..., Any]:
    """The module as the mode runs it: as it is, compiled, or exported."""
    if conditions.mode == "compile":
        return torch.compile(network)
    if conditions.mode == "export":
        return torch.export.export(network, *inputs, strict=False).module()
    return network


def is_finite(output: Any) -> bool:
    """Whether no element of the outputs is infinite or not a number."""
    return all(bool(torch.isfinite(x).all()) for x in tensors_of(output) if x.is_floating_point())


def check_layout(graph: Graph, conditions: Conditions) -> None:
    """Raise a UsageError where inputs other than images are asked to have their channels last."""
    flat = [graph.nodes[i].shape for i in graph.inputs if len(graph.nodes[i].shape) != 4]
    if conditions.layout == "channels_last" and flat:
        shown = "×".join(map(str, flat[0]))
        raise UsageError(f"{graph.model}: channels_last is for inputs of 4 axes, and one here is {shown}")


def check_memory(graph: Graph, conditions: Conditions) -> None:
    """Refuse what cannot fit into the CPU's memory: the system would end the process without a word."""
    if conditions.device != "cpu":
        return
    weights, activations = needed(graph, conditions.itemsize)
    free = available("cpu")
    if weights + activations > free:
        images = max(0, free - weights) * graph.input_shape[0] // activations
        raise ArchlensError(too_large(graph, conditions, f"at most {images}" if images else "none"))


def too_large(graph: Graph, conditions: Conditions, fits: str) -> str:
    """The sentence about memory: what is needed, what there is, which batch fits."""
    weights, activations = needed(graph, conditions.itemsize)
    return (
        f"{graph.model}: a batch of {graph.input_shape[0]} in {conditions.dtype} does not fit on the "
        f"{conditions.device}: it takes {human(weights + activations, 'B')} or more, "
        f"{human(available(conditions.device), 'B')} are free; largest batch that fits: {fits}"
    )


@contextmanager
def refusals(graph: Graph, conditions: Conditions, ready: Placed | None = None) -> Iterator[None]:
    """Turn what PyTorch raises into one line that says what to do."""
    try:
        yield
    except ArchlensError:
        raise
    except Exception as error:
        if not is_out_of_memory(error):
            raise ArchlensError(f"{graph.model}: {refusal(error, conditions)}") from error
    else:
        return
    # Outside of the handler: its traceback would hold on to the memory.
    fits = largest_batch(lambda batch: fitting(conditions, ready, batch), graph.input_shape[0])
    raise ArchlensError(too_large(graph, conditions, str(fits) if fits else "none"))


def fitting(conditions: Conditions, ready: Placed | None, batch: int) -> bool:
    """Whether the network would fit into memory at a smaller batch."""
    if ready is None or conditions.device == "cpu":  # memory of the CPU is handed out before it is there
        return False
    gc.collect()
    torch.cuda.empty_cache()
    try:
        arguments, named = ready.inputs(batch)
        with inference(conditions):
            ready.module(*arguments, **named)
            torch.cuda.synchronize()
    except Exception:  # memory, or a program that runs at one batch only
        return False
    return True


def refusal(error: Exception, conditions: Conditions) -> str:
    """Why a network cannot run, from what PyTorch says about it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    said = next((line.strip() for line in lines if line.strip()), "")[:200]
    if conditions.mode == "compile":
        if "ompiler" in str(error) or "triton" in str(error).lower():
            return f"torch.compile finds no working compiler ({said}); install one, or use --mode eager"
        return f"torch.compile cannot translate it: {said}; --mode eager runs it as it is"
    if said.startswith("Guard failed: "):
        return f"it was exported for {said.removeprefix('Guard failed: ')} only; dynamic_shapes allow others"
    if "not implemented for" in str(error) or isinstance(error, NotImplementedError):
        way = "" if conditions.dtype == "float32" else "; --dtype float32 always is"
        return f"{conditions.dtype} is not supported on the {conditions.device} here ({said}){way}"
    what = "torch.export cannot translate it" if conditions.mode == "export" else "it cannot be run"
    return f"{what}: {said}"
