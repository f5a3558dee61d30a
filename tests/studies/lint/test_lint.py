"""All guidelines together: what must hold for any network, and what a reader of the paper expects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.analyses import totals
from archlens.cost import Cost
from archlens.graph import Graph, Node, verify
from archlens.ops import Conv, Input, Unknown
from archlens.passes import fold
from archlens.studies.lint import LEAST, Lint, lint
from archlens.studies.lint.layer import TOLERANCE
from tests.spec.written import network

CHOSEN = (
    "vgg16", "resnet50", "mobilenet_v2", "shufflenet_v1", "shufflenet_v2", "nasnet_a_mobile", "googlenet",
    "densenet121", "resnext50_32x4d", "efficientnet_b0", "squeezenet", "inception_v3",
)  # fmt: skip


@given(
    channels=st.integers(1, 64),
    kernels=st.lists(st.sampled_from([1, 3, 5]), max_size=6),
    size=st.integers(1, 16),
    normalised=st.booleans(),
)
def test_an_ideal_network_has_no_findings(
    channels: int, kernels: list[int], size: int, normalised: bool
) -> None:
    """Dense, of one width, a chain, and with nothing element-wise but what folds."""
    after = ", batch_norm, relu" if normalised else ""
    layers = ", ".join(f"{{conv: {{out: {channels}, kernel: {kernel}}}}}{after}" for kernel in (*kernels, 1))
    found = lint(network(f"[{layers}]", shape=f"[{channels}, {size}, {size}]"))
    assert found.findings == ()
    assert {*found.scores.values()} == {1.0}


CONVOLUTIONS = st.builds(
    "{{conv: {{out: {}, kernel: {}, groups: {}}}}}".format,
    st.sampled_from([8, 24, 40]),
    st.sampled_from([1, 3]),
    st.sampled_from([1, 2, 4, 8]),
)
LAYERS = st.one_of(
    CONVOLUTIONS,
    st.sampled_from(
        [
            "relu",
            "batch_norm",
            "{channel_shuffle: {groups: 2}}",
            "{max_pool: {kernel: 3, stride: 1, padding: 1}}",
            "{add: [identity, [relu, {conv: {out: in_channels}}]]}",
        ]
    ),
    st.builds("{{concat: [{0}, {1}, {0}, {0}, [relu, {1}]]}}".format, CONVOLUTIONS, CONVOLUTIONS),
)


@given(layers=st.lists(LAYERS, min_size=1, max_size=8))
def test_properties_of_any_network(layers: list[str]) -> None:
    check(lint(network(f"[{', '.join(layers)}]", shape="[8, 6, 6]")))


@pytest.mark.parametrize("name", CHOSEN)
def test_properties_of_known_networks(name: str) -> None:
    graph = archlens.load(name)
    found = lint(graph)
    assert found.graph == fold(graph)
    check(found)


def check(found: Lint) -> None:
    """Savings are real and in order, alternatives cost the same, and pairs are networks."""
    order = [-finding.saved for finding in found.findings]
    assert order == sorted(order)
    assert all(score is None or score >= 1 for score in found.scores.values())
    for finding in found.findings:
        assert found.share(finding.saved) >= LEAST
        assert [place.saved for place in finding.places] == sorted(
            (place.saved for place in finding.places), reverse=True
        )
        for place in finding.places:
            assert 0 < place.saved <= place.memory_access
            if place.multiply_adds is not None:
                assert abs(place.multiply_adds - 1) <= TOLERANCE
            if place.pair is None:
                continue
            verify(place.pair.now)
            verify(place.pair.instead)
            if place.pair.whole:
                now, instead = totals(place.pair.now), totals(place.pair.instead)
                assert place.memory_access == now.memory_access
                assert place.saved == now.memory_access - instead.memory_access
                assert place.multiply_adds == instead.multiply_adds / now.multiply_adds


def guidelines(name: str) -> list[str]:
    return [finding.guideline for finding in lint(archlens.load(name)).findings]


def test_what_the_paper_says() -> None:
    """§3, on the networks of others: group convolutions and bottlenecks in ShuffleNet V1 "against G1 and G2",
    MobileNet V2's inverted bottleneck against G1, NASNet's fragments against G3. A dense chain is fine.
    """
    assert guidelines("vgg16") == []
    assert {"g1", "g2"} < {*guidelines("shufflenet_v1")}
    assert guidelines("mobilenet_v2")[0] == "g1"
    assert guidelines("nasnet_a_mobile")[0] == "g3"
    assert {*guidelines("shufflenet_v2")} == {"g4"}


def test_what_no_rule_knows_is_left_out() -> None:
    shape = (1, 8, 4, 4)
    nodes = [Node("input", Input(shape), (), shape, Cost())]
    for at, op in enumerate([Conv(8), Unknown("mystery", shape), Conv(32), Conv(8), Conv(8)]):
        inputs = (nodes[-1].shape,)
        output = op.output(inputs)
        nodes.append(Node(f"part{at}", op, (at,), output, op.cost(inputs, output)))
    graph = Graph("partly", "", tuple(nodes), (len(nodes) - 1,))
    found = lint(graph)
    assert not found.graph.complete
    assert [(finding.guideline, len(finding.places)) for finding in found.findings] == [("g1", 2)]


def test_a_network_without_layers() -> None:
    found = lint(network("[{add: [identity, relu]}]"))
    assert (found.scores["g3"], found.scores["g4"]) == (None, None)
    assert found.scores["g1"] == found.scores["g2"] == 1.0
