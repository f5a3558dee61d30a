"""Rules for operators of one's own: without one a graph is incomplete and says how to write it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.cost import Cost
from archlens.errors import RecordError, UsageError
from archlens.graph import verify
from archlens.ops import Shapes
from archlens.recorder.custom import example

pytestmark = pytest.mark.usefixtures("no_rules_left")


@pytest.fixture(scope="module", autouse=True)
def library() -> Iterator[torch.library.Library]:
    """An operator with a kernel for shapes alone, and one without."""
    make: Any = torch.library.Library
    lib = make("archlens_test", "DEF")
    lib.define("first(Tensor x, int count) -> Tensor")
    lib.define("opaque(Tensor x) -> Tensor")
    for key in ("CPU", "Meta"):
        lib.impl("first", lambda x, count: x[:, :count].clone(), key)
    lib.impl("opaque", lambda x: x.clone(), "CPU")
    yield lib
    lib._destroy()


class First(nn.Module):
    """A module around the operator."""

    def forward(self, x: Tensor) -> Any:
        return torch.ops.archlens_test.first(x, 2)


class Opaque(nn.Module):
    """A module around the other."""

    def forward(self, x: Tensor) -> Any:
        return torch.ops.archlens_test.opaque(x)


def two() -> nn.Module:
    """Both inputs of the operator have different shapes."""
    return nn.Sequential(nn.Linear(6, 5), First(), nn.Linear(2, 6), First())


def test_without_a_rule_the_graph_is_incomplete() -> None:
    graph = archlens.record(two(), torch.zeros(3, 6))
    verify(graph)
    assert [node.name for node in graph.uncosted] == ["1", "3"]
    text = str(archlens.profile(graph))
    assert "≥53" in text
    assert "archlens_test::first, 2 times, 3×5 → 3×2; 3×6 → 3×2: 1, 3" in text
    assert '    @archlens.rule("archlens_test::first")' in text


def test_with_a_rule_it_is_complete() -> None:
    seen: list[object] = []

    @archlens.rule("archlens_test::first")
    def cost(inputs: Shapes, outputs: Shapes, arguments: Mapping[str, Any]) -> Cost:
        seen.append((inputs, outputs, arguments["count"]))
        return Cost(reads=outputs[0][0] * outputs[0][1], writes=7)

    graph = archlens.record(two(), torch.zeros(3, 6))
    verify(graph)
    assert graph.complete
    assert seen == [(((3, 5),), ((3, 2),), 2), (((3, 6),), ((3, 2),), 2)]
    assert [node.cost for node in graph.nodes if node.name in ("1", "3")] == [Cost(reads=6, writes=7)] * 2


def test_an_operator_that_only_runs_in_earnest() -> None:
    with pytest.warns(UserWarning, match="archlens_test::opaque does not run on shapes alone, so it was run"):
        graph = archlens.record(Opaque(), torch.zeros(3, 6))
    assert graph.nodes[1].shape == (3, 6)


def test_the_example_runs_as_it_is_printed() -> None:
    text = example("archlens_test::first")
    assert len(text.splitlines()) <= 10
    exec(compile(text, "example", "exec"), {})
    graph = archlens.record(First(), torch.zeros(3, 6))
    assert graph.nodes[1].cost == Cost(multiply_adds=3 * 2 * 6, reads=18, writes=6)


def test_a_rule_must_give_a_cost() -> None:
    archlens.rule("archlens_test::first")(lambda inputs, outputs, arguments: 3)  # type: ignore[arg-type, return-value]
    with pytest.raises(RecordError) as caught:
        archlens.record(First(), torch.zeros(3, 6))
    assert str(caught.value) == "First: the rule of archlens_test::first gives int, not an archlens.Cost"


@pytest.mark.parametrize("name", ["first", "::first", "archlens_test::", ""])
def test_a_rule_s_name_has_a_namespace(name: str) -> None:
    with pytest.raises(UsageError, match="is no operator"):
        archlens.rule(name)


def test_an_operator_that_only_writes_in_place(library: Any) -> None:
    library.define("negate_(Tensor(a!) x) -> ()")
    library.impl("negate_", lambda x: None, "Meta")

    class Negated(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            x = x * 2
            torch.ops.archlens_test.negate_(x)
            return x * 3

    graph = archlens.record(Negated(), torch.zeros(3, 6))
    verify(graph)
    assert [node.op.kind for node in graph.nodes] == ["input", "scale", "unknown", "scale"]
    assert [node.inputs for node in graph.nodes] == [(), (0,), (1,), (2,)]
