"""Repeated work on the meta device gives what PyTorch gives without it."""

from contextlib import nullcontext

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from archlens.builder import build
from archlens.spec.loading import load
from archlens.studies.verification.repeated import Repeated


@pytest.mark.parametrize("name", ["resnet18", "shufflenet_v2_x0_5", "swin_t", "nasnet_a_mobile"])
def test_shapes_and_counts_are_the_same(name: str) -> None:
    graph = load(name)
    module = build(graph, device="meta").eval()
    x = torch.empty(graph.input_shape, device="meta")
    found = []
    for mode in (nullcontext(), Repeated()):
        shapes: list[tuple[int, ...]] = []
        hooks = [
            each.register_forward_hook(lambda m, i, y, shapes=shapes: shapes.append((*y.shape, *y.stride())))
            for each in module.modules()
        ]
        with torch.no_grad(), mode, FlopCounterMode(display=False) as counter:
            module(x)
        for hook in hooks:
            hook.remove()
        found.append((shapes, counter.get_flop_counts()))
    assert found[0] == found[1]


def test_an_answer_is_a_tensor_of_its_own() -> None:
    x = torch.empty(2, 3, device="meta")
    with Repeated() as mode:
        first, second = x.relu(), x.relu()
        third = x.T.relu()
    assert len(mode.answers) == 2
    assert first is not second
    assert (third.shape, third.stride()) == ((3, 2), (1, 3))


def test_numbers_are_worked_out_each_time() -> None:
    with Repeated():
        assert [torch.full((2,), x).add(1).tolist() for x in (1.0, 2.0)] == [[2, 2], [3, 3]]


def test_what_is_written_in_place_stays_in_place() -> None:
    x = torch.empty(2, device="meta")
    with Repeated():
        assert x.add_(1) is x
        assert x.add_(1) is x
        assert x.view(1, 2)._base is x


def test_arguments_are_told_apart() -> None:
    x = torch.empty(2, 3, 4, device="meta")
    with Repeated():
        assert [tuple(x.sum(axis).shape) for axis in (0, 1, 2)] == [(3, 4), (2, 4), (2, 3)]
        assert x.sum(0, keepdim=True).shape == (1, 3, 4)
        assert x.gt(0).dtype == torch.bool
        assert x.double().sum(0).dtype == torch.float64
