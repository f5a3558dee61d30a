"""The same words find the same network in Python and on the command line."""

from pathlib import Path

import pytest

import archlens
from archlens.errors import UsageError
from archlens.models.loading import load_graph

NET = """
from torch import nn

def net(width=8):
    return nn.Sequential(nn.Conv2d(3, width, 3, bias=False), nn.Flatten(), nn.Linear(width * 36, 10))
"""


@pytest.fixture
def net(tmp_path: Path) -> str:
    file = tmp_path / "net.py"
    file.write_text(NET, encoding="utf-8")
    return f"{file}:net"


def test_a_module_is_found_in_python_too(net: str) -> None:
    """3·width·9 weights of the convolution, 10·(36·width + 1) of the linear layer."""
    for width in (4, 8):
        graph = archlens.load(net, input=(3, 8, 8), width=width, batch=2)
        assert archlens.profile(graph).totals.params == 27 * width + 10 * (36 * width + 1)
        assert graph.input_shape == (2, 3, 8, 8)
        assert graph.model.endswith(f"net width={width}")
    assert archlens.load(net, input="3x8x8").nodes == archlens.load(net, input=(3, 8, 8)).nodes


def test_a_module_needs_an_input(net: str) -> None:
    with pytest.raises(UsageError, match="does not tell what it takes"):
        archlens.load(net)


def test_a_file_without_settings_refuses_them() -> None:
    with pytest.raises(UsageError, match=r"-s width=3: an ONNX file has no settings"):
        load_graph("net.onnx", {"width": 3})


def test_what_there_is_to_say_is_a_warning_unless_somebody_hears_it() -> None:
    with pytest.warns(UserWarning, match="overfeat") as found:
        load_graph("overfeat_fast", None, "3x281x317")
    heard: list[str] = []
    load_graph("overfeat_fast", None, "3x281x317", say=heard.append)
    assert heard == [str(found[0].message)]


def test_a_warning_points_at_who_loads() -> None:
    with pytest.warns(UserWarning, match="overfeat") as found:
        archlens.load("overfeat_fast", input=(3, 281, 317))
    assert found[0].filename == __file__
