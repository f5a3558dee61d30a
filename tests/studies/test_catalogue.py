"""Every network of the catalogue: its own rules, PyTorch's parameters, shapes and count, and its claims.

fvcore, which has to do the arithmetic, is left to `archlens verify`.
"""

import pytest
import torch

from archlens.analyses import totals
from archlens.builder import build
from archlens.graph import verify
from archlens.spec.catalog import Reference, specs
from archlens.studies.claims import check_claims_of
from archlens.studies.verification import run_on_meta

REFERENCES = [Reference(spec, variant) for spec in specs() for variant in spec.variants]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: str(reference.variant))
def test_a_network_is_what_pytorch_and_its_paper_say(reference: Reference) -> None:
    graph = reference.lower({})
    verify(graph)
    cost = totals(graph)
    module = build(graph, device="meta").eval()
    assert sum(parameter.numel() for parameter in module.parameters()) == cost.params
    inputs = [torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs]
    checks, counted = run_on_meta(graph, module, inputs)
    assert [check for check in checks if check.verdict != "equal"] == []
    assert counted == cost.multiply_adds
    claims = check_claims_of(reference, graph)
    assert [claim for claim in claims if claim.verdict == "different"] == []
