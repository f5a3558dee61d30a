"""Copies of modules of any form: normed, pruned, tied, scripted, lazy ones, none of which is changed."""

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

import archlens
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs
from tests.recorder.test_unharmed import before_and_after
from tests.unharmed import described

pytestmark = pytest.mark.filterwarnings("ignore")  # that modules are run in earnest, and PyTorch's


rnn = nn.LSTM(4, 4)


bounded = nn.Embedding(4, 4, max_norm=0.1)


FORMS: dict[str, Callable[[], nn.Module]] = {
    "weight norm": lambda: parametrizations.weight_norm(nn.Linear(4, 4)),
    "weight norm by hooks": lambda: torch.nn.utils.weight_norm(nn.Linear(4, 4)),
    "spectral norm": lambda: parametrizations.spectral_norm(nn.Linear(4, 4)),
    "pruned": lambda: prune.l1_unstructured(nn.Linear(4, 4), "weight", 0.5),  # type: ignore[no-untyped-call]
    "tied": lambda: tied(nn.Linear(4, 4), nn.Linear(4, 4)),
    "views": lambda: viewing(nn.Linear(4, 4)),
    "script": lambda: torch.jit.script(nn.Sequential(nn.Linear(4, 4))),
    "loaded script": lambda: loaded(torch.jit.script(nn.Linear(4, 4))),
    "lazy": lambda: nn.Sequential(nn.LazyLinear(4), nn.LazyBatchNorm1d()),
    "traced": lambda: torch.fx.symbolic_trace(nn.Sequential(nn.Linear(4, 4))),
    "ordered": lambda: nn.Sequential(OrderedDict(a=nn.Linear(4, 4), b=nn.ReLU(inplace=True))),
    "recurrent": lambda: Applied(lambda x: rnn(x)[0]),
    "bounded embedding": lambda: Applied(lambda x: bounded(x.argmax(1)) if x.sum() < 1e9 else x),
}


def tied(a: nn.Linear, b: nn.Linear) -> nn.Module:
    b.weight = a.weight
    return nn.Sequential(a, b)


def viewing(a: nn.Linear) -> nn.Module:
    made: Any = Applied(lambda x: x @ made.whole.detach().view(4, 4).T + made.part)
    made.whole = a.weight.detach().flatten()
    made.part = made.whole[:4]
    found: nn.Module = made
    return found


def loaded(module: Any) -> nn.Module:
    file = io.BytesIO()
    torch.jit.save(module, file)
    file.seek(0)
    found: nn.Module = torch.jit.load(file)  # type: ignore[no-untyped-call]
    return found


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_modules(form: str) -> None:
    torch.manual_seed(0)
    module, x = FORMS[form](), torch.randn(3, 4)
    if form in ("weight norm", "spectral norm", "lazy"):
        module.eval()
    before = described(rnn, bounded)
    assert before_and_after(module, x) is None
    assert {**described(rnn, bounded), 0: ()} == {**before, 0: ()}
    module(x)


def test_scripted_and_traced_modules() -> None:
    plain = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    x = torch.zeros(1, 3, 8, 8)
    traced = torch.jit.trace(plain, x)  # type: ignore[no-untyped-call]
    graph = archlens.record(traced, x)
    assert archlens.profile(graph).totals == archlens.profile(archlens.record(plain, x)).totals


def test_no_weights_are_allocated() -> None:
    """A layer of 2^40 weights, which no machine has the memory for."""
    layer = nn.Linear(1 << 20, 1 << 20, device="meta")
    assert costs(archlens.record(layer, torch.zeros(1, 1 << 20, device="meta"))).multiply_adds == 1 << 40
