"""A device by its profile or its data sheet: the same questions, and what each says of itself."""

from dataclasses import replace

import pytest

from archlens.devices.device import estimate, told
from archlens.devices.predict import predict_seconds
from archlens.devices.profile import DeviceProfile, Evidence, Seen
from archlens.devices.sheet import DataSheet, parse_sheet
from archlens.devices.terms import VIEWS
from archlens.graph import Graph, Node
from archlens.ops import Input, MatrixProduct, Softmax
from archlens.recorder.operators import Parameter
from tests.wiring import three_nodes

EVIDENCE = Evidence(
    source="nobody", licence="MIT", date="2026-11-27", networks=30, families=10,
    mape=0.1, median=0.08, within10=0.6, low=0.8, high=1.25,
)  # fmt: skip
PROFILE = DeviceProfile(
    name="toy", title="A toy", device="Toy", engine="eager", dtype="float16",
    coefficients={
        "arithmetic.dense": 1e-9, "arithmetic.linear": 2e-9, "memory.activation": 4e-9, "memory.dense": 8e-9,
        "weights": 1e-8, "launches.dense": 1e-6, "constant": 1e-3,
    },
    evidence=EVIDENCE,
)  # fmt: skip


def test_a_profile_by_hand() -> None:
    """864 multiply-adds, 80 elements, 54 weights and a launch of the convolution, 96 elements of the ReLU."""
    found = estimate(three_nodes(), PROFILE)
    assert found.parts() == pytest.approx((864e-9, (80 * 8 + 96 * 4) * 1e-9, 54e-8, 1e-6))
    assert found.seconds == pytest.approx(1e-3 + sum(found.parts()))
    assert found.interval == pytest.approx((0.8 * found.seconds, 1.25 * found.seconds))
    assert (found.device, found.level, found.itemsize, found.outside, found.refused) == (
        "toy",
        0.9,
        2,
        (),
        "",
    )
    assert found.ridge == pytest.approx(6e-9 / 2 / 1.5e-9)


@pytest.mark.parametrize("view", VIEWS)
def test_every_network_in_every_view(catalogue: dict[str, Graph], view: str) -> None:
    """All that the profile predicts is found again node by node."""
    profile = replace(PROFILE, view=view)
    for name in ("resnet50", "swin_t", "nasnet_a_mobile", "shufflenet_v1_g3", "densenet121", "lenet5"):
        found = estimate(catalogue[name], profile)
        assert found.seconds == pytest.approx(predict_seconds(catalogue[name], profile).seconds)


def test_what_is_far_outside_is_refused() -> None:
    seen = Seen(batch=(1, 1), seconds=(1e-9, 1e-9), shares=dict.fromkeys(PROFILE.coefficients, 1.0))
    found = estimate(three_nodes(), replace(PROFILE, seen=seen))
    assert found.outside
    assert found.refused.startswith("is too far from all that the profile was fitted to: ")


def test_without_evidence_there_is_no_interval() -> None:
    profile = replace(PROFILE, evidence=None)
    assert estimate(three_nodes(), profile).interval is None
    assert "nobody knows how far it is off" in told(profile)[0]


def test_what_they_say_of_themselves() -> None:
    (said,) = told(PROFILE)
    assert said.startswith("toy: A toy, eager, float16; fitted to 30 networks")
    assert "half are within 8.0 %, 60 % within 10 %" in said
    assert "a training step" in told(replace(PROFILE, phase="training"))[0]
    said, errors = told(parse_sheet('{"tflops": 1, "bandwidth": "1 GB/s", "source": "a page"}'))
    assert said.startswith("data sheet: a plain roofline with launch costs, from a data sheet (a page)")
    assert errors.startswith("such sheets on devices that are known")


def with_prepared_weights(batch: int) -> Graph:
    """A product of images with a weight that goes through a softmax first, once a batch."""
    nodes: list[Node] = []
    for name, op, inputs in (
        ("images", Input((batch, 4, 8)), ()),
        ("weight", Parameter("weight", (8, 64)), ()),
        ("prepared", Softmax(), (1,)),
        ("product", MatrixProduct(), (0, 2)),
    ):
        shapes = tuple(nodes[i].shape for i in inputs)
        shape = op.output(shapes)
        nodes.append(Node(name, op, inputs, shape, op.cost(shapes, shape)))
    return Graph("prepared", "", tuple(nodes), (3,))


@pytest.mark.parametrize(
    "device", [PROFILE, parse_sheet('{"tflops": 1, "bandwidth": "1 GB/s", "launch": "1 us"}')]
)
def test_a_larger_batch_takes_what_its_own_graph_takes(device: DeviceProfile | DataSheet) -> None:
    """Preparing the weights takes as long for eight images as for one."""
    profile = {**PROFILE.coefficients, "memory.transcendental": 2e-9, "memory.product": 3e-9}
    if isinstance(device, DeviceProfile):
        device = replace(device, coefficients={**profile, "arithmetic.product": 1e-9})
    one, eight = (estimate(with_prepared_weights(batch), device) for batch in (1, 8))
    assert one.fixed == {1, 2}
    assert one.parts(batch=8) == pytest.approx(eight.parts())
    assert one.parts([2], batch=8) == one.parts([2]) != (0, 0, 0, 0)
