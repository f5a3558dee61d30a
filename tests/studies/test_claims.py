"""Printed figures beside ours: equal, explained, different."""

from dataclasses import replace

import pytest

from archlens.cost import Cost
from archlens.graph import Graph, Node
from archlens.ops import Input, Unknown
from archlens.quantity import Quantity
from archlens.spec.catalog import Reference
from archlens.spec.items import Claim
from archlens.studies.claims import Check, check_claims, check_claims_of
from tests.spec.written import parsed

COST = Cost(params=25_557_032, multiply_adds=4_089_184_256)
GRAPH = Graph(
    "resnet50",
    "",
    (
        Node("input", Input((1, 3)), (), (1, 3), Cost()),
        Node("body.unknown1", Unknown("body", (1, 3)), (0,), (1, 3), COST),
    ),
    (1,),
)


def claim(
    *, counted: str = "", why: str = "", open: str = "", variant: str = "resnet50", **printed: str
) -> Claim:
    """What a spec says that a paper prints; `counted` is for the first figure."""
    figures = {metric: Quantity.parse(text) for metric, text in printed.items()}
    explained = {next(iter(figures)): Quantity.parse(counted)} if counted else {}
    return Claim(
        variant=variant, line=1, printed=figures, counted=explained, where="Table 1", why=why, open=open
    )


def only(one: Claim) -> Check:
    (check,) = check_claims(GRAPH, (one,))
    return check


@pytest.mark.parametrize("printed", ["25557032", "25.6M", "25.56M", "26M"])
def test_equal_to_the_digits_printed(printed: str) -> None:
    check = only(claim(params=printed))
    assert (check.verdict, check.difference, check.why) == ("equal", "", "")
    assert check.expected == printed


@pytest.mark.parametrize(
    ("printed", "difference"),
    [
        ("25557031", "+1 (+0.0%)"),
        ("25.5M", "+57.03k (+0.2%)"),
        ("25.7M", "−143.0k (−0.6%)"),
        ("50M", "−24.44M (−48.9%)"),
    ],
)
def test_different(printed: str, difference: str) -> None:
    check = only(claim(params=printed))
    assert (check.verdict, check.difference) == ("different", difference)


def test_explained() -> None:
    check = only(claim(params="25.5M", counted="25.56M", why="batch norm: 25.50M + 0.05M = 25.56M"))
    assert check == Check(
        model="resnet50",
        subject="params",
        source="Table 1",
        expected="25.5M",
        found="25.56M",
        difference="+57.03k (+0.2%)",
        verdict="explained",
        why="batch norm: 25.50M + 0.05M = 25.56M",
    )


def test_open() -> None:
    check = only(claim(params="25.5M", counted="25.56M", open="no arithmetic found: without biases 25.55M"))
    assert (check.verdict, check.why) == ("open", "no arithmetic found: without biases 25.55M")


def test_an_open_difference_without_our_count_is_different() -> None:
    assert only(claim(params="25.5M", open="who knows")).verdict == "different"


def test_an_explanation_covers_one_count_and_no_later_one() -> None:
    check = only(claim(params="25.5M", counted="25.55M", why="once it was so"))
    assert check.verdict == "different"
    assert check.why == "the spec explains a count of 25.55M, which is not what we count"


def test_an_explanation_covers_one_figure_and_no_other() -> None:
    checks = list(
        check_claims(
            GRAPH,
            (claim(params="25.5M", multiply_adds="3.8G", counted="25.56M", why="batch norm"),),
        )
    )
    assert [(check.subject, check.verdict) for check in checks] == [
        ("params", "explained"),
        ("multiply_adds", "different"),
    ]


def test_a_reason_without_our_count_explains_nothing() -> None:
    assert only(claim(params="25.5M", why="because")).verdict == "different"


def test_our_count_without_a_reason_explains_nothing() -> None:
    assert only(claim(params="25.5M", counted="25.56M")).verdict == "different"


def test_an_explanation_that_is_not_needed_is_not_shown() -> None:
    check = only(claim(params="25.6M", counted="25.56M", why="because"))
    assert (check.verdict, check.why) == ("equal", "")


def test_a_row() -> None:
    (check,) = check_claims(GRAPH, (replace(claim(params="25.6M"), row="body"),))
    assert (check.subject, check.verdict) == ("body params", "equal")


def test_a_row_that_the_network_does_not_have() -> None:
    (check,) = check_claims(GRAPH, (replace(claim(params="25.6M"), row="bod"),))
    assert (check.subject, check.verdict, check.found) == ("bod params", "different", "0")


def test_layers() -> None:
    (check,) = check_claims(GRAPH, (claim(layers="1"),))
    assert (check.subject, check.verdict) == ("layers", "equal")


def test_claims_of_other_variants_are_left_out() -> None:
    assert list(check_claims(GRAPH, (claim(params="1", variant="resnet18"),))) == []


def test_an_exact_claim_is_shown_exactly() -> None:
    assert only(claim(params="25557031")).found == "25557032"


def test_a_claim_of_nothing() -> None:
    check = only(claim(params="0"))
    assert (check.verdict, check.difference) == ("different", "")


def test_a_claim_about_a_network_under_other_settings() -> None:
    text = """
    input: [3, 8, 8]
    settings: {width: 4}
    variants: {small: {}}
    network: [{conv: {out: width}}]
    claims:
      - {variant: small, params: 12, where: here}
      - {variant: "small[width=5]", params: 15, where: there}
      - {variant: "small[width=6,input=3x4x4]", params: 17, where: there}
    """
    reference = Reference(parsed(text), "small")
    found = list(check_claims_of(reference, reference.lower({})))
    assert [(each.model, each.found, each.verdict) for each in found] == [
        ("small", "12", "equal"),
        ("small width=5", "15", "equal"),
        ("small width=6", "18", "different"),
    ]


def test_a_claim_about_a_receptive_field_and_about_the_peak() -> None:
    """Two windows of 3 see 5 places; twice 4·8·8 elements stand side by side."""
    text = """
    input: [4, 8, 8]
    variants: {small: {}}
    network:
      - {name: first, do: [{conv: {out: 4, kernel: 3}}]}
      - {name: second, do: [{conv: {out: 4, kernel: [3, 1], stride: 2}}]}
    claims:
      - {variant: small, receptive_field: 5, peak_activations: 512, where: here}
      - {variant: small, row: first, receptive_field: 3, where: here}
      - {variant: small, row: second, receptive_field: 6, where: here}
    """
    reference = Reference(parsed(text), "small")
    found = list(check_claims_of(reference, reference.lower({})))
    assert [(each.subject, each.found, each.verdict) for each in found] == [
        ("receptive_field", "5", "equal"),
        ("peak_activations", "512", "equal"),
        ("first receptive_field", "3", "equal"),
        ("second receptive_field", "5", "different"),
    ]
