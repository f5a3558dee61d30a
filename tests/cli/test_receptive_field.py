"""`archlens receptive-field`: its tables, its formats, and what it measures."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


def test_golden(run: Run, golden: Golden) -> None:
    outcome = run("receptive-field", "shufflenet_v2")
    assert (outcome.code, outcome.err) == (0, "")
    golden("receptive_field.txt", outcome.out)


def test_golden_markdown(run: Run, golden: Golden) -> None:
    golden("receptive_field.md", run("receptive-field", "seresnet18", "-f", "markdown").out)


def test_csv_and_json(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("receptive-field", "resnet50", "-f", "csv").out)))
    assert [row["node"] for row in rows][:2] == ["stem.max_pool1", "stage1.2.relu3"]
    shown = json.loads(run("receptive-field", "resnet50", "-f", "json").out)
    assert shown["receptive_field"]["size"] == [427, 427]


def test_settings_and_input(run: Run) -> None:
    shown = json.loads(run("receptive-field", "vgg16", "--input", "3x448x448", "-f", "json").out)
    assert shown["input"] == [1, 3, 448, 448]
    assert shown["receptive_field"]["size"] == [244, 244]  # its adaptive pool now sees 2×2 places


def test_one_node(run: Run) -> None:
    outcome = run("receptive-field", "inception_v3", "--node", "grid17", "-f", "json")
    (row,) = json.loads(outcome.out)["rows"]
    assert row["receptive_field"]["size"] == [927, 927]


def test_without_pytorch(shell: Run) -> None:
    script = "import sys; sys.argv[1:] = ['receptive-field', 'resnet18']; from archlens.cli.app import main"
    check = "assert not {'torch', 'numpy', 'matplotlib'} & set(sys.modules)"
    outcome = shell(f'python -c "{script}\ntry: main()\nexcept SystemExit: pass\n{check}"')
    assert (outcome.code, outcome.err) == (0, "")


def test_effective(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "field.png"
    outcome = run(
        "receptive-field",
        "lenet5",
        "--effective",
        "--node",
        "C3",
        "--samples",
        "2",
        "--plot",
        str(picture),
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert "lenet5, input 1×1×32×32, C3.tanh1" in outcome.out
    assert "mean of 2 random inputs, seed 0" in outcome.out
    assert picture.read_bytes().startswith(b"\x89PNG")
    shown = json.loads(run("receptive-field", "lenet5", "--effective", "--node", "C3", "-f", "json").out)
    assert (shown["samples"], shown["seed"], shown["receptive_field"]["size"]) == (16, 0, [14, 14])


def test_the_static_field_has_a_picture_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "field.svg"
    outcome = run("receptive-field", "resnet18", "--plot", str(file))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == run("receptive-field", "resnet18").out
    assert "resnet18 sees 435 places, and all of its input of 224" in file.read_text(encoding="utf-8")


def test_mistakes(refused: Refused) -> None:
    assert "expected a file that ends in" in refused("receptive-field", "lenet5", "--plot", "a.gif", code=2)
    assert refused("receptive-field", "lenet5", "--node", "C33", code=2) == (
        "lenet5 has no node C33; did you mean C3?"
    )
    assert "expected a file that ends in" in refused(
        "receptive-field", "lenet5", "--effective", "--plot", "a.gif", code=2
    )
