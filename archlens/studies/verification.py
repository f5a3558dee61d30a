"""Each network instantiated in PyTorch, and every count of ours beside one that shares no code with it.

Shapes and torch's count come from a run on the meta device, where no arithmetic is done. fvcore
traces the module, which takes real tensors: these are zeros.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any
from warnings import catch_warnings

from archlens.analyses import totals
from archlens.builder import build
from archlens.errors import MissingDependencyError
from archlens.graph import Graph, verify
from archlens.recorder.recording import record
from archlens.spec.catalog import Reference
from archlens.studies.claims import Check, check_claims
from archlens.studies.roundtrip import differences

try:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with catch_warnings(action="ignore", category=DeprecationWarning):  # fvcore's, of torch.jit
        from fvcore.nn import FlopCountAnalysis
except ImportError as error:
    raise MissingDependencyError(
        f"verifying needs PyTorch and fvcore ({error.name} is missing): pip install 'archlens[verify]'"
    ) from error

__all__ = ["run_on_meta", "verify_model"]

FVCORE_PRODUCTS = ("conv", "linear", "matmul", "bmm", "addmm", "einsum")


def verify_model(reference: Reference) -> tuple[Check, ...]:
    """All checks of one network: its own rules, PyTorch, a recording, torch's counter, fvcore, its claims.

    Raises a GraphError if the graph breaks its own rules.
    """
    graph = reference.lower({})
    verify(graph)
    cost = totals(graph)
    module = build(graph, device="meta").eval()
    inputs = [torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs]
    parameters = sum(parameter.numel() for parameter in module.parameters())
    checks = [_equal(graph, "params", "PyTorch", parameters, cost.params)]
    try:
        shapes, counted = run_on_meta(graph, module, inputs)
    except RuntimeError as error:
        refusal = str(error).strip().split("\n")[0]
        checks.append(Check(graph.model, "shapes", "PyTorch", "an error", "none", "", "different", refusal))
    else:
        checks += shapes
        recorded = _recorded(graph, module, inputs)
        for source, theirs in (
            ("torch.utils.flop_counter / 2", counted),
            ("fvcore", _fvcore(graph, module)),
        ):
            checks.append(_equal(graph, "multiply_adds", source, theirs, cost.multiply_adds))
        checks.append(recorded)
    return (*checks, *check_claims(graph, reference.spec.claims))


def run_on_meta(graph: Graph, module: torch.nn.Module, inputs: list[torch.Tensor]) -> tuple[list[Check], int]:
    """One pass on the meta device: the shape that each node really has, and torch's own count."""
    found: dict[str, tuple[int, ...]] = {}
    hooks = [
        module.get_submodule(node.name).register_forward_hook(_noting(found, node.name))
        for node in graph.nodes
        if node.inputs
    ]
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
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


def _fvcore(graph: Graph, module: torch.nn.Module) -> int:
    """fvcore's count of convolutions, linear layers and matrix products; it adds normalisation and more."""
    real = module.to_empty(device="cpu")
    with torch.no_grad(), catch_warnings(action="ignore", category=DeprecationWarning):
        for tensor in chain(real.parameters(), real.buffers()):
            tensor.zero_()
        inputs = tuple(torch.zeros(graph.nodes[i].shape) for i in graph.inputs)
        counts = (
            FlopCountAnalysis(real, inputs).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        )
        by_operator = counts.by_operator()
    return int(sum(by_operator[kind] for kind in FVCORE_PRODUCTS))


def _noting(found: dict[str, tuple[int, ...]], name: str) -> Callable[[Any, Any, torch.Tensor], None]:
    def note(module: Any, inputs: Any, output: torch.Tensor) -> None:
        found[name] = tuple(output.shape)

    return note


def _equal(graph: Graph, subject: str, source: str, theirs: int, ours: int) -> Check:
    difference = "" if theirs == ours else f"{ours - theirs:+d}"
    return Check(
        graph.model,
        subject,
        source,
        str(theirs),
        str(ours),
        difference,
        "equal" if theirs == ours else "different",
    )
