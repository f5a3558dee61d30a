"""`archlens export`; what is in the files is tested with the builder."""

from pathlib import Path

import pytest
import torch

from tests.cli.conftest import Refused, Run


def test_a_file_that_pytorch_reads(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    outcome = run("export", "lenet5", "-s", "classes=7", "--batch", "2", "-o", str(file))
    assert outcome == (0, f"{file}: lenet5 classes=7, {file.stat().st_size} bytes\n", "")
    module = torch.export.load(file).module()
    assert module(torch.zeros(2, 1, 32, 32)).shape == (2, 7)


def test_another_suffix(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "net.pth"
    message = refused("export", "lenet5", "-o", str(file), code=2)
    assert message == f"{file}: expected a file name that ends in .pt2 or .onnx"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "missing" / "net.pt2"
    assert refused("export", "lenet5", "-o", str(file), code=2) == f"{file}: there is no folder {file.parent}"


def test_an_unknown_model(refused: Refused, tmp_path: Path) -> None:
    assert "did you mean" in refused("export", "lenet6", "-o", str(tmp_path / "net.pt2"))


def test_no_file(run: Run) -> None:
    outcome = run("export", "lenet5")
    assert (outcome.code, outcome.out) == (2, "")
    assert "'--output' / '-o'" in outcome.err


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("export lenet5 -o net.pt2", "building a network needs PyTorch: pip install -e '.[torch]'"),
        ("profile torch.nn:ReLU --input 8", "torch.nn needs PyTorch: pip install -e '.[torch]'"),
        (
            "verify lenet5",
            "verifying needs PyTorch and fvcore (torch is missing): pip install -e '.[verify]'",
        ),
    ],
)
def test_without_pytorch_the_way_out_is_one_line(
    shell: Run, tmp_path: Path, command: str, message: str
) -> None:
    """A torch that cannot be imported, found before the real one."""
    (tmp_path / "torch.py").write_text(
        "raise ModuleNotFoundError('no torch', name='torch')\n", encoding="utf-8"
    )
    script = (
        f"import sys; sys.path.insert(0, '{tmp_path}'); sys.argv = ['archlens', *'{command}'.split()]; "
        "from archlens.cli.app import main; main()"
    )
    outcome = shell(f'cd "{tmp_path}" && python -c "{script}"')
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"archlens: {message}\n"
