"""Other counters beside ours, on networks whose totals are worked out by hand, and on the catalogue's."""

import pytest
from torch import ones

import archlens
from archlens.recorder.sources import TensorType
from archlens.studies.reconciliation.calls import calls
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.processes import installed
from archlens.studies.reconciliation.reconcile import Difference, reconcile
from archlens.studies.reconciliation.terms import terms
from tests.spec.written import network
from tests.studies.reconciliation.conftest import Said
from tests.studies.reconciliation.networks import Attentive, Plain

CONV = 9 * 4 * 6 * 64
"""4 → 6 channels by 3×3 on 8×8."""
MAP = 6 * 64
HEAD = 6 * 3

NETWORKS = "tests.studies.reconciliation.networks"


def named(difference: Difference) -> dict[str, int]:
    """The terms by name."""
    return {term.name: term.amount for term in difference.terms}


def test_a_spec_by_hand() -> None:
    graph = network(
        "[{conv: {out: 6, kernel: 3, bias: true}}, batch_norm, relu, global_average_pool, {linear: {out: 3}}]"
    )
    fvcore, torch = reconcile(graph, ("fvcore", "torch"))
    assert fvcore.ours == torch.ours == CONV + HEAD
    assert (fvcore.count.total, fvcore.difference) == (CONV + 2 * MAP + HEAD, 2 * MAP)
    assert named(fvcore) == {"normalisation": 2 * MAP}
    assert (torch.count.total, torch.difference) == (2 * (CONV + HEAD), CONV + HEAD)
    assert named(torch) == {"2 per multiply-add": CONV + HEAD}
    assert fvcore.unexplained == torch.unexplained == 0


def test_a_module_by_hand() -> None:
    name = f"{NETWORKS}:Plain"
    graph = archlens.record(Plain().eval(), ones(1, 4, 8, 8))
    (fvcore,) = reconcile(graph, ("fvcore",), module=name, inputs={"": TensorType((4, 8, 8))})
    assert fvcore.count.total == CONV + 2 * MAP + 6 * 16 + HEAD
    assert named(fvcore) == {"normalisation": 2 * MAP, "adaptive pooling": 6 * 16}
    assert fvcore.unexplained == 0


def test_attention_that_counters_miss() -> None:
    graph = archlens.record(Attentive().eval(), ones(1, 5, 8))
    found = reconcile(
        graph, ("fvcore", "torch"), module=f"{NETWORKS}:Attentive", inputs={"": TensorType((5, 8))}
    )
    fvcore, torch = found
    linears = 5 * 8 * 24 + 5 * 8 * 8
    scores = 2 * (2 * 5 * 5 * 4)
    assert fvcore.ours == linears + scores
    assert named(fvcore) == {"attention missed": -scores}
    assert named(torch) == {"attention missed": -scores, "2 per multiply-add": linears}
    assert (fvcore.unexplained, torch.unexplained) == (0, 0)


def test_what_the_terms_leave_is_not_hidden() -> None:
    (found,) = reconcile(network("[{conv: {out: 4}}]"), ("torch",))
    without = Difference(found.count, found.ours, ())
    assert (without.difference, without.unexplained) == (1024, 1024)


def test_a_counter_that_fails_differs_in_nothing() -> None:
    (found,) = reconcile(network("[relu]"), ("calflops",)) if "calflops" in installed() else (None,)
    if found is None:
        pytest.skip("calflops is not installed")
    assert found.count.failed.startswith("StopIteration")  # it looks for a weight
    assert (found.difference, found.terms, found.unexplained) == (None, (), 0)


@pytest.mark.parametrize("counter", CONVENTIONS)
@pytest.mark.parametrize(
    ("model", "side"),
    [
        ("resnet50", 64),
        ("mobilenet_v2", 64),
        ("densenet121", 64),
        ("shufflenet_v2", 64),
        ("squeezenet1_0", 96),
        ("googlenet", 64),
        ("efficientnet_b0", 64),
        ("convnext_tiny", 64),
        ("vit_b_16", 32),
        ("nfnet_f0", 64),
    ],
)
@pytest.mark.filterwarnings("ignore:.* is another network than")  # ViT at 32 has fewer positions
def test_the_terms_add_up_for_whole_networks(model: str, side: int, counter: str, said: Said) -> None:
    graph = archlens.load(model, input=(3, side, side))
    ours = archlens.profile(graph).totals.multiply_adds
    found = terms(graph, CONVENTIONS[counter], calls(graph, archlens.build(graph, device="meta")))
    total = said(counter, archlens.build(graph).eval(), ones(1, 3, side, side))
    assert total == ours + sum(term.amount for term in found)
