"""PyTorch modules on the command line: profiled, compared, and refused in one line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Refused, Run

CODE = """
from torch import nn

def build_net(width=8):
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU(), nn.Flatten(), nn.Linear(width * 36, 10))

class Asking(nn.Module):
    def forward(self, x):
        return x if x.sum().item() > 0 else x * 2
"""


STEPS = """
import torch
from torch import nn

class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.other = nn.Linear(8, 8).half(), nn.Linear(8, 8).half()

    def forward(self, x, t, edges, lengths, mode="mean"):
        x = self.one(x)[edges[0]] * t
        assert lengths.tolist() == [3, 5]
        return self.other(x) if mode == "sum" else x
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a module of the user's, in which we are."""
    (tmp_path / "users_nets.py").write_text(CODE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    yield tmp_path
    sys.path[:] = path
    sys.modules.pop("users_nets", None)


def test_profile(run: Run) -> None:
    """8·27 weights and 8 biases at 6·6 places, and 8·36·10 + 10."""
    outcome = run("profile", "users_nets:build_net", "--input", "3x8x8", "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    shown = json.loads(outcome.out)
    assert shown["model"] == "users_nets:build_net"
    assert shown["totals"]["params"] == 224 + 2890
    assert shown["totals"]["multiply_adds"] == 216 * 36 + 2880
    assert [row["name"] for row in shown["rows"]] == ["0", "1", "2", "3"]


def test_settings_and_batch(run: Run) -> None:
    arguments = ("users_nets.py:build_net", "--input", "3x8x8", "-s", "width=4", "--batch", "2")
    shown = json.loads(run("profile", *arguments, "-f", "json").out)
    assert shown["input"] == [2, 3, 8, 8]
    assert shown["totals"]["params"] == 112 + 1450


def test_compare_with_a_spec(run: Run) -> None:
    outcome = run("compare", "users_nets:build_net", "lenet5", "--input", "3x8x8", "--input", "1x32x32")
    assert (outcome.code, outcome.err) == (0, "")
    assert "users_nets:build_net" in outcome.out.splitlines()[0]


def test_a_module_that_is_run_in_earnest_says_so(run: Run) -> None:
    outcome = run("profile", "users_nets:Asking", "--input", "8")
    assert outcome.code == 0
    assert outcome.err == (
        "archlens: users_nets:Asking: item() needs the elements of a tensor, so it was run in earnest\n"
    )


def test_refusals(refused: Refused) -> None:
    assert refused("profile", "users_nets:build_nett") == (
        "users_nets:build_nett: users_nets has no build_nett; did you mean build_net?"
    )
    assert refused("profile", "users_nets:build_net", code=2) == (
        "users_nets:build_net does not tell what it takes: give --input, such as --input 3x224x224"
    )
    assert refused("profile", "users_nets:build_net", "--input", "4x8x8") == (
        "users_nets:build_net: 0: 1×4×8×8 has 4 channels, its weights are for 3"
    )
    assert refused("profile", "no_such.pt2") == "no_such.pt2: no such file"
    assert refused("profile", "nowhere:net") == "there is no module nowhere, here or among the installed ones"


@pytest.mark.parametrize("name", ["resnet18", "shufflenet_v2"])
def test_instantiated_numbers_are_the_spec_s(run: Run, name: str) -> None:
    spec, module = (
        json.loads(run("profile", name, "--depth", "2", "-f", "json", *more).out)
        for more in ((), ("--instantiate",))
    )
    assert module["totals"] == spec["totals"]
    kept = ("name", "params", "multiply_adds", "memory_access", "elementwise", "activations")
    assert [[row[key] for key in kept] for row in module["rows"] if row["memory_access"]] == [
        [row[key] for key in kept] for row in spec["rows"] if row["memory_access"]
    ]


def test_inputs_of_every_kind(run: Run, here: Path) -> None:
    """64 weights on 2 rows, and on the 40 that edges pick where the word says so; two bytes each."""
    (here / "steps.py").write_text(STEPS, encoding="utf-8")
    given = "x=8,t=:int64,edges=2x40:int64@nobatch,lengths=[3,5]:int64"
    for more, expected in (("", 2 * 64), (",mode:=sum", 42 * 64)):
        outcome = run("profile", "steps.py:Steps", "--input", given + more, "--batch", "2", "-f", "json")
        shown = json.loads(outcome.out)
        assert (shown["totals"]["multiply_adds"], shown["dtype"]) == (expected, "float16")
