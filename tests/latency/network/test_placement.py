"""Modules and inputs where they run: in the dtype and the layout asked for, with weights of their own."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.errors import ArchlensError
from archlens.latency.network import placement
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.placement import check_inputs, placed
from archlens.recorder.loading import Loaded


class Turned(nn.Module):
    """Real and complex numbers, and numbers of places."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)
        self.turns = nn.Buffer(torch.full((4,), 1j))
        self.order = nn.Buffer(torch.tensor([3, 2, 1, 0]))

    def forward(self, x: Tensor, places: Tensor, *, shift: Tensor) -> Any:
        x = self.layer(x)[:, self.order]
        return {"maps": x, "turns": self.turns[places] * 1j, "shifted": [x.mean((2, 3)) + shift]}


def loaded(batch: int = 4) -> Loaded:
    return Loaded(
        Turned().eval(),
        (torch.randn(batch, 3, 8, 8), torch.zeros(batch, dtype=torch.int64)),
        {"shift": torch.randn(batch, 4)},
    )


def candidate(load: Callable[[], Loaded] = loaded) -> Candidate:
    given = load()
    graph = archlens.record(given.module, *given.arguments, **given.named)
    return Candidate(graph, load, any_batch=False)


def test_a_module_of_one_s_own_keeps_its_weights() -> None:
    found = loaded()
    before = found.module.layer.weight.clone()  # type: ignore[operator, union-attr]
    ready = placed(candidate(lambda: found), Conditions(threads=1))
    assert ready.module is found.module
    assert torch.equal(found.module.layer.weight, before)  # type: ignore[arg-type, union-attr]
    arguments, named = ready.inputs(4)
    assert torch.equal(arguments[0], found.arguments[0])
    assert torch.equal(named["shift"], found.named["shift"])


def test_only_real_numbers_change_their_type() -> None:
    conditions = Conditions(dtype="bfloat16", layout="channels_last", threads=1)
    ready = placed(candidate(), conditions)
    assert {name: x.dtype for name, x in ready.module.state_dict().items()} == {
        "layer.weight": torch.bfloat16,
        "layer.bias": torch.bfloat16,
        "turns": torch.complex64,
        "order": torch.int64,
    }
    (x, places), named = ready.inputs(4)
    assert (x.dtype, places.dtype, named["shift"].dtype) == (torch.bfloat16, torch.int64, torch.bfloat16)
    assert x.is_contiguous(memory_format=torch.channels_last)
    assert ready.module(x, places, **named)["maps"].dtype is torch.bfloat16
    assert not any(weight.requires_grad for weight in ready.module.parameters())


def test_the_seed_decides_random_weights_and_leaves_the_generator_alone() -> None:
    def weight(seed: int) -> Tensor:
        found: Tensor = placed(candidate(), Conditions(seed=seed, threads=1)).module.state_dict()[
            "layer.bias"
        ]
        return found

    given = candidate()
    before = torch.random.get_rng_state()
    first = placed(given, Conditions(seed=1, threads=1)).module.state_dict()["layer.bias"]
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.equal(first, weight(1))
    assert not torch.equal(first, weight(2))


def test_fewer_are_the_first_of_them() -> None:
    found = loaded()
    (x, places), named = placed(candidate(lambda: found), Conditions(threads=1)).inputs(3)
    assert torch.equal(x, found.arguments[0][:3])
    assert (places.shape, named["shift"].shape) == ((3,), (3, 4))


class Viewing(nn.Module):
    """Holds its batch in a shape, once it is recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Any:
        return self.second(self.first(x).view(x.shape[0], 2, 2)).view(x.shape[0], 4)


def test_a_recorded_graph_is_built_and_settled_at_its_own_batch() -> None:
    graph = archlens.record(Viewing().eval(), torch.randn(3, 4))
    conditions = Conditions(threads=1)
    with pytest.raises(RuntimeError, match="invalid for input of size 4"):
        placed(Candidate(graph), conditions)
    ready = placed(Candidate(graph, any_batch=False), conditions)
    (x,), named = ready.inputs(3)
    assert named == {}
    assert 0.1 < ready.module(x).std() < 10


def test_inputs_for_a_gpu_are_made_in_memory_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """4·(3·8·8) + 4 + 4·4 elements of 4 bytes."""
    graph = candidate().graph
    check_inputs(graph, Conditions())
    monkeypatch.setattr(placement, "available", lambda device: 1000)
    check_inputs(graph, Conditions())
    conditions = Conditions()
    object.__setattr__(conditions, "device", "cuda")
    with pytest.raises(ArchlensError) as caught:
        check_inputs(graph, conditions)
    assert str(caught.value) == (
        "Turned: inputs at a batch of 4 take 3.152kB of memory before they are on the cuda, "
        "and 1.000kB are free"
    )
