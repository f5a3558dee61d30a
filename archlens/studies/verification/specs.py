"""A spec instantiated in PyTorch, and every count of ours beside one that shares no code with it.

Shapes and torch's count come from a run on the meta device, where no arithmetic is done. fvcore
traces the module, which takes real tensors: these are zeros.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from archlens.analyses import totals
from archlens.builder import build
from archlens.graph import Graph, verify
from archlens.recorder.recording import record
from archlens.spec.catalog import Reference
from archlens.spec.read import Value
from archlens.studies.claims import Check, Verdict, check_claims_of
from archlens.studies.roundtrip import differences
from archlens.studies.verification.counters import FVCORE, TORCH, Counted, fvcore
from archlens.studies.verification.repeated import Repeated

__all__ = ["against_pytorch", "compared", "run_on_meta", "verify_model"]


def verify_model(reference: Reference, overrides: Mapping[str, Value] | None = None) -> tuple[Check, ...]:
    """All checks of one network: its own rules, PyTorch, a recording, torch's counter, fvcore, its claims.

    overrides  settings that are not the network's own: what is printed about it is left out then

    Raises a GraphError if the graph breaks its own rules.
    """
    graph = reference.lower(overrides or {})
    verify(graph)
    claims = () if overrides or reference.given else check_claims_of(reference, graph)
    return (*against_pytorch(graph, build(graph, device="meta").eval()), *claims)


def against_pytorch(graph: Graph, module: torch.nn.Module) -> list[Check]:
    """The checks of a graph against the module that was built of it on the meta device."""
    cost = totals(graph)
    inputs = [torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs]
    parameters = sum(parameter.numel() for parameter in module.parameters())
    checks = [compared(graph, "params", "PyTorch", parameters, cost.params)]
    try:
        shapes, counted = run_on_meta(graph, module, inputs)
    except RuntimeError as error:
        refusal = str(error).strip().split("\n")[0]
        wrong = Check(graph.model, "shapes", "PyTorch", "an error", "none", "", "different", refusal)
        return [*checks, wrong]
    recorded = _recorded(graph, module, inputs)
    checks += shapes
    checks.append(compared(graph, "multiply_adds", TORCH, counted, cost.multiply_adds))
    fvcores = _fvcore(graph, module)
    checks.append(
        compared(graph, "multiply_adds", FVCORE, fvcores.multiply_adds, cost.multiply_adds, fvcores.failed)
    )
    return [*checks, recorded]


def run_on_meta(graph: Graph, module: torch.nn.Module, inputs: list[torch.Tensor]) -> tuple[list[Check], int]:
    """One pass on the meta device: the shape that each node really has, and torch's own count."""
    found: dict[str, tuple[int, ...]] = {}
    hooks = [
        module.get_submodule(node.name).register_forward_hook(_noting(found, node.name))
        for node in graph.nodes
        if node.inputs
    ]
    with torch.no_grad(), Repeated(), FlopCounterMode(display=False) as counter:
        module(*inputs)
    for hook in hooks:
        hook.remove()
    ours = {node.name: node.shape for node in graph.nodes if node.inputs}
    wrong = [name for name, shape in ours.items() if found.get(name) != shape]
    checks = [
        Check(
            graph.model, f"shape of {name}", "PyTorch", str(found.get(name)), str(ours[name]), "", "different"
        )
        for name in wrong
    ]
    if not wrong:
        checks = [
            Check(graph.model, "shapes", "PyTorch", f"{len(ours)} nodes", f"{len(ours)} nodes", "", "equal")
        ]
    return checks, int(counter.get_total_flops()) // 2


def _recorded(graph: Graph, module: torch.nn.Module, inputs: list[torch.Tensor]) -> Check:
    """What PyTorch runs, recorded and costed operator by operator, beside the costs of the graph."""
    wrong = differences(graph, record(module, inputs, {}, model=graph.model))
    many = f"{sum(1 for node in graph.nodes if node.inputs)} nodes"
    if not wrong:
        return Check(graph.model, "costs", "PyTorch, recorded", many, many, "", "equal")
    why = ", ".join(wrong[:3]) + (", …" if len(wrong) > 3 else "")
    return Check(
        graph.model, "costs", "PyTorch, recorded", many, f"{len(wrong)} differ", "", "different", why
    )


def _fvcore(graph: Graph, module: torch.nn.Module) -> Counted:
    """fvcore's count of the module, with zeros for weights."""
    real = module.to_empty(device="cpu")
    with torch.no_grad():
        for tensor in chain(real.parameters(), real.buffers()):
            tensor.zero_()
    counted = fvcore(real, [torch.zeros(graph.nodes[i].shape) for i in graph.inputs])
    real.to_empty(device="meta")  # its weights, gigabytes of them, would wait for the garbage collector
    return counted


def _noting(found: dict[str, tuple[int, ...]], name: str) -> Callable[[Any, Any, torch.Tensor], None]:
    def note(module: Any, inputs: Any, output: torch.Tensor) -> None:
        found[name] = tuple(output.shape)

    return note


def compared(graph: Graph, subject: str, source: str, theirs: int | None, ours: int, why: str = "") -> Check:
    """The check of a count of ours against one of theirs, which must be equal; None says that
    there is none.
    """
    expected = "an error" if theirs is None else str(theirs)
    difference = "" if theirs is None or theirs == ours else f"{ours - theirs:+d}"
    verdict: Verdict = "equal" if theirs == ours else "different"
    return Check(graph.model, subject, source, expected, str(ours), difference, verdict, why)
