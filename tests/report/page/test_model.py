"""Networks as the page is given them."""

import archlens
from archlens.report.page.model import catalogue, of_reference
from archlens.spec.catalog import find
from archlens.spec.lines import lines


def test_what_is_known_beside_the_graph() -> None:
    (found,) = catalogue(["resnet50"])
    assert (found.graph.model, found.title, found.year, found.file) == (
        "resnet50",
        "ResNet",
        2015,
        "specs/resnet.yaml",
    )
    assert found.graph == archlens.load("resnet50")
    assert "resnet" in found.aliases
    assert {claim.model for claim in found.claims if "[" not in claim.model and " " not in claim.model} == {
        "resnet50"
    }
    assert any(claim.expected == "3.8M" or claim.subject == "params" for claim in found.claims)


def test_lines_are_those_of_the_spec() -> None:
    reference = find("resnet18", until=None)
    assert of_reference(reference).written == lines(reference, {})


def test_it_tells_how_far_it_is() -> None:
    heard: list[tuple[str, float]] = []
    catalogue(["resnet18", "lenet5"], lambda name, share: heard.append((name, share)))
    assert heard == [("lenet5", 0.0), ("resnet18", 0.5)]
