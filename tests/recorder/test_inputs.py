"""What a forward is called with: every tensor among its arguments is an input of the graph."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.errors import RecordError
from archlens.graph import verify
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, names, node, recorded


def test_any_form_of_inputs_and_outputs() -> None:
    def mixed(first: dict[str, Tensor], *, scale: Tensor) -> dict[str, object]:
        return {"sum": first["x"] + first["y"], "rest": [(scale,)]}

    x = torch.zeros(2, 3)
    graph = recorded(Applied(mixed), {"x": x, "y": torch.zeros(3)}, scale=torch.zeros(()))
    assert [graph.nodes[i].shape for i in graph.inputs] == [(2, 3), (3,), (1,)]
    assert [graph.nodes[i].shape for i in graph.outputs] == [(2, 3), ()]


def test_a_tensor_given_twice_is_one_input() -> None:
    x = torch.zeros(2, 3)
    graph = recorded(Applied(lambda a, b: a * b), x, x)
    assert len(graph.inputs) == 1
    assert node(graph, "multiply1").inputs == (0, 0)


class Generating(nn.Module):
    """Draws what it works on itself."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, count: int = 2) -> Tensor:
        made: Tensor = self.layer(torch.randn(count, 4))
        return made


def test_a_network_without_tensor_inputs_has_costs() -> None:
    profile = archlens.profile(archlens.record(Generating(), 5))
    assert (profile.totals.params, profile.totals.multiply_adds, profile.complete) == (15, 60, True)
    assert "total" in str(profile)


@dataclass
class Batch:
    """Tensors of a sample, as data loaders give them."""

    x: Tensor
    more: dict[str, Any]


class Batched(nn.Module):
    """Takes a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(16, 16)

    def forward(self, batch: Any) -> Tensor:
        made: Tensor = self.layer(batch.x) * batch.more["scale"].shape[0]
        return made


@pytest.mark.parametrize("kind", [Batch, SimpleNamespace])
def test_inputs_are_found_in_data_classes_and_objects(kind: Any) -> None:
    graph = archlens.record(Batched(), kind(x=torch.zeros(2, 16), more={"scale": torch.ones(3)}))
    assert [graph.nodes[i].shape for i in graph.inputs] == [(2, 16), (3,)]
    assert (costs(graph).params, costs(graph).multiply_adds) == (272, 512)


def test_small_whole_numbers_that_were_given_are_known() -> None:
    """A mask that is all ones leaves a branch out, which a real run would be needed to know otherwise."""

    def masked(x: Tensor, mask: Tensor) -> Tensor:
        return x if mask.all() else x * mask

    graph = recorded(Applied(masked), torch.zeros(2, 3), torch.ones(2, 3, dtype=torch.bool))
    assert costs(graph).multiply_adds == 0
    assert "multiply1" not in names(graph)


def test_inputs_in_slots_and_none_at_all() -> None:
    """A network that draws what it starts from has costs and is verified: 16 weights on 2 rows."""

    class Slotted:
        __slots__ = ("__weakref__", "x")

        def __init__(self, x: Tensor) -> None:
            self.x = x

    layer = nn.Linear(4, 4)
    for module, inputs in (
        (Applied(lambda batch: layer(batch.x)), (Slotted(torch.ones(2, 4)),)),
        (Applied(lambda: layer(torch.randn(2, 4))), ()),
    ):
        graph = archlens.record(module, *inputs)
        verify(graph)
        assert (len(graph.inputs), costs(graph).multiply_adds) == (len(inputs), 32)
    with pytest.raises(RecordError, match="values is a generator, which can be read only once"):
        archlens.record(Applied(sum), values=(x for x in [torch.ones(2)]))
