"""What a user names: modules, files, libraries. Everything that can be wrong is one line."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from torch import nn

import archlens
from archlens.errors import ArchlensError, MissingDependencyError, RecordError, UsageError
from archlens.graph import verify
from archlens.recorder.sources import TensorType, record_source

CODE = """
import torch
from torch import nn
from neighbour import WIDTH

def build_net(width=WIDTH, classes=10):
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU(), nn.Flatten(), nn.Linear(width * 36, classes))

class Deep(nn.Module):
    sizes = [1 << 9] * 2
    def __init__(self, depth=2):
        super().__init__()
        self.dropped = [x.item() for x in torch.linspace(0, 0.1, depth)]
        self.layers = nn.ModuleList(nn.Linear(512, 512) for _ in range(depth))
        nn.init.trunc_normal_(self.layers[0].weight)
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return {"out": x}

class Asking(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(512, 512)
    def forward(self, x):
        x = self.layer(x)
        return x if x.sum().item() > 0 else x * 2

class Named(nn.Module):
    def forward(self, a, b):
        return a @ b

class Holder:
    net = build_net()

made = build_net()
number = 3
def bad():
    raise ValueError("no\\nnet")
def nothing():
    return 4
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a package of the user's, in which we are."""
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "users" / "nets.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "alone.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "neighbour.py").write_text("WIDTH = 8\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("import no_such_thing\n", encoding="utf-8")
    before, path = set(sys.modules), list(sys.path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("users", "alone", "neighbour", "broken"):
            del sys.modules[name]


@pytest.mark.parametrize(
    "model", ["users.nets:build_net", "alone.py:build_net", "users.nets:made", "alone:Holder.net"]
)
def test_a_callable_or_a_module_of_the_user_s(model: str) -> None:
    """8·27 weights at 6·6 places, and 8·36·10."""
    graph = record_source(model, {}, {"": TensorType((3, 8, 8))})
    verify(graph)
    assert graph.model == model
    totals = archlens.profile(graph).totals
    assert totals.multiply_adds == 8 * 27 * 36 + 8 * 36 * 10
    assert totals.params == 8 * 27 + 8 + 8 * 36 * 10 + 10


def test_settings_are_arguments_and_the_batch_is_in_front() -> None:
    graph = record_source(
        "users.nets:build_net", {"width": 4, "classes": 5}, {"": TensorType((3, 8, 8))}, batch=3
    )
    assert graph.nodes[graph.outputs[0]].shape == (3, 5)


def test_a_class_whose_constructor_looks_into_small_tensors() -> None:
    graph = record_source("users.nets:Deep", {"depth": 3}, {"": TensorType((512,))})
    assert archlens.profile(graph).totals.params == 3 * (512 * 512 + 512)


def test_inputs_by_name() -> None:
    graph = record_source("users.nets:Named", {}, {"b": TensorType((4, 5)), "a": TensorType((3, 4))}, batch=2)
    assert archlens.profile(graph).totals.multiply_adds == 2 * 3 * 4 * 5


def test_a_module_that_asks_for_elements_is_made_and_run_in_earnest() -> None:
    with pytest.warns(UserWarning, match=r"users.nets:Asking: item\(\) needs the elements"):
        graph = record_source("users.nets:Asking", {}, {"": TensorType((512,))})
    assert archlens.profile(graph).totals.multiply_adds == 512 * 512


WRONG: dict[str, tuple[str, dict[str, object], type[ArchlensError], str]] = {
    "no such module": (
        "nowhere:net", {}, RecordError, "there is no module nowhere, here or among the installed ones",
    ),
    "no such file": ("nowhere.py:net", {}, RecordError, "nowhere.py: no such file"),
    "no such name": (
        "users.nets:build_nett", {}, RecordError,
        "users.nets:build_nett: users.nets has no build_nett; did you mean build_net?",
    ),
    "no module's name": (
        "a-b:net", {}, RecordError, "a-b is no module's name: expected package.module:name or file.py:name",
    ),
    "an import that fails": (
        "broken:net", {}, RecordError,
        "broken cannot be imported: ModuleNotFoundError: No module named 'no_such_thing'",
    ),
    "a number": (
        "users.nets:number", {}, RecordError,
        "users.nets:number is int, neither a module nor what makes one",
    ),
    "a callable that raises": (
        "users.nets:bad", {}, RecordError, "users.nets:bad cannot be made: ValueError: no",
    ),
    "a callable that makes something else": (
        "users.nets:nothing", {}, RecordError, "users.nets:nothing makes a int, not a torch.nn.Module",
    ),
    "an argument that it does not take": (
        "users.nets:build_net", {"depth": 3}, RecordError,
        "users.nets:build_net cannot be made: TypeError: "
        "build_net() got an unexpected keyword argument 'depth'",
    ),
    "settings of what is made": (
        "users.nets:made", {"depth": 3}, UsageError,
        "-s depth: users.nets:made is a module already and takes no settings",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line(case: str) -> None:
    model, settings, error, said = WRONG[case]
    with pytest.raises(error) as caught:
        record_source(model, settings, {"": TensorType((3, 8, 8))})
    assert str(caught.value) == said


def test_an_input_is_needed() -> None:
    with pytest.raises(UsageError) as caught:
        record_source("users.nets:build_net", {}, {})
    assert str(caught.value) == (
        "users.nets:build_net does not tell what it takes: give --input, such as --input 3x224x224"
    )


def test_an_input_that_does_not_fit_is_named_with_its_place() -> None:
    with pytest.raises(RecordError) as caught:
        record_source("users.nets:build_net", {}, {"": TensorType((4, 8, 8))})
    assert str(caught.value) == "users.nets:build_net: 0: 1×4×8×8 has 4 channels, its weights are for 3"


@pytest.mark.parametrize("library", ["timm", "torchvision"])
def test_libraries_that_are_not_installed(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingDependencyError, match=f"needs {library} .*: pip install {library}"):
        record_source(f"{library}:resnet18", {}, {})


def test_large_weights_are_not_allocated() -> None:
    from archlens.recorder.fake_tensor import FakeTensor
    from archlens.recorder.unallocated import unallocated

    module = unallocated(lambda: nn.Sequential(nn.Linear(1 << 20, 1 << 20), nn.Linear(4, 4)))
    assert isinstance(module, nn.Sequential)
    assert type(module[0].weight) is FakeTensor
    assert isinstance(module[0].weight, nn.Parameter)
    assert type(module[1].weight) is nn.Parameter
    assert sum(weight.numel() for weight in module.parameters()) == (1 << 40) + (1 << 20) + 20
