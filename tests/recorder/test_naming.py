"""Names of recorded nodes: module paths, and what stands below them."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import archlens
from archlens.graph import NAME, verify
from archlens.ops import Flatten, Input, ReLU
from archlens.recorder.entry import Entry
from archlens.recorder.naming import names, path
from tests.recorder.networks import Applied


def entry(scope: str, *, view: bool = False, name: str = "") -> Entry:
    """Something that ran in a module."""
    return Entry(Flatten() if view else ReLU(), (), (1,), scope, (), name)


CASES = {
    "a module that ran one operator": ([entry("a.b"), entry("c")], ["a.b", "c"]),
    "several": ([entry("a"), entry("a")], ["a.relu1", "a.relu2"]),
    "no module": ([entry(""), entry("")], ["relu1", "relu2"]),
    "its children ran some, too": ([entry("a"), entry("a.b")], ["a.relu1", "a.b"]),
    "a view beside its only operator": ([entry("a.b", view=True), entry("a.b")], ["a.flatten1", "a.b"]),
    "a view alone": ([entry("a.b", view=True), entry("c")], ["a.b", "c"]),
    "a child of that name": ([entry("a"), entry("a.relu1"), entry("a")], ["a.relu2", "a.relu1", "a.relu3"]),
    "a weight's own name": ([entry("a", name="gamma"), entry("a")], ["a.gamma", "a.relu1"]),
    "a weight twice": ([entry("a", name="w"), entry("a", name="w"), entry("a")], ["a.w", "a.w_1", "a.relu1"]),
    "a weight with a child's name": ([entry("a", name="b"), entry("a.b.c")], ["a.b_1", "a.b.c"]),
}


@pytest.mark.parametrize("case", CASES)
def test_names(case: str) -> None:
    entries, expected = CASES[case]
    assert list(names(entries)) == expected


PARTS = st.sampled_from(["a", "b", "relu1", "flatten1", "w", "w_1", "0"])


@given(
    st.lists(
        st.builds(
            lambda scope, view, name: entry(".".join(scope), view=view, name=name),
            st.lists(PARTS, max_size=3),
            st.booleans(),
            st.sampled_from(["", "", "w", "relu1", "a"]),
        ),
        max_size=12,
    )
)
def test_names_are_unique_and_none_is_the_parent_of_another(entries: list[Entry]) -> None:
    found = list(names(entries))
    assert len(set(found)) == len(found)
    for name in found:
        assert NAME.fullmatch(name)
        assert not any(other.startswith(f"{name}.") for other in found)


@pytest.mark.parametrize(
    ("name", "expected"), [("a.b", "a.b"), ("block-1.größe", "block_1.gr__e"), ("a b.0", "a_b.0")]
)
def test_paths_are_what_graphs_take(name: str, expected: str) -> None:
    assert path(name) == expected


def test_inputs_are_called_as_the_forward_calls_them() -> None:
    class Two(nn.Module):
        def forward(self, image: Tensor, mask: Tensor | None = None) -> Tensor:
            return image if mask is None else image * mask

    x = torch.zeros(2, 3)
    assert [node.name for node in archlens.record(Two(), x).nodes] == ["input"]
    assert [node.name for node in archlens.record(Two(), x, x + 1).nodes[:2]] == ["image", "mask"]
    assert [node.name for node in archlens.record(Two(), x, mask=x + 1).nodes[:2]] == ["image", "mask"]


def test_a_child_that_is_called_like_an_input() -> None:
    graph = archlens.record(nn.ModuleDict({"input": nn.ReLU()})["input"], torch.zeros(1, 2))
    verify(graph)
    holder = Applied(lambda x: inner(x))
    inner = holder.input = nn.ReLU()
    graph = archlens.record(holder, torch.zeros(1, 2))
    verify(graph)
    assert isinstance(graph.nodes[0].op, Input)
