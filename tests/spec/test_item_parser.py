"""Items: every form of the language, and what is said about one that is none."""

import pytest

from archlens.spec.expressions import Vocabulary
from archlens.spec.item_parser import ItemParser
from archlens.spec.items import Branches, Broken, Call, Chain, Choice, From, Group, Let, Loop, Tap, Use
from archlens.spec.read import read

VOCABULARY = Vocabulary(frozenset({"a"}), frozenset({"relu"}))


def items(text: str) -> tuple[Chain, list[str]]:
    parser = ItemParser("test.yaml", {})
    chain = parser.chain(read(f"network: {text}").entries["network"], VOCABULARY, "network")
    return chain, [str(problem) for problem in parser.problems]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("relu", Call),
        ("{relu: }", Call),
        ("{conv: {out: a * 2}}", Call),
        ("{name: x, relu: {}}", Call),
        ("{use: relu}", Use),
        ("{use: relu, with: {a: 1}, name: x}", Use),
        ("{name: x, do: [relu]}", Group),
        ("{name: 3, do: relu}", Group),
        ("{each: {i: 3}, do: [relu]}", Loop),
        ("{each: {i: 3, j: [1, 2, 3]}, name: 'x{i}', do: [relu]}", Loop),
        ("{let: {b: a, c: b}, do: [relu]}", Let),
        ("{if: a > 1, then: [relu]}", Choice),
        ("{if: a > 1, then: relu, else: identity}", Choice),
        ("{add: [relu, identity]}", Branches),
        ("{multiply: [relu, [relu, relu]]}", Branches),
        ("{split: 2, concat: [relu, identity]}", Branches),
        ("{matrix_product: [relu, relu]}", Branches),
        ("{tap: x}", Tap),
        ("{from: x}", From),
    ],
)
def test_forms(text: str, form: type) -> None:
    chain, problems = items(f"[{text}]")
    assert problems == []
    assert [type(item) for item in chain] == [form]


def test_lists_in_lists_are_one_chain() -> None:
    chain, problems = items("[relu, [relu, [relu]], []]")
    assert (len(chain), problems) == (3, [])


def test_one_item_is_a_chain() -> None:
    assert len(items("relu")[0]) == 1


def test_what_is_wrong_stands_in_the_chain_as_broken() -> None:
    chain, problems = items("[relu, rellu, {conv: {kernel: 3}}, {conv: {out: b}}]")
    assert [type(item) for item in chain] == [Call, Broken, Broken, Call]
    assert problems == [
        "test.yaml:1 network: no operator or block is called rellu; did you mean relu?",
        "test.yaml:1 network: conv needs out",
        "test.yaml:1 network (conv) out: b has no value here",
    ]


def test_a_name_of_let_is_seen_by_those_after_it_and_a_name_of_each_is_not() -> None:
    assert items("[{let: {b: a, c: b}, do: [{conv: {out: c}}]}]")[1] == []
    assert items("[{each: {b: [1], c: b}, do: [relu]}]")[1] == [
        "test.yaml:1 network (each) c: b has no value here"
    ]


def test_a_name_ends_with_its_body() -> None:
    _, problems = items("[{let: {b: a}, do: [relu]}, {conv: {out: b}}]")
    assert problems == ["test.yaml:1 network (conv) out: b has no value here"]
