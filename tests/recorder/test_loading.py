"""Modules that run: what a user named, with its weights, and inputs of the right shapes and types."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from archlens.errors import ArchlensError, RecordError, UsageError
from archlens.recorder.loading import Loaded, load_module
from archlens.recorder.sources import Inputs, TensorType, record_source
from tests.recorder.networks import Tied

CODE = """
import torch
from torch import nn

class Sum(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.layer = nn.Linear(width, 2)
        self.dropout = nn.Dropout(1.0)
    def forward(self, x, *, shift):
        return self.dropout(self.layer(x)) + shift

class Asking(nn.Module):
    def forward(self, x):
        return x if x.sum().item() > 0 else x * 2

def exact():
    return Sum().double()

def absent():
    return nn.Linear(4, 4, device="meta")

def lazy():
    return nn.Sequential(nn.LazyLinear(3), nn.LazyLinear(2))

made = nn.Linear(4, 2)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a module of the user's, in which we are."""
    (tmp_path / "loaded_nets.py").write_text(CODE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    yield tmp_path
    sys.path[:] = path
    for name in ("loaded_nets", "loaded_nets_of_the_user"):
        sys.modules.pop(name, None)


def output(loaded: Loaded) -> torch.Tensor:
    found: torch.Tensor = loaded.module(*loaded.arguments, **loaded.named)
    return found


@pytest.mark.parametrize("model", ["loaded_nets:Sum", "loaded_nets.py:Sum"])
def test_a_class_is_made_with_its_settings_and_runs(model: str) -> None:
    loaded = load_module(model, {"width": 6}, {"": TensorType((6,)), "shift": TensorType((2,))}, batch=3)
    assert not loaded.module.training
    assert [tuple(x.shape) for x in loaded.arguments] == [(3, 6)]
    assert {name: tuple(x.shape) for name, x in loaded.named.items()} == {"shift": (3, 2)}
    assert output(loaded).shape == (3, 2)


def test_a_module_that_is_there_keeps_its_weights() -> None:
    loaded = load_module("loaded_nets:made", {}, {"": TensorType((4,))})
    assert loaded.module is sys.modules["loaded_nets"].made
    assert torch.equal(output(loaded), loaded.module(*loaded.arguments))


def test_weights_are_there_though_a_recording_has_none() -> None:
    record_source(
        "loaded_nets:Sum", {"width": 1 << 14}, {"": TensorType((1 << 14,)), "shift": TensorType((2,))}
    )
    loaded = load_module(
        "loaded_nets:Sum", {"width": 1 << 14}, {"": TensorType((1 << 14,)), "shift": TensorType((2,))}
    )
    assert torch.isfinite(output(loaded)).all()


def test_inputs_are_of_the_type_of_the_weights() -> None:
    loaded = load_module("loaded_nets:exact", {}, {"": TensorType((4,)), "shift": TensorType((2,))})
    assert loaded.arguments[0].dtype is torch.float64
    assert output(loaded).dtype is torch.float64


def test_inputs_are_standard_normal_and_the_seed_decides() -> None:
    def made(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        found: torch.Tensor = load_module("loaded_nets:Asking", {}, {"": TensorType((10_000,))}).arguments[0]
        return found

    with torch.random.fork_rng():
        made(1)  # which imports it: that may draw numbers, too
        x = made(1)
        assert torch.equal(x, made(1))
        assert not torch.equal(x, made(2))
    assert abs(float(x.mean())) < 0.05
    assert abs(float(x.std()) - 1) < 0.05


def test_lazy_weights_get_their_shapes() -> None:
    loaded = load_module("loaded_nets:lazy", {}, {"": TensorType((5,))}, batch=2)
    assert [tuple(x.shape) for x in loaded.module.parameters()] == [(3, 5), (3,), (2, 3), (2,)]
    assert output(loaded).shape == (2, 2)


@pytest.fixture
def program(here: Path) -> str:
    """A program for 2 to 64 sentences of 5 words."""
    sentences = torch.tensor([[1, 2, 3, 4, 49], [0, 0, 0, 0, 0]])
    dynamic = ({0: torch.export.Dim("batch", min=1, max=64)},)
    torch.export.save(
        torch.export.export(Tied().eval(), (sentences,), dynamic_shapes=dynamic), here / "tied.pt2"
    )
    return str(here / "tied.pt2")


def test_a_saved_program_runs_on_what_it_was_exported_with(program: str) -> None:
    loaded = load_module(program, {}, {})
    assert loaded.arguments[0].tolist() == [[1, 2, 3, 4, 49], [0, 0, 0, 0, 0]]
    assert output(loaded).shape == (2, 5, 50)


@pytest.mark.parametrize("inputs", [{}, {"": TensorType((5,))}])
def test_a_saved_program_at_another_batch_has_inputs_of_its_type(program: str, inputs: Inputs) -> None:
    """Numbers of words: zeros are valid ones."""
    loaded = load_module(program, {}, inputs, batch=7)
    assert loaded.arguments[0].dtype is torch.int64
    assert output(loaded).shape == (7, 5, 50)


def test_a_program_of_another_size_refuses_to_run(program: str) -> None:
    loaded = load_module(program, {}, {}, batch=65)
    with pytest.raises(AssertionError, match="Guard failed"):
        output(loaded)


WRONG: dict[str, tuple[str, dict[str, object], Inputs, type[ArchlensError], str]] = {
    "no such name": (
        "loaded_nets:Summ", {}, {"": TensorType((4,))}, RecordError,
        "loaded_nets:Summ: loaded_nets has no Summ; did you mean Sum?",
    ),
    "no input": (
        "loaded_nets:Sum", {}, {}, UsageError,
        "loaded_nets:Sum does not tell what it takes: give --input, such as --input 3x224x224",
    ),
    "no weights": (
        "loaded_nets:absent", {}, {"": TensorType((4,))}, RecordError,
        "loaded_nets:absent: its weights are not there: make the module on the CPU",
    ),
    "no such program": ("no_such.pt2", {}, {}, RecordError, "no_such.pt2: no such file"),
    "settings of a program": (
        "no_such.pt2", {"width": 3}, {}, UsageError, "-s width: an exported program has no settings",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line(case: str) -> None:
    model, settings, inputs, error, said = WRONG[case]
    with pytest.raises(error) as caught:
        load_module(model, settings, inputs)
    assert str(caught.value) == said


def test_made_modules_are_the_user_s_classes() -> None:
    assert isinstance(load_module("loaded_nets:made", {}, {"": TensorType((4,))}).module, nn.Linear)
