"""Counters in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import archlens
from archlens.errors import MissingDependencyError, UsageError
from archlens.recorder.sources import TensorType
from archlens.studies.reconciliation import processes
from archlens.studies.reconciliation.counters import Network
from archlens.studies.reconciliation.processes import Count, asked, count, installed
from tests.spec.written import network

ROOT = Path(__file__).parents[3]


def test_those_that_are_asked_for() -> None:
    assert asked(["torch", "fvcore", "torch"]) == ("torch", "fvcore")
    assert {"torch", "fvcore"} <= set(installed())


def test_a_counter_that_nobody_knows() -> None:
    with pytest.raises(UsageError, match=r"--with fvcor is no counter .*; did you mean fvcore\?"):
        asked(["fvcor"])
    with pytest.raises(UsageError, match="there are fvcore, torchinfo, ptflops"):
        asked(["zzz"])


def test_a_counter_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "find_spec", lambda name: None if name == "transformers" else name)
    with pytest.raises(MissingDependencyError) as raised:
        asked(["torch", "calflops"])
    assert str(raised.value) == "calflops cannot count here: pip install transformers"
    assert "calflops" not in installed()
    monkeypatch.setattr(processes, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"pip install thop calflops transformers$"):
        asked(["thop", "calflops"])


def test_counts_come_in_their_order() -> None:
    graph = network("[{conv: {out: 4}}]")
    fvcore, torch = count(Network(graph, "", {}, {}), ("fvcore", "torch"))
    assert (fvcore.counter, fvcore.total, fvcore.failed) == ("fvcore", 1024, "")
    assert (torch.counter, torch.total) == ("torch", 2048)
    assert torch.version.startswith("2.")


def test_a_counter_that_fails_says_why(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text(
        "from torch import nn\nclass Bad(nn.Module):\n    def forward(self, x):\n"
        "        print('chatter {')\n        raise ValueError('no\\nway')\n",
        encoding="utf-8",
    )
    graph = network("[relu]")
    (found,) = count(Network(graph, f"{file}:Bad", {}, {"": TensorType((4, 8, 8))}), ("torch",))
    assert (found.total, found.failed) == (None, "ValueError: no")


def test_a_process_that_dies_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "dying.py"
    file.write_text("import os\ndef make():\n    os._exit(7)\n", encoding="utf-8")
    (found,) = count(Network(network("[relu]"), f"{file}:make", {}, {"": TensorType((4,))}), ("torch",))
    assert found == Count("torch", found.version, None, "its process ended with status 7")


def test_it_is_not_imported_for_a_claim() -> None:
    code = (
        "import sys, json; import archlens.studies.reconciliation.processes, "
        "archlens.studies.reconciliation.claim, archlens.studies.reconciliation.terms, "
        "archlens.report.reconciliation; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"torch", "numpy", "fvcore"} & set(json.loads(done.stdout))


def test_archlens_is_found_by_the_process() -> None:
    assert (processes.ROOT / "archlens").samefile(Path(archlens.__file__).parent)
