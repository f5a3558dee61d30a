"""`archlens savings`"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("savings.txt", []),
        ("savings.md", ["--format", "markdown"]),
        ("savings.csv", ["--format", "csv"]),
        ("savings_bottleneck.txt", ["bottleneck"]),
        ("savings_shufflenet_unit.md", ["shufflenet_unit", "--groups", "4", "-f", "markdown"]),
        ("savings_depthwise_separable.json", ["depthwise_separable", "--in", "32", "--out=64", "-f", "json"]),
        ("savings_errata.txt", ["--errata"]),
        ("savings_errata.md", ["--errata", "-f", "markdown"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("savings", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


def test_80_columns(run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("savings", "squeeze_excite", "--reduction", "8")
    assert max(map(len, outcome.out.splitlines())) <= 80
    golden("savings_80_columns.txt", outcome.out)


def test_numbers_of_the_reader(run: Run) -> None:
    shown = json.loads(run("savings", "--in", "512", "--kernel=5", "bottleneck", "-f", "json").out)
    assert shown["settings"] == {"channels": 512, "inner": 64, "kernel": 5, "size": 56}
    assert shown["networks"][0]["params"] == 2 * 25 * 512 * 512
    assert all(formula["equal"] for formula in shown["formulas"])
    assert (
        json.loads(run("savings", "bottleneck", "--channels", "512", "--kernel", "5", "-f", "json").out)
        == shown
    )


def test_written_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "savings.csv"
    outcome = run("savings", "fire", "-f", "csv", "-o", str(target))
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert target.read_text(encoding="utf-8").startswith("network,params,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("bottlenek", "no saving is called bottlenek; did you mean bottleneck?"),
        ("zzz", "no saving is called zzz; `archlens savings` lists all"),
        ("group_convolution --groups 5",
         "group_convolution needs channels % groups == 0, and has channels=96, groups=5"),
        ("bottleneck --kernal 3", "bottleneck has no parameter kernal; did you mean kernel?"),
        ("fire --growth 3", "fire has no parameter growth; it has channels, squeeze, expand, size"),
        ("bottleneck --in", "--in needs a number, such as --in 64"),
        ("bottleneck --in=", "--in : expected a number up to 10^9"),
        ("bottleneck --in many", "--in many: expected a number up to 10^9"),
        ("bottleneck --in 1e99", "--in 1e99: expected a number up to 10^9"),
        ("bottleneck --in nan", "--in nan: expected a number up to 10^9"),
        ("bottleneck --in -3", "bottleneck: channels=-3 is not positive"),
        ("bottleneck --in 2.5", "bottleneck: channels=2.5 is not an integer"),
        ("bottleneck --in 8 --in 9", "--in is given twice"),
        ("bottleneck --in 8 --channels 9", "--channels is given twice"),
        ("bottleneck -x 3", "-x: no such option; a parameter is --in 512 or --in=512"),
        ("bottleneck fire", "one saving at a time, not bottleneck and fire"),
        ("--in 5", "--in is for one saving: archlens savings NAME --in …"),
        ("--errata fire", "--errata takes no saving and no parameters, not fire"),
        ("--errata --in 5", "--errata takes no saving and no parameters, not --in 5"),
    ],
)  # fmt: skip
def test_refused(refused: Refused, arguments: str, message: str) -> None:
    assert refused("savings", *arguments.split(), code=2) == message


def test_numbers_without_bound(refused: Refused) -> None:
    message = refused("savings", "bottleneck", "--in", "1000000000", "--size", "1000000000", code=2)
    assert message.startswith("bottleneck channels=1000000000, size=1000000000: ")
    assert "larger than 10^15" in message


def test_without_pytorch() -> None:
    """All of it is plain Python: the list, a saving with networks of the catalogue, the errata."""
    code = (
        "import sys\n"
        "from archlens.cli.app import main\n"
        "for arguments in ([], ['compound_scaling'], ['--errata']):\n"
        "    sys.argv = ['archlens', 'savings', *arguments]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit:\n"
        "        pass\n"
        "heavy = {'torch', 'numpy', 'pandas', 'scipy', 'sqlite3', 'fvcore', 'matplotlib', 'onnx'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
