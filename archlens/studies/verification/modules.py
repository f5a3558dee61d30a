"""A PyTorch module recorded, and every count of ours beside one that shares no code with the recorder."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from warnings import catch_warnings, simplefilter

from torch import nn

from archlens.analyses import totals
from archlens.errors import RecordError
from archlens.graph import Graph, verify
from archlens.ops import Shape
from archlens.quantity import human
from archlens.recorder.arguments import tensors_of
from archlens.recorder.loading import Loaded, load_module
from archlens.recorder.naming import path
from archlens.recorder.operators import Ruled
from archlens.recorder.recording import record
from archlens.recorder.running import slow_paths
from archlens.recorder.sources import Inputs, record_source
from archlens.studies.claims import Check
from archlens.studies.reconciliation.calls import calls
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.terms import terms
from archlens.studies.verification.counters import FVCORE, TORCH, Counted, fvcore
from archlens.studies.verification.observed import Observed, observe
from archlens.studies.verification.specs import compared

__all__ = ["verify_module"]

UNSEEN = ("attention missed", "recurrent layers missed")
"""The terms of a counter that passes over operators which we cost by rules of our own."""


def verify_module(model: str, settings: Mapping[str, Any], inputs: Inputs) -> tuple[Check, ...]:
    """All checks of one module: its graph's rules, PyTorch's parameters and shapes, two counters.

    model     package.module:name, file.py:name, timm:NAME, torchvision:NAME or x.pt2
    settings  keyword arguments of what makes it
    inputs    what its forward takes

    Raises a UsageError, a RecordError or a GraphError on one line.
    """
    loaded = load_module(model, settings, inputs)
    graph = recorded(model, settings, inputs, loaded)
    verify(graph)
    inside = any(isinstance(node.op, Ruled) for node in graph.nodes) or not graph.complete
    try:
        run = observe(loaded, inside=inside)
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given")
        raise RecordError(f"{model} cannot be run: {type(error).__name__}: {said}") from error
    with slow_paths():
        fvcores = fvcore(loaded.module, in_order(loaded))
    return (
        parameters(graph, loaded, run),
        *shapes(graph, run),
        counted(graph, TORCH, run.counted, 0),
        counted(graph, FVCORE, fvcores, unseen_by_fvcore(graph, loaded)),
    )


def recorded(model: str, settings: Mapping[str, Any], inputs: Inputs, loaded: Loaded) -> Graph:
    """The graph that every command shows; of a module that looks at values, with those of this run."""
    with catch_warnings(record=True) as said:
        simplefilter("always", UserWarning)
        graph = record_source(model, settings, inputs)
        if any("run in earnest" in str(warning.message) for warning in said):
            graph = record(loaded.module, loaded.arguments, loaded.named, model=graph.model)
    return graph


def in_order(loaded: Loaded) -> tuple[Any, ...]:
    """The arguments of a call by position, as `torch.jit.trace` takes them."""
    bound = inspect.signature(loaded.module.forward).bind(*loaded.arguments, **loaded.named)
    return bound.args


def parameters(graph: Graph, loaded: Loaded, run: Observed) -> Check:
    """Ours beside PyTorch's, less those that no operator of the pass read, with those that are packed."""
    everything = sum(parameter.numel() for parameter in loaded.module.parameters())
    check = compared(graph, "params", "PyTorch", everything, totals(graph).params)
    unread, hidden = sum(run.unread.values()), packed(loaded.module)
    if check.verdict == "equal" or everything - unread + hidden != totals(graph).params:
        return check
    reasons = []
    if unread:
        names = ", ".join(list(run.unread)[:3]) + (", …" if len(run.unread) > 3 else "")
        reasons.append(f"no operator of this pass reads {human(unread)} of them: {names}")
    if hidden:
        reasons.append(
            f"{human(hidden)} more are in quantised layers, whose weights PyTorch calls no parameters"
        )
    return replace(check, verdict="explained", why="; ".join(reasons))


def packed(module: nn.Module) -> int:
    """The weights in PyTorch's quantised layers, as each of them gives them back."""
    found = 0
    for child in module.modules():
        if not type(child).__module__.startswith("torch.ao.nn"):
            continue
        prefix = "get_" if hasattr(child, "get_weight") else ""
        for name in ("weight", "bias"):
            unpack = getattr(child, f"{prefix}{name}", None)
            if callable(unpack):
                found += sum(x.numel() for x in tensors_of(unpack()))
    return found


def shapes(graph: Graph, run: Observed) -> Iterator[Check]:
    """What modules that ran one operator gave back, and what left the network, beside the nodes' shapes."""
    theirs = {path(name): shape for name, shape in run.shapes.items() if name}
    found = {node.name: i for i, node in enumerate(graph.nodes) if node.inputs and node.name in theirs}
    viewed = views(graph)
    wrong = {name: graph.nodes[i].shape for name, i in found.items() if theirs[name] not in viewed[i]}
    for name, ours in wrong.items():
        subject = f"shape of {name}"
        yield Check(graph.model, subject, "PyTorch", str(theirs[name]), str(ours), "", "different")
    outputs = tuple(graph.nodes[i].shape for i in graph.outputs)
    if {*outputs} != {*run.outputs}:
        expected, ours_shown = (", ".join(map(str, each)) for each in (run.outputs, outputs))
        yield Check(graph.model, "shape of the output", "PyTorch", expected, ours_shown, "", "different")
    elif not wrong:
        many = f"{len(found)} modules and the output"
        yield Check(graph.model, "shapes", "PyTorch", many, many, "", "equal")


def views(graph: Graph) -> dict[int, list[Shape]]:
    """The shapes that a node's output may be seen under: a module may return such a view of it."""
    found = {i: [node.shape] for i, node in enumerate(graph.nodes)}
    origin = {i: i for i in found}
    for i, node in enumerate(graph.nodes):
        if node.op.alias and node.inputs:
            origin[i] = origin[node.inputs[0]]
            found[origin[i]].append(node.shape)
    return found


def counted(graph: Graph, source: str, theirs: Counted, unseen: int) -> Check:
    """Our multiply-adds beside a counter's.

    unseen  how many of ours are those of attention and recurrent layers that the counter passes over

    A counter that counts less, and that ran into operators which it passes over, proves nothing about these.
    """
    ours = totals(graph).multiply_adds
    found = theirs.multiply_adds
    check = compared(graph, "multiply_adds", source, found, ours)
    if check.verdict == "equal" and graph.complete:
        return check
    passed_over = ", ".join(theirs.passed_over)
    if found is None:
        why = f"it cannot run this module: {theirs.failed}"
    elif passed_over and unseen and found + unseen == ours:
        why = f"it passes over {passed_over}: {human(unseen)}, and the rest is equal"
        return replace(check, verdict="explained", why=why)
    elif graph.complete and not passed_over and abs(found - ours) <= theirs.rounded:
        why = f"it rounds einsum to four digits: to within {theirs.rounded} here"
        return replace(check, verdict="explained", why=why)
    elif passed_over and found < ours:
        why = f"it passes over {passed_over}"
    elif not graph.complete and found >= ours:
        names = ", ".join(sorted({getattr(node.op, "name", node.op.kind) for node in graph.uncosted}))
        why = f"ours is a lower bound, without a rule for {names}"
    else:
        return check
    return replace(check, verdict="incomparable", why=why)


def unseen_by_fvcore(graph: Graph, loaded: Loaded) -> int:
    """Our multiply-adds of the attention and recurrent layers that fvcore's convention leaves out."""
    found = terms(graph, CONVENTIONS["fvcore"], calls(graph, loaded.module))
    return -sum(term.amount for term in found if term.name in UNSEEN)
