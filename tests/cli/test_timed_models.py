"""Modules and files where they are timed: what runs, what is said about it, and what is refused."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

import archlens
from archlens.cli import measure as measuring
from archlens.errors import BuildError
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.named import candidate
from archlens.latency.sampling import measure as measures
from archlens.latency.sampling.measurement import Measurement
from tests.cli.conftest import Refused, Run
from tests.recorder.onnx_files import model as onnx_model
from tests.recorder.onnx_files import node

QUICK = ("--threads", "1", "--min-time", "0")
OWN = "timed_nets:Counted"

CODE = """
import torch
from torch import nn
from torch.nn import functional

class Counted(nn.Module):
    calls = []
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
        self.norm = nn.BatchNorm2d(width)
        self.scores = nn.Linear(width * 36, 10)
    def forward(self, x):
        weight = self.conv.weight
        if type(x) is torch.Tensor:
            inference = torch.is_inference_mode_enabled()
            self.calls.append((x.dtype, weight.dtype, self.training, inference, len(x)))
        return self.scores(functional.relu(self.norm(self.conv(x))).flatten(1))

class Overflowing(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)
        with torch.no_grad():
            self.layer.weight.fill_(3e38)
            self.layer.bias.fill_(3e38)
    def forward(self, x):
        return self.layer(x.abs())

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 4)
    def forward(self, x, *, shift):
        return {"out": self.layer(x) + shift}

class Unbuilt(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
    def forward(self, x):
        return functional.softplus(self.conv(x)) * 0.5

class Failing(nn.Module):
    def forward(self, x):
        raise ValueError("not today\\nnor tomorrow")

class FailingLater(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 4)
    def forward(self, x):
        x = self.layer(x)
        if type(x) is torch.Tensor:
            raise ValueError("not in earnest\\nnever")
        return x
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a module of the user's, in which we are, and a store of its own."""
    (tmp_path / "timed_nets.py").write_text(CODE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    path = list(sys.path)
    yield tmp_path
    sys.path[:] = path
    for name in ("timed_nets", "timed_nets_of_the_user"):
        sys.modules.pop(name, None)


@pytest.fixture
def program(here: Path) -> str:
    """A saved program for one image."""
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten()).eval()
    torch.export.save(torch.export.export(module, (torch.zeros(1, 3, 8, 8),)), here / "small.pt2")
    return "small.pt2"


@pytest.fixture
def file(here: Path) -> str:
    """An ONNX file that can be built, and `unbuilt.onnx`, which cannot."""
    for name, last in (("small.onnx", "Relu"), ("unbuilt.onnx", "Softplus")):
        nodes = [node("Conv", "x w", "c", name="conv"), node(last, "c", name="last")]
        made = onnx_model(nodes, {"x": (1, 3, 8, 8)}, {"w": (4, 3, 3, 3)})
        made.ir_version, made.graph.output[0].type.tensor_type.elem_type = 8, 1
        (here / name).write_bytes(made.SerializeToString())
    return "small.onnx"


def calls() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = sys.modules["timed_nets"].Counted.calls
    return found


def test_the_user_s_own_module_runs(run: Run) -> None:
    arguments = ("--input", "3x8x8", "--batch", "2", "--dtype", "bfloat16", "--no-save", *QUICK, "-f", "json")
    outcome = run("measure", OWN, *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    (shown,) = json.loads(outcome.out)
    assert (shown["model"], shown["batch"], shown["dtype"]) == (OWN, 2, "bfloat16")
    assert len(calls()) > 10
    assert set(calls()) == {(torch.bfloat16, torch.bfloat16, False, True, 2)}


def test_its_costs_are_those_of_its_graph(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Measurement] = []
    whole = measures.measure

    def noting(*arguments: object, **options: object) -> Measurement:
        found.append(whole(*arguments, **options))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(measures, "measure", noting)
    assert run("measure", OWN, "-s", "width=4", "--input", "3x8x8", "--no-save", *QUICK).code == 0
    assert found[0].multiply_adds == 4 * 27 * 36 + 4 * 36 * 10
    assert found[0].subject.model == f"{OWN} width=4"


def test_its_own_weights_are_what_runs(run: Run) -> None:
    """Weights of 3·10³⁸ overflow; random ones would not."""
    outcome = run("measure", "timed_nets:Overflowing", "--input", "8", "--no-save", *QUICK, "-f", "json")
    (shown,) = json.loads(outcome.out)
    assert any(warning.startswith("overflow:") for warning in shown["warnings"])


def test_several_inputs(run: Run) -> None:
    arguments = ("--input", "8,shift=4", "--batch", "3", "--no-save", *QUICK, "-f", "json")
    outcome = run("measure", "timed_nets.py:Two", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)[0]["input"] == [3, 8]


def test_samples_are_kept_under_the_name(run: Run, here: Path, program: str) -> None:
    store = ("--store", str(here / "kept.sqlite"))
    assert run("measure", OWN, program, "--input", "3x8x8", *QUICK, *store).code == 0
    kept = run("results", *store, "-f", "csv").out
    assert {row["model"] for row in csv.DictReader(io.StringIO(kept))} == {OWN, "small.pt2"}


def test_a_breakdown_is_of_the_graph_and_says_so(run: Run) -> None:
    outcome = run("measure", OWN, "--input", "3x8x8", "--batch", "2", "--breakdown", "--no-save", *QUICK)
    assert outcome.code == 0
    assert "normalization" in outcome.out
    assert outcome.err == (
        f"archlens: {OWN}: --breakdown times node by node, so what was timed is the network that archlens "
        "builds from the graph, with random weights\n"
    )


def test_fused_is_of_the_graph_and_says_so(run: Run) -> None:
    outcome = run("measure", OWN, "--input", "3x8x8", "--fused", "--no-save", *QUICK, "-f", "json")
    assert outcome.code == 0
    assert json.loads(outcome.out)[0]["fused"] is True
    assert calls() == []
    assert outcome.err == (
        f"archlens: {OWN}: --fused is about the folded graph, so what was timed is the network that archlens "
        "builds from the graph, with random weights\n"
    )


def test_an_onnx_file_runs_in_onnxruntime_and_says_so(run: Run, file: str) -> None:
    runtime = pytest.importorskip("onnxruntime")
    outcome = run("measure", file, "lenet5", "--no-save", *QUICK, "-f", "json")
    assert outcome.code == 0
    assert [each["model"] for each in json.loads(outcome.out)] == ["small.onnx", "lenet5"]
    assert outcome.err == (
        "archlens: small.onnx: timed as the file is, with its own weights and types, in onnxruntime "
        f"{runtime.__version__}, CPUExecutionProvider\n"
    )


def test_an_onnx_file_that_is_built_says_so(run: Run, file: str) -> None:
    outcome = run("measure", file, "--fused", "--no-save", *QUICK)
    assert outcome.code == 0
    assert "so what was timed is the network that archlens builds from the graph" in outcome.err


def test_a_breakdown_of_a_file_is_onnxruntime_s(run: Run, file: str) -> None:
    """Of one that nobody could build, too: its nodes are timed where they run."""
    pytest.importorskip("onnxruntime")
    for each in (file, "unbuilt.onnx"):
        outcome = run("measure", each, "--breakdown", "--by", "node", "--no-save", *QUICK, "-f", "json")
        assert outcome.code == 0
        assert "timed as the file is" in outcome.err
        found = json.loads(outcome.out)[0]["breakdown"]
        assert sum(row["seconds"] for row in found["by_node"]) == pytest.approx(found["seconds"])


@pytest.mark.parametrize("mode", ["eager", "export"])
def test_a_saved_program_runs(run: Run, program: str, mode: str) -> None:
    outcome = run("measure", program, "--mode", mode, "--no-save", *QUICK, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)[0]["input"] == [1, 3, 8, 8]


def test_a_spec_a_module_and_files_are_compared(run: Run, program: str, file: str) -> None:
    pytest.importorskip("onnxruntime")
    models = ("squeezenet1_1", OWN, program, file)
    inputs = [part for size in ("3x32x32", "3x8x8", "3x8x8", "3x8x8") for part in ("--input", size)]
    outcome = run("compare", *models, *inputs, "--latency", *QUICK, "-f", "json")
    assert outcome.code == 0
    shown = json.loads(outcome.out)
    assert [each["model"] for each in shown["latencies"]] == ["squeezenet1_1", OWN, "small", "small (2)"]
    assert len(calls()) > 10
    assert outcome.err.startswith("archlens: small.onnx: timed as the file is")
    assert outcome.err.count("\n") == 1


REFUSALS: dict[str, tuple[list[str], int, str]] = {
    "no such name": (
        ["timed_nets:Count"], 1,
        "timed_nets:Count: timed_nets has no Count; did you mean Counted?",
    ),
    "no input": (
        [OWN], 2, f"{OWN} does not tell what it takes: give --input, such as --input 3x224x224",
    ),
    "a forward that fails": (
        ["timed_nets:Failing", "--input", "8"], 1,
        "timed_nets:Failing: timed_nets.py:46: ValueError: not today",
    ),
    "a forward that fails on tensors only": (
        ["timed_nets:FailingLater", "--input", "8"], 1,
        "timed_nets:FailingLater: it cannot be run: not in earnest",
    ),
    "an operator that nobody builds": (
        ["timed_nets:Unbuilt", "--input", "3x8x8", "--breakdown"], 1,
        "timed_nets:Unbuilt: softplus1 (pointwise): no rule builds the operator 'softplus'; "
        "--breakdown times node by node: without it the module itself runs",
    ),
    "an operator of a file that nobody builds": (
        ["unbuilt.onnx", "--fused"], 1,
        "unbuilt.onnx: conv (conv + pointwise): no rule builds the operator 'softplus'; "
        "--fused is about the folded graph: without it the file itself runs",
    ),
    "a program at another batch": (
        ["small.pt2", "--batch", "2"], 1,
        "small.pt2: it was exported for input.size()[0] == 1 only; dynamic_shapes allow others",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_wrong_is_one_line(refused: Refused, case: str, program: str, file: str) -> None:
    arguments, code, said = REFUSALS[case]
    assert refused("measure", *arguments, "--no-save", *QUICK, code=code) == said


def test_one_that_fails_leaves_the_others_alone(run: Run) -> None:
    models = ("timed_nets:FailingLater", "timed_nets:Overflowing")
    outcome = run("measure", *models, "--input", "8", "--no-save", *QUICK, "-f", "json")
    assert (outcome.code, len(json.loads(outcome.out))) == (1, 1)
    assert outcome.err == "archlens: timed_nets:FailingLater: it cannot be run: not in earnest\n"


def test_an_interruption(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(measures, "prepare", interrupted)
    outcome = run("measure", OWN, "--input", "3x8x8", "--no-save", *QUICK)
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err == "archlens: interrupted after 0 of 1 networks\n"


def test_what_runs_for_what(here: Path, program: str, file: str) -> None:
    graph = archlens.load("lenet5")
    assert candidate(graph, "lenet5", fused=True, breakdown=True) == Candidate(graph)
    assert candidate(graph, "my.yaml:variant") == Candidate(graph)
    own = candidate(graph, "timed_nets:Two", None, "8,shift=4", 5)
    assert own.load is not None
    loaded = own.load()
    assert [x.shape for x in (*loaded.arguments, loaded.named["shift"])] == [(5, 8), (5, 4)]
    assert own.remark == ""
    for model, options in (("a:b", {"fused": True}), ("small.onnx", {"fused": True})):
        found = candidate(graph, model, **options)  # type: ignore[arg-type]
        assert found.load is None
        assert found.remark
        assert not found.any_batch


def test_what_cannot_be_built_is_said_before_anything_is_timed(
    refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*arguments: object, **options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(measuring, "open_store", never)
    assert "no rule builds" in refused("measure", "timed_nets:Unbuilt", "--input", "3x8x8", "--fused", *QUICK)
    with pytest.raises(BuildError):
        candidate(archlens.record(nn.Softplus(), torch.randn(1, 4)), "a:b", fused=True)
