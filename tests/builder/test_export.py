"""Files: what is read back computes what was written, and nothing else is left behind."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import numpy
import onnx
import onnxruntime
import pytest
import torch

from archlens import ops
from archlens.builder import build
from archlens.builder import export as exporting
from archlens.builder.export import export
from archlens.errors import BuildError, MissingDependencyError, UsageError
from archlens.graph import Graph

Wire = Callable[..., Graph]


@pytest.fixture(scope="module")
def network(wire: Wire) -> Graph:
    """A little of everything that archlens pads or moves itself."""
    return wire(
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("stem.conv1", ops.Conv(8, 3, 2, "tensorflow_same"), ("input",)),
        ("stem.batch_norm1", ops.BatchNorm(), ("stem.conv1",)),
        ("stem.max_pool1", ops.MaxPool(2, 1, "same"), ("stem.batch_norm1",)),
        ("unit.split1", ops.Split(2, 0), ("stem.max_pool1",)),
        ("unit.split2", ops.Split(2, 1), ("stem.max_pool1",)),
        ("unit.conv1", ops.WeightStandardizedConv(4, 3), ("unit.split2",)),
        ("unit.concat1", ops.Concat(), ("unit.split1", "unit.conv1")),
        ("unit.channel_shuffle1", ops.ChannelShuffle(2), ("unit.concat1",)),
        (
            "unit.pool1",
            ops.AveragePool(2, 1, "same", count_include_pad=False),
            ("unit.channel_shuffle1",),
        ),
        ("unit.layer_norm1", ops.LayerNorm((1,)), ("unit.pool1",)),
        ("unit.dropout1", ops.Dropout(), ("unit.layer_norm1",)),
        ("head.global_average_pool1", ops.GlobalAveragePool(), ("unit.dropout1",)),
        ("head.linear1", ops.Linear(5), ("head.global_average_pool1",)),
        outputs=("head.linear1", "stem.max_pool1"),
    )


def seeded(graph: Graph, path: Path, **batch: object) -> torch.nn.Module:
    """The network that was exported: the same seed, the same weights."""
    torch.manual_seed(3)
    assert export(graph, path, **batch) == path  # type: ignore[arg-type]  # the one keyword is batch
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    torch.manual_seed(3)
    return build(graph).eval()


def read_pt2(path: Path, x: torch.Tensor) -> list[torch.Tensor]:
    return list(torch.export.load(path).module()(x))


def read_onnx(path: Path, x: torch.Tensor) -> list[torch.Tensor]:
    model = onnx.load(path)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(None, {model.graph.input[0].name: x.numpy()})
    return [torch.from_numpy(numpy.asarray(output)) for output in outputs]


READERS = [("pt2", read_pt2), ("onnx", read_onnx)]


@pytest.mark.parametrize(("suffix", "read"), READERS)
def test_a_file_computes_what_the_network_does(
    network: Graph, tmp_path: Path, suffix: str, read: Callable[[Path, torch.Tensor], list[torch.Tensor]]
) -> None:
    path = tmp_path / f"net.{suffix}"
    original = seeded(network, path)
    x = torch.randn(1, 3, 8, 8)
    with torch.no_grad():
        for output, expected in zip(read(path, x), original(x), strict=True):
            assert torch.allclose(output, expected, atol=1e-5)


@pytest.mark.parametrize(("suffix", "read"), READERS)
def test_a_free_batch_takes_any(
    network: Graph, tmp_path: Path, suffix: str, read: Callable[[Path, torch.Tensor], list[torch.Tensor]]
) -> None:
    path = tmp_path / f"net.{suffix}"
    original = seeded(network, path, batch="free")
    for images in (1, 5):
        x = torch.randn(images, 3, 8, 8)
        with torch.no_grad():
            for output, expected in zip(read(path, x), original(x), strict=True):
                assert torch.allclose(output, expected, atol=1e-5)


def test_a_given_batch_is_the_only_one(network: Graph, tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    seeded(network, path, batch=4)
    assert read_pt2(path, torch.randn(4, 3, 8, 8))[0].shape == (4, 5)
    with pytest.raises(AssertionError):
        read_pt2(path, torch.randn(2, 3, 8, 8))


@pytest.mark.parametrize("suffix", ["pt2", "onnx"])
def test_nothing_is_printed(
    network: Graph, tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    export(network, tmp_path / f"net.{suffix}")
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_an_older_file_is_replaced(network: Graph, tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    path.write_text("old")
    export(network, str(path))
    assert path.stat().st_size > 1000
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask()


def umask() -> int:
    """The process's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_failure_leaves_the_older_file_and_nothing_else(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    path.write_text("old")
    graph = wire(("input", ops.Input((1, 2)), ()), ("odd", ops.Unknown("odd", (1, 2)), ("input",)))
    with pytest.raises(BuildError, match=r"odd \(odd\): no rule"):
        export(graph, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.pt2"]
    assert path.read_text() == "old"


def test_a_batch_that_the_network_fixes_cannot_be_free(wire: Wire, tmp_path: Path) -> None:
    graph = wire(("input", ops.Input((2, 6)), ()), ("reshape1", ops.Reshape((2, 3, 2)), ("input",)))
    export(graph, tmp_path / "fixed.pt2")
    with pytest.raises(BuildError, match=r"^wired: torch cannot export it with a free batch: [^\n]+$"):
        export(graph, tmp_path / "free.pt2", batch="free")


def test_paths_that_cannot_be_written(network: Graph, tmp_path: Path) -> None:
    (tmp_path / "folder.onnx").mkdir()
    for name, problem in [
        ("net.txt", r"net\.txt: expected a file name that ends in \.pt2 or \.onnx"),
        ("net", r"net: expected a file name"),
        ("missing/net.pt2", "there is no folder"),
        ("folder.onnx", "is a folder"),
    ]:
        with pytest.raises(UsageError, match=problem):
            export(network, tmp_path / name)
    with pytest.raises(UsageError, match="batch=0 is not a positive integer"):
        export(network, tmp_path / "net.pt2", batch=0)


def test_a_full_disk(network: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match=r"net\.pt2 cannot be written: No space left on device"):
        export(network, tmp_path / "net.pt2")
    assert list(tmp_path.iterdir()) == []


def test_weights_beyond_one_onnx_file(wire: Wire, tmp_path: Path) -> None:
    wide = 30_000
    graph = wire(("input", ops.Input((1, wide)), ()), ("linear1", ops.Linear(wide), ("input",)))
    with pytest.raises(UsageError, match=r"3\.4 GiB of weights do not fit into one ONNX file"):
        export(graph, tmp_path / "net.onnx")


def test_without_onnx_the_way_out_is_one_line(
    network: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(name: str) -> object:
        return None if name == "onnxscript" else importlib.util.find_spec(name)

    monkeypatch.setattr(exporting, "find_spec", found)
    with pytest.raises(MissingDependencyError, match=r"pip install -e '.\[onnx\]'"):
        export(network, tmp_path / "net.onnx")
