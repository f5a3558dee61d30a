"""`archlens plot`: files that are pictures, and one line for whatever is wrong."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Refused, Run


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<svg"), ("PNG", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!DOCTYPE")]
)
def test_files(run: Run, tmp_path: Path, ending: str, start: bytes) -> None:
    file = tmp_path / f"picture.{ending}"
    assert run("plot", "resnet18", "-o", str(file)) == (0, "", "")
    assert file.read_bytes().lstrip().startswith(start)
    assert list(tmp_path.iterdir()) == [file]


def test_the_same_bytes_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    options = ("plot", "resnet18", "mobilenet_v2", "-k", "memory", "-o", str(file))
    run(*options)
    first = file.read_bytes()
    assert run(*options) == (0, "", f"archlens: {file}: overwritten\n")
    assert file.read_bytes() == first
    ElementTree.fromstring(first)


def test_pareto_of_the_catalogue(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "all.svg"
    assert run("plot", "-k", "pareto", "-o", str(file)).code == 0
    text = file.read_text(encoding="utf-8")
    assert "networks are beaten by none in multiply-adds and memory access" in text


def test_accuracy_as_it_is_printed_is_an_axis(run: Run, tmp_path: Path) -> None:
    """Of these four, papers print the accuracy of three; no other network beats either end of the front."""
    file = tmp_path / "accuracy.svg"
    models = ("resnet18", "resnet50", "resnet152", "lenet5")
    assert run("plot", *models, "-k", "pareto", "--y", "top1", "-o", str(file)) == (0, "", "")
    text = file.read_text(encoding="utf-8")
    assert "3 of 3 networks are beaten by none in multiply-adds and ImageNet top-1 as printed" in text
    assert "1 without such numbers are left out" in text
    assert "accuracy: as papers and releases print it" in text


def test_where_chooses_what_is_drawn(run: Run, refused: Refused, tmp_path: Path) -> None:
    """The plain ResNets by their published counts: 11.7M, 21.8M, 25.6M, 44.5M and 60.2M weights."""
    file = tmp_path / "small.svg"
    models = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
    options = ("-k", "pareto", "-o", str(file))
    assert run("plot", *models, *options, "--where", "params < 30M and top1 > 70").code == 0
    assert "of 2 networks" in file.read_text(encoding="utf-8")
    assert refused("plot", *models, *options, "--where", "params < 1M", code=2) == (
        "--where leaves none of 5 networks"
    )
    assert "takes a device" in refused("plot", *models, *options, "--where", "latency < 1 s", code=2)


def test_settings_and_globs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "vgg.svg"
    assert run("plot", "vgg1[16]", "-s", "classes=10", "-k", "pareto", "-o", str(file)).code == 1
    assert run("plot", "vgg1?", "-s", "classes=10", "-k", "pareto", "-o", str(file)).code == 0
    assert "of 4 networks" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("resnet18", "-k", "pie", "-o", "a.svg"),
            "--kind pie is not one of layers, memory, receptive-field",
        ),
        (("resnet18", "-k", "roofine", "-o", "a.svg"), "--kind roofine is not one of"),
        (
            ("resnet18", "-k", "roofline", "-o", "a.svg"),
            "--kind roofline draws predicted times: it takes a device",
        ),
        (("resnet18",), "plot needs a file to write: -o FILE.svg"),
        (("resnet18", "-o", "a.gif"), "-o a.gif: expected a file that ends in .svg, .png, .pdf or .html"),
        (("-o", "a.svg"), "--kind layers draws networks: name one"),
        (("-k", "pareto", "-s", "a=1", "-o", "a.svg"), "-s a=1: say of which network"),
        (("resnet18", "--by", "node", "-o", "a.svg"), "--by node is not one of stage, work"),
        (
            ("resnet18", "--metric", "parms", "-o", "a.svg"),
            "metric parms: no such number; did you mean params?",
        ),
        (
            ("resnet18", "-k", "pareto", "--y", "latency", "-o", "a.svg"),
            "--y latency: a predicted time takes a",
        ),
        (("resnet18", "--dtype", "float31", "-o", "a.svg"), "dtype float31 is not one of"),
    ],
)
def test_options_that_do_not_fit(refused: Refused, options: tuple[str, ...], message: str) -> None:
    assert refused("plot", *options, code=2).startswith(message)


def test_what_cannot_be_written(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "none" / "a.svg"
    assert (
        refused("plot", "lenet5", "-o", str(file)) == f"{file}: cannot be written: No such file or directory"
    )


def test_what_has_to_be_installed(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert "charts" in refused("plot", "lenet5", "-o", "a.svg")
