"""Where networks are cut, by hand."""

import pytest

from archlens.analyses import segments as rooms
from archlens.analyses.segments import Boundary, Question, Segments, bottlenecks, folds_apart
from archlens.graph import Graph
from archlens.spec.lower import outline
from archlens.spec.memo import Memo
from archlens.spec.section import Section
from tests.spec.written import parsed


def section(network: str, blocks: str = "{}") -> Section:
    spec = parsed(f"input: [4, 8, 8]\nblocks: {blocks}\nnetwork: {network}")
    return outline(spec, spec.settings)


def kinds(graph: Graph) -> tuple[str, ...]:
    return tuple(node.op.kind for node in graph.nodes[1:])


def cut(question: Question[tuple[tuple[str, ...], ...]], of: Section) -> tuple[tuple[str, ...], ...]:
    return Segments().ask(question, of)


def joined(parts: object) -> tuple[tuple[str, ...], ...]:
    assert isinstance(parts, list)
    return tuple(piece for part in parts for piece in part)


def anywhere(segments: Segments, boundary: Boundary) -> bool:
    return True


EVERYWHERE = Question(lambda graph: (kinds(graph),), joined, anywhere)
FOLDING = Question(lambda graph: (kinds(graph),), joined, folds_apart)
UNIT = "{unit: {do: [{add: [identity, [{conv: {out: 4}}, relu]]}]}}"


def test_bottlenecks_are_where_one_tensor_goes_on() -> None:
    assert bottlenecks(section("[relu, {add: [relu, sigmoid]}, relu]")) == [1, 4]
    assert bottlenecks(section("[relu, {add: [identity, [relu, relu]]}]")) == [1]
    assert bottlenecks(section("[relu]")) == []


def test_nothing_is_cut_behind_an_output_that_nobody_reads() -> None:
    tapped = section("[relu, {tap: t}, sigmoid, {from: t}, relu, relu]")
    assert bottlenecks(tapped) == [1]


def test_units_are_pieces() -> None:
    found = cut(EVERYWHERE, section("[unit, {conv: {out: 4}}, relu, unit]", UNIT))
    unit = ("conv", "relu", "add")
    assert found == (unit, ("conv",), ("relu",), unit)


def test_what_folds_into_what_is_before_stays_with_it() -> None:
    found = cut(FOLDING, section("[unit, {conv: {out: 4}}, bn, relu, unit]", UNIT))
    unit = ("conv", "relu", "add")
    assert found == (unit, ("conv", "batch_norm", "relu"), unit)
    ahead = "{unit: {do: [relu, {conv: {out: 4}}]}}"
    assert cut(FOLDING, section("[unit, unit]", ahead)) == (("relu", "conv", "relu", "conv"),)
    two = "[{conv: {out: 4}}, {add: [relu, sigmoid]}]"
    assert cut(FOLDING, section(two)) == (("conv",), ("relu", "sigmoid", "add"))


def test_a_piece_is_asked_once() -> None:
    asked: list[tuple[str, ...]] = []

    def note(graph: Graph) -> int:
        asked.append(kinds(graph))
        return len(asked)

    question: Question[int] = Question(note, sum, anywhere)
    segments = Segments()
    network = section("[unit, unit, unit]", UNIT)
    assert segments.ask(question, network) == segments.ask(question, network) == 3
    assert asked == [("conv", "relu", "add")]


def test_only_what_is_not_asked_again_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty networks with the same unit; few answers are kept; the first network is told anew at the end."""
    monkeypatch.setattr(rooms, "MOST", 5)
    asked: list[tuple[str, ...]] = []

    def note(graph: Graph) -> int:
        asked.append(kinds(graph))
        return len(graph.nodes) - 1

    question: Question[int] = Question(note, sum, anywhere)
    segments = Segments()
    memo = Memo()
    spec = parsed(
        f"input: [4, 8, 8]\nsettings: {{out: 4}}\nblocks: {UNIT}\nnetwork: [unit, {{conv: {{out: out}}}}]"
    )
    for out in [*range(1, 21), 1]:
        network = outline(spec, {**spec.settings, "out": out}, memo=memo)
        assert segments.ask(question, network) == 4
    assert asked.count(("conv", "relu", "add")) == 1
    assert asked.count(("conv",)) == 21
