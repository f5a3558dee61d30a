"""The counters as they are called, and the process around them."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from archlens.recorder.sources import TensorType
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.counters import COUNTERS, Network, bound, instance, reason
from tests.spec.written import network

ROOT = Path(__file__).parents[3]


def test_every_counter_has_a_convention() -> None:
    assert COUNTERS.keys() == CONVENTIONS.keys()


def test_a_graph_is_built_with_weights() -> None:
    graph = network("[{conv: {out: 4}}, batch_norm]")
    module, (x,), named = instance(Network(graph, "", {}, {}))
    assert not module.training
    assert named == {}
    assert (x.shape, x.device.type) == ((1, 4, 8, 8), "cpu")
    assert all(weight.device.type == "cpu" for weight in module.parameters())


def test_a_module_is_made_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "two_inputs.py"
    file.write_text(
        "from torch import nn\n"
        "class Two(nn.Module):\n"
        "    def __init__(self, out=3):\n        super().__init__()\n        self.layer = nn.Linear(8, out)\n"
        "    def forward(self, x, scale):\n        return self.layer(x) * scale\n",
        encoding="utf-8",
    )
    made = Network(
        network("[relu]"), f"{file}:Two", {"out": 5}, {"": TensorType((8,)), "scale": TensorType((1,))}
    )
    module, (x,), named = instance(made)
    assert module(x, **named).shape == (1, 5)
    assert bound(module, (x,), named).keys() == {"x", "scale"}
    assert COUNTERS["fvcore"](module, (x,), named) == 40
    assert COUNTERS["torch"](module, (x,), named) == 80


@pytest.mark.parametrize(
    ("error", "printed", "said"),
    [
        (ValueError("first\nsecond"), "", "ValueError: first"),
        (KeyError(), "chatter", "KeyError: no reason given"),
        (RuntimeError("its own report says so"), "", "RuntimeError: its own report says so"),
        (
            RuntimeError("its own report says so"),
            "Flops estimation failed because of the following exception: \n<class 'TypeError'>: no\nmore",
            "TypeError: no",
        ),
    ],
)
def test_why_a_counter_failed(error: Exception, printed: str, said: str) -> None:
    assert reason(error, printed) == said


def test_only_the_answer_is_printed() -> None:
    graph = network("[{conv: {out: 4}}]")
    done = subprocess.run(
        [sys.executable, "-m", "archlens.studies.reconciliation.counters"],
        input=pickle.dumps(("torch", Network(graph, "", {}, {}), [])),
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert json.loads(done.stdout) == {"total": 2048}


def test_a_failing_counter_of_ptflops_is_an_error() -> None:
    pytest.importorskip("ptflops", reason="ptflops is not installed")
    with pytest.raises(RuntimeError, match="its own report"):
        COUNTERS["ptflops"](nn.Linear(8, 3), (torch.ones(1, 9),), {})
