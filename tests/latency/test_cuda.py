"""The same measurements on a GPU."""

import pytest
import torch

import archlens
from archlens.errors import ArchlensError
from archlens.latency.machine.description import describe
from archlens.latency.network.conditions import Conditions
from archlens.latency.sampling.breakdown import break_down
from archlens.latency.sampling.measure import measure
from archlens.latency.sampling.turns import contest

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device"),
]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_a_measurement(dtype: str, layout: str) -> None:
    found = measure(
        archlens.load("resnet18"), Conditions(device="cuda", dtype=dtype, layout=layout), min_time=0.1
    )
    assert len(found.samples) >= 10
    assert found.summary.median > 0
    assert found.peak_memory is not None
    assert found.peak_memory > 11_689_512 * found.subject.conditions.itemsize
    assert not any(warning.startswith("overflow") for warning in found.warnings)


def test_the_machine_has_its_gpu() -> None:
    here = describe()
    assert here.gpu == torch.cuda.get_device_name(0)
    assert here.cuda == torch.version.cuda
    assert describe().fingerprint == here.fingerprint


def test_a_contest() -> None:
    found = contest(
        [archlens.load("lenet5"), archlens.load("squeezenet1_1")], Conditions(device="cuda"), min_time=0.2
    )
    assert found.ratios[0].model == "squeezenet1_1"


def test_a_breakdown_has_every_node() -> None:
    graph = archlens.load("resnet18")
    found = break_down(graph, Conditions(device="cuda"), min_time=0.2)
    assert len(found.nodes) == sum(bool(node.inputs) for node in graph.nodes)
    assert all(node.seconds > 0 for node in found.nodes)


def test_memory_that_runs_out_names_a_batch_that_fits() -> None:
    with pytest.raises(
        ArchlensError, match=r"does not fit on the cuda: .* largest batch that fits: \d+"
    ) as error:
        measure(archlens.load("resnet18", batch=500_000), Conditions(device="cuda"), min_time=0.0)
    fits = int(str(error.value).rsplit(" ", 1)[1])
    torch.cuda.empty_cache()
    assert measure(archlens.load("resnet18", batch=fits), Conditions(device="cuda"), min_time=0.0).samples
