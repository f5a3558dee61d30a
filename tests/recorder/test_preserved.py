"""A recorded module is the module that it was, also when its forward raised."""

import random

import numpy
import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.errors import RecordError


class Changing(nn.Module):
    """Does to itself whatever a forward might do."""

    seen: Tensor

    def __init__(self, *, raises: bool = False, asks: bool = False) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.layer = nn.Linear(4, 4)
        self.register_buffer("seen", torch.zeros(4))
        self.raises = raises
        self.asks = asks
        self.calls = 0
        self.hooked: list[str] = []
        self.layer.register_forward_hook(lambda *_: self.hooked.append("after"))
        self.layer.register_forward_pre_hook(lambda *_: self.hooked.append("before"))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.cache = x * 2
        self.seen += x.sum(0)
        self.seen = self.seen * 2
        self.layer.weight = nn.Parameter(self.layer.weight * 2)
        self.extra = nn.Linear(4, 4)
        x = self.layer(self.norm(x)) + torch.rand(4) * random.random() * numpy.random.rand()
        self.eval()
        if self.asks and x.sum().item() > 1e9:
            return x
        if self.raises:
            raise ValueError("on purpose")
        return x


def state(module: nn.Module) -> dict[str, object]:
    """Everything that could have changed, but for what hooks do."""
    return {
        "elements": {name: x.clone().tolist() for name, x in module.state_dict().items()},
        "parameters": {name: id(x) for name, x in module.named_parameters()},
        "buffers": {name: id(x) for name, x in module.named_buffers()},
        "modules": [name for name, _ in module.named_modules()],
        "modes": [child.training for child in module.modules()],
        "attributes": {name: sorted(child.__dict__) for name, child in module.named_modules()},
        "hooks": [
            (dict(child._forward_hooks), dict(child._forward_pre_hooks), dict(child._backward_hooks))
            for child in module.modules()
        ],
        "calls": module.calls,
        "gradients": [x.requires_grad for x in module.parameters()],
        "random": (random.getstate(), torch.get_rng_state().tolist(), str(numpy.random.get_state())),
        "grad mode": torch.is_grad_enabled(),
    }


@pytest.mark.filterwarnings("ignore:Changing")  # that it is run in earnest
@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize("raises", [False, True])
def test_nothing_has_changed(*, raises: bool, asks: bool) -> None:
    module = Changing(raises=raises, asks=asks)
    x = torch.randn(3, 4)
    given = x.clone()
    before = state(module)
    if raises:
        with pytest.raises(RecordError, match="ValueError: on purpose"):
            archlens.record(module, x)
    else:
        archlens.record(module, x)
    assert state(module) == before
    assert torch.equal(x, given)
    assert set(module.hooked) == {"before", "after"}  # the user's hooks ran


def test_the_module_still_works() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)).eval()
    x = torch.randn(1, 3, 8, 8)
    before = module(x)
    archlens.record(module, x)
    assert torch.equal(module(x), before)
    module(x).sum().backward()
    assert all(weight.grad is not None for weight in module.parameters())


def test_scripted_and_traced_modules() -> None:
    plain = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    x = torch.zeros(1, 3, 8, 8)
    with pytest.warns(DeprecationWarning, match="trace"):
        traced = torch.jit.trace(plain, x)  # type: ignore[no-untyped-call]
    graph = archlens.record(traced, x)
    assert archlens.profile(graph).totals == archlens.profile(archlens.record(plain, x)).totals
