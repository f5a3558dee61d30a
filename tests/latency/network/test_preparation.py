"""Networks that are ready to be timed: the same every time, with common numbers everywhere."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import archlens
from archlens.errors import ArchlensError, UsageError
from archlens.latency.network import preparation
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare, refusal

NETWORKS = (
    "lenet5",
    "squeezenet1_1",
    "resnet18",
    "mobilenet_v3_small",
    "shufflenet_v2_x0_5",
    "densenet_40_12",
)
ONE = Conditions(threads=1)


def outputs(name: str, conditions: Conditions) -> dict[str, Tensor]:
    """What every node puts out."""
    graph = archlens.load(name)
    prepared = prepare(graph, conditions)
    found: dict[str, Tensor] = {}

    def noting(node: str) -> Callable[[Any, Any, Tensor], None]:
        return lambda module, inputs, output: found.update({node: output.float()})

    for node in graph.nodes:
        if node.inputs:
            prepared.module.get_submodule(node.name).register_forward_hook(noting(node.name))
    with inference(conditions):
        prepared.run()
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_every_number_is_common(name: str) -> None:
    """Finite, within a hundred deviations, and not one of them denormal in float32 or bfloat16."""
    for node, output in outputs(name, ONE).items():
        assert torch.isfinite(output).all(), node
        sizes = output.abs()[output != 0]
        assert sizes.numel() == 0 or sizes.max() < 1000, node
        assert (sizes >= torch.finfo(torch.float32).tiny).all(), node


def test_a_hundred_layers_do_not_fade() -> None:
    """PyTorch's own initialisation would leave 1e-30 of the signal."""
    last = list(outputs("densenet121", ONE).values())[-1]
    assert 0.1 < last.std() < 10


def test_the_seed_decides() -> None:
    graph = archlens.load("squeezenet1_1")

    def output(seed: int) -> Tensor:
        conditions = Conditions(seed=seed, threads=1)
        prepared = prepare(graph, conditions)
        with inference(conditions):
            found: Tensor = prepared.run()
        return found.clone()

    before = torch.random.get_rng_state()
    assert torch.equal(output(1), output(1))
    assert not torch.equal(output(1), output(2))
    assert torch.equal(before, torch.random.get_rng_state())


def test_batch_dtype_and_layout() -> None:
    conditions = Conditions(dtype="bfloat16", layout="channels_last", threads=1)
    prepared = prepare(archlens.load("squeezenet1_1", batch=2), conditions)
    (x,) = prepared.inputs
    assert x.shape == (2, 3, 224, 224)
    assert x.dtype is torch.bfloat16
    assert x.is_contiguous(memory_format=torch.channels_last)
    weight = next(each for each in prepared.module.parameters() if each.dim() == 4 and each.shape[2] > 1)
    assert weight.dtype is torch.bfloat16
    assert weight.is_contiguous(memory_format=torch.channels_last)
    assert prepared.finite


def test_export_computes_the_same() -> None:
    graph = archlens.load("lenet5")
    found = []
    for mode in ("eager", "export"):
        conditions = Conditions(mode=mode, threads=1)
        with inference(conditions):
            found.append(prepare(graph, conditions).run())
    assert torch.allclose(found[0], found[1], atol=1e-5)


def test_inference_gives_back_what_it_took() -> None:
    threads = torch.get_num_threads()
    with inference(Conditions(threads=threads + 1)):
        assert torch.get_num_threads() == threads + 1
        assert torch.is_inference_mode_enabled()
    assert torch.get_num_threads() == threads
    assert not torch.is_inference_mode_enabled()


def test_channels_last_is_for_images() -> None:
    graph = archlens.load("lenet5")
    flat = type(graph)(
        graph.model,
        "",
        (type(graph.nodes[0])("x", graph.nodes[0].op, (), (1, 8), graph.nodes[0].cost),),
        (0,),
    )
    with pytest.raises(UsageError, match="channels_last is for inputs of 4 axes, and one here is 1×8"):
        preparation.check_layout(flat, Conditions(layout="channels_last"))


def test_what_cannot_fit_is_refused_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """VGG-16: 553 MB of weights, and 25.7 MB an image for the first activation."""
    monkeypatch.setattr(preparation, "available", lambda device: 10**9)
    with pytest.raises(ArchlensError) as error:
        prepare(archlens.load("vgg16", batch=1000), ONE)
    assert str(error.value) == (
        "vgg16: a batch of 1000 in float32 does not fit on the cpu: it takes 26.24GB or more, "
        "1.000GB are free; largest batch that fits: at most 17"
    )
    monkeypatch.setattr(preparation, "available", lambda device: 10**6)
    with pytest.raises(ArchlensError, match="largest batch that fits: none"):
        prepare(archlens.load("vgg16"), ONE)


def test_memory_that_runs_out_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.\nlong")

    monkeypatch.setattr(preparation, "translated", full)
    with pytest.raises(ArchlensError) as error:
        prepare(archlens.load("lenet5"), ONE)
    assert "does not fit on the cpu" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("error", "conditions", "message"),
    [
        (
            RuntimeError("\"max_pool2d\" not implemented for 'Half'\nmore"),
            Conditions(dtype="float16"),
            "float16 is not supported on the cpu here (\"max_pool2d\" not implemented for 'Half'); "
            "--dtype float32 always is",
        ),
        (
            RuntimeError("\nInvalidCxxCompiler: No working C++ compiler found"),
            Conditions(mode="compile"),
            "torch.compile finds no working compiler (InvalidCxxCompiler: No working C++ compiler found); "
            "install one, or use --mode eager",
        ),
        (
            RuntimeError("odd"),
            Conditions(mode="compile"),
            "torch.compile cannot translate it: odd; --mode eager runs it as it is",
        ),
        (
            AssertionError("Guard failed: x.size()[0] == 1"),
            Conditions(),
            "it was exported for x.size()[0] == 1 only; dynamic_shapes allow others",
        ),
        (ValueError(), Conditions(mode="export"), "torch.export cannot translate it: ValueError"),
        (RuntimeError("odd"), Conditions(), "it cannot be run: odd"),
    ],
)
def test_refusals(error: Exception, conditions: Conditions, message: str) -> None:
    assert refusal(error, conditions) == message


@pytest.mark.parametrize(("last", "finite"), [(1.0, True), (float("inf"), False), (float("nan"), False)])
def test_outputs_of_every_kind_are_looked_into(last: float, *, finite: bool) -> None:
    words, numbers = torch.tensor([3]), torch.tensor([1.0, last])
    for output in (numbers, (words, numbers), {"out": [numbers]}):
        assert preparation.is_finite(output) is finite
