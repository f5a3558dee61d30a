"""Programs that `torch.export` saved, recorded under the paths of the modules that they came from."""

from pathlib import Path

import pytest
import torch
from torch import nn

import archlens
from archlens.errors import RecordError, UsageError
from archlens.graph import verify
from archlens.recorder.exported import example_inputs, opened, record_exported
from archlens.recorder.sources import TensorType
from tests.recorder.networks import Tied


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network, exported with its inputs."""
    block = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())
    module = nn.Sequential(block, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10)).eval()
    path = tmp_path_factory.mktemp("exported") / "small.pt2"
    torch.export.save(torch.export.export(module, (torch.zeros(1, 3, 8, 8),)), path)
    return path


def test_a_saved_program_costs_what_the_module_does(saved: Path) -> None:
    """108 weights at 6×6 places, and 40."""
    graph = record_exported(str(saved), {}, 1)
    verify(graph)
    assert graph.complete
    assert graph.model == "small"
    totals = archlens.profile(graph).totals
    assert (totals.params, totals.multiply_adds) == (108 + 8 + 50, 108 * 36 + 40)
    assert [node.name for node in graph.nodes if node.cost.multiply_adds] == ["0.0", "3"]


def test_what_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "not.pt2"
    with pytest.raises(RecordError, match="no such file"):
        record_exported(str(path), {}, 1)
    path.write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(RecordError, match="is no exported program") as caught:
        record_exported(str(path), {}, 1)
    assert "\n" not in str(caught.value)


def test_a_program_s_inputs_have_no_names(saved: Path) -> None:
    with pytest.raises(UsageError, match="an exported program takes one shape"):
        record_exported(str(saved), {"x": TensorType((3, 8, 8))}, 1)


def test_a_batch_goes_into_every_input(saved: Path) -> None:
    module = nn.Flatten(0, 1).eval()
    free = saved.parent / "free.pt2"
    dynamic = ({0: torch.export.Dim("batch", min=1, max=64)},)
    torch.export.save(torch.export.export(module, (torch.ones(2, 5),), dynamic_shapes=dynamic), free)
    assert record_exported(str(free), {}, 1).input_shape == (2, 5)
    assert record_exported(str(free), {}, 7).input_shape == (7, 5)


def test_other_shapes_that_do_not_fit_are_one_line(saved: Path) -> None:
    with pytest.raises(RecordError) as caught:
        record_exported(str(saved), {"": TensorType((4, 8, 8))}, 1)
    assert str(caught.value) == (
        "small: 0.0: 1×4×8×8 has 4 channels, its weights are for 3; "
        "export it with dynamic_shapes for other shapes than its own"
    )


def test_given_shapes_have_the_type_of_the_export(saved: Path) -> None:
    """Words, which only integers stand for."""
    words = saved.parent / "words.pt2"
    torch.export.save(torch.export.export(Tied().eval(), (torch.zeros(1, 5, dtype=torch.int64),)), words)
    assert record_exported(str(words), {"": TensorType((5,))}, 1).complete
    program, _ = opened(str(words))
    (x,), named = example_inputs(str(words), program, {"": TensorType((9,))}, 3)
    assert (x.dtype, x.device.type, tuple(x.shape), named) == (torch.int64, "meta", (3, 9), {})
