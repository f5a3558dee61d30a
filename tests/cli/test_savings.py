"""`archlens savings`"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archlens.cli import processes
from archlens.cli import savings as command
from archlens.latency.network.conditions import Conditions
from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.studies.savings.entry import find_entry
from archlens.studies.savings.result import compute
from tests.cli.conftest import Refused, Run
from tests.report.measured import measured

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
    assert target.read_text(encoding="utf-8").startswith("title,params,")


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
        ("--errata fire", "--errata takes no saving, no parameters and no measurement, not fire"),
        ("--errata --in 5", "--errata takes no saving, no parameters and no measurement, not --in 5"),
        ("--errata --measure", "--errata takes no saving, no parameters and no measurement, not --measure"),
    ],
)  # fmt: skip
def test_refused(refused: Refused, arguments: str, message: str) -> None:
    assert refused("savings", *arguments.split(), code=2) == message


def test_numbers_without_bound(refused: Refused) -> None:
    message = refused("savings", "bottleneck", "--in", "1000000000", "--size", "1000000000", code=2)
    assert message.startswith("bottleneck channels=1000000000, size=1000000000: ")
    assert "larger than 10^15" in message


@pytest.fixture
def contests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], tuple[int, ...]]]:
    """Contests that end at once: what was to be timed, and the batch; the eighth is interrupted."""
    held: list[tuple[list[str], tuple[int, ...]]] = []

    def in_turns(graphs: Any, names: Any, conditions: Any, **options: Any) -> LatencyComparison:
        if len(held) == 7:
            raise KeyboardInterrupt
        assert (options["baseline"], options["fused"]) == (0, False)
        held.append((list(names), tuple(graph.input_shape[0] for graph in graphs)))
        return contest(list(names))

    def one_by_one(work: Any, tasks: Any, name: Any) -> Iterator[LatencyComparison]:
        for task in tasks:
            graphs, titles = command.networks(task)
            yield in_turns(graphs, titles, task.conditions, baseline=0, fused=False)

    monkeypatch.setattr(command, "in_turns", in_turns)
    monkeypatch.setattr(processes, "one_by_one", one_by_one)
    monkeypatch.setattr(command, "conditions_for", lambda *given: Conditions())
    return held


def contest(names: list[str]) -> LatencyComparison:
    """Every network takes half as long as the one before it."""
    measurements = tuple(measured(name, 20 / 2**at) for at, name in enumerate(names))
    ratios = tuple(
        Ratio(
            model=name, baseline=names[0], ratio=(r := 0.5**at), interval=(r, r + 0.01), strict=(r, r + 0.02)
        )
        for at, name in enumerate(names[1:], 1)
    )
    return LatencyComparison(measurements=measurements, ratios=ratios, baseline=0)


def test_measured(run: Run, golden: Golden, contests: list[Any]) -> None:
    outcome = run("savings", "fused_mbconv", "--size", "28", "--measure", "--batch", "4")
    assert (outcome.code, outcome.err) == (0, "")
    assert contests == [(["MBConv", "Fused-MBConv"], (4, 4))]
    golden("savings_measured.txt", outcome.out)


def test_measured_as_json(run: Run, contests: list[Any]) -> None:
    shown = json.loads(run("savings", "fire", "--measure", "-f", "json").out)
    assert [each["median_s"] for each in shown["latencies"]] == [0.02, 0.01]
    assert [each["ratio"] for each in shown["ratios"]] == [0.5]
    assert "latencies" not in json.loads(run("savings", "fire", "-f", "json").out)


def test_all_measured_until_interrupted(run: Run, contests: list[Any]) -> None:
    """What was measured by then is printed."""
    outcome = run("savings", "--measure", "-f", "csv")
    assert (outcome.code, outcome.err) == (
        130, "archlens: interrupted: fewer measurements than were asked for\n"
    )  # fmt: skip
    header, *rows = outcome.out.splitlines()
    assert header.endswith(",memory_access_ratio,latency_ratio")
    assert [row.rpartition(",")[2] for row in rows] == ["0.5"] * 7 + [""] * (len(rows) - 7)


def test_a_process_of_its_own() -> None:
    """What goes to it and comes back can be sent."""
    saving = compute(find_entry("channel_split"))
    task = command.Task("channel_split", {}, Conditions(threads=1), 2, 0.01)
    (compared,) = processes.one_by_one(command.alone, [task], str)
    assert [each.subject.model for each in compared.measurements] == [each.title for each in saving.networks]
    assert {each.subject.input[0] for each in compared.measurements} == {2}


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
