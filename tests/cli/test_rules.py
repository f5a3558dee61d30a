"""`--rules FILE`."""

from pathlib import Path

import pytest

from archlens.cli.rules import load_rules
from archlens.errors import RecordError, UsageError
from tests.cli.conftest import Run
from tests.recorder.onnx_files import model, node

pytestmark = pytest.mark.usefixtures("no_rules_left")

RULE = """
import archlens
from archlens.cost import Cost

@archlens.rule("ai.onnx::Det")
def cost(inputs, outputs, arguments):
    return Cost(elementwise=27)
"""


def test_a_file_of_rules(tmp_path: Path, run: Run) -> None:
    """Without the rule the total is a lower bound; with it the operator counts what the rule says."""
    network, rules = tmp_path / "net.onnx", tmp_path / "my_rules.py"
    network.write_bytes(model([node("Det", "x")], {"x": (3, 3)}).SerializeToString())
    rules.write_text(RULE)
    before = run("profile", str(network), "--columns", "elementwise")
    assert "Det" in before.out
    after = run("profile", str(network), "--columns", "elementwise", "--rules", str(rules))
    assert after.code == 0
    assert "27" in after.out
    assert "lower" not in after.out


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"none\.py: no such file"):
        load_rules(tmp_path / "none.py")


def test_a_file_without_rules(tmp_path: Path) -> None:
    path = tmp_path / "empty_rules.py"
    path.write_text("x = 1\n")
    with pytest.raises(UsageError, match=r"no function in it is marked with @archlens\.rule"):
        load_rules(path)


def test_a_file_by_another_name_and_one_that_is_no_python(tmp_path: Path) -> None:
    path = tmp_path / "my_rules.txt"
    path.write_text("x = 1\n")
    with pytest.raises(UsageError, match=r"no function in it is marked"):
        load_rules(path)
    path.write_bytes(b"\xbd\x00\xff")
    with pytest.raises(RecordError, match=r"my_rules\.txt cannot be imported: [^\n]+$"):
        load_rules(path)
