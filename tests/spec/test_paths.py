"""Names that are paths: what is said of them, and that no other name is taken for one."""

import os
from pathlib import Path

import pytest

from archlens.errors import UnknownModelError
from archlens.spec.catalog import families, find
from archlens.spec.paths import path_refusal


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/dev/zero", "/dev/zero is a device or a pipe and no file; networks are written in files that"),
        ("./", "./ is a folder; networks are written in files that end in .yaml, .yml, .py, .onnx or .pt2"),
        ("./pipe", "./pipe is a device or a pipe and no file"),
        ("notes.md", "notes.md is no such file: networks are written in files that end in .yaml"),
        ("./none", "./none: there is no such file; networks are written in"),
        ("resnet50.pth", "resnet50.pth holds weights: name the module that they are for (file.py:Net)"),
        ("resnet50.onx", "resnet50.onx: there is no such file; did you mean .onnx?"),
        ("net.ymal", "net.ymal: there is no such file; did you mean .yml?"),
        ("net.py", "net.py: say which module of the file is meant: net.py:Net"),
    ],
)  # fmt: skip
def test_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    (tmp_path / "notes.md").touch()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownModelError) as error:
        find(name)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "resnet",
        "a.*",
        "resnet50.a1_in1k",
        "convnext_tiny.fb_in22k",
        "a.openai",
        "x" * 500,
        "a\0b",
        "regnet_x_1.6GF",
    ],
)
def test_other_names_are_none(name: str) -> None:
    assert path_refusal(name) == ""


def test_no_network_is_called_as_a_file() -> None:
    assert not [name for family in families() for name, _ in family.names() if path_refusal(name)]
    assert not [family.title for family in families() if path_refusal(family.title)]
