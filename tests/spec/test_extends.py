"""Specs that build on specs: the same network as the one written out, and what does not fit."""

from pathlib import Path
from textwrap import dedent

import pytest

import archlens
from archlens.errors import SpecError
from archlens.graph import Graph, verify
from archlens.spec.catalog import find
from archlens.spec.check import check
from archlens.spec.lines import lines


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "mine.yaml") -> str:
    Path(name).write_text(dedent(text), encoding="utf-8")
    return name


def load(text: str, variant: str = "") -> Graph:
    graph = archlens.load(f"{written(text)}:{variant}")
    verify(graph)
    return graph


BASE = """
input: [3, 8, 8]
settings: {width: 4, kind: {default: plain, choices: [plain, deep]}}
variants: {base: {}, wide: {width: 8, input: [3, 16, 16]}}
blocks:
  unit: {arguments: {out: required, stride: 1}, do: [{conv: {out: out, kernel: 3, stride: stride}}, relu]}
network:
  - {name: stem, do: [{unit: {out: width}}]}
  - each: {stage: [1, 2]}
    name: "stage{stage}"
    do: [{each: {i: 2}, do: [{unit: {out: width * 2}}]}]
  - {name: head, do: [global_average_pool, {linear: {out: 10}}]}
"""


def test_other_settings_are_the_network_with_those_settings() -> None:
    text = """
    extends: resnet50
    settings: {shortcuts: C, depths: [1, 1, 1, 1]}
    variants: {a: {}, b: {groups: 32, base: 4}}
    """
    assert load(text).nodes == archlens.load("resnet50", shortcuts="C", depths=[1, 1, 1, 1]).nodes
    grouped = archlens.load("resnet50", shortcuts="C", depths=[1, 1, 1, 1], groups=32, base=4)
    assert load(text, "b").nodes == grouped.nodes


@pytest.mark.parametrize(
    "words", ["resnet.yaml:resnet18", "resnet18", "resnet50[block=basic,depths=[2,2,2,2]]"]
)
def test_what_is_extended_is_named_like_any_model(words: str) -> None:
    assert load(f"extends: '{words}'\n").nodes == archlens.load("resnet18").nodes


def test_a_file_beside_it_and_its_variant_with_its_input() -> None:
    Path("sub").mkdir()
    written(BASE, "sub/base.yaml")
    written("extends: base.yaml:wide\nvariants: {a: {}}\n", "sub/mine.yaml")
    found = archlens.load("sub/mine.yaml:a")
    assert found.nodes == archlens.load("sub/base.yaml:wide").nodes
    assert found.input_shape == (1, 3, 16, 16)


def test_a_block_of_the_same_name_stands_everywhere() -> None:
    written(BASE, "base.yaml")
    text = """
    extends: base.yaml
    blocks:
      unit: {arguments: {out: required, stride: 1, kernel: 1}, do: [{conv: {out: out, kernel: kernel}}]}
    """
    assert [node.op.kind for node in load(text).nodes].count("relu") == 0
    assert sum(node.cost.params for node in load(text).nodes) == 3 * 4 + 4 * 8 + 3 * 8 * 8 + 8 * 10 + 10


def test_a_part_is_exchanged_by_its_path() -> None:
    written(BASE, "base.yaml")
    text = "extends: base.yaml\nreplace: {stage2: [{conv: {out: width}}], stage1.1: identity}\n"
    named = [node.name for node in load(text).nodes]
    assert named == [
        "input", "stem.conv1", "stem.relu1", "stage1.0.conv1", "stage1.0.relu1", "stage2.conv1",
        "head.global_average_pool1", "head.linear1",
    ]  # fmt: skip
    assert sum(node.cost.params for node in load(text).nodes) == 27 * 4 + 9 * 4 * 8 + 8 * 4 + 4 * 10 + 10


def test_a_setting_of_its_own_is_one_that_it_reads() -> None:
    text = "extends: resnet50\nsettings: {last: 7}\nreplace: {stage4: [{conv: {out: last}}]}\n"
    assert archlens.load(written(text), last=8).nodes == load(text.replace("7", "8")).nodes
    named = "extends: resnet50\nsettings: {last: a}\nreplace: {stage4: [{name: 'to_{last}', do: [relu]}]}\n"
    assert "stage4.to_a.relu1" in [node.name for node in load(named).nodes]


def test_what_is_extended_may_extend() -> None:
    written(BASE, "base.yaml")
    written("extends: base.yaml\nreplace: {stage2: identity}\nvariants: {a: {width: 6}}\n", "middle.yaml")
    graph = load("extends: middle.yaml:a\nreplace: {stage1: identity}\n")
    assert [node.name for node in graph.nodes[1:]] == [
        "stem.conv1", "stem.relu1", "head.global_average_pool1", "head.linear1",
    ]  # fmt: skip
    assert graph.nodes[1].shape == (1, 6, 8, 8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: mine.yaml", "mine.yaml:1: extends: specs that extend specs, more than 8"),
        ("extends: resnt50", "mine.yaml:1: extends: no model is called resnt50; did you mean resnet50?"),
        ("extends: [resnet50]", "mine.yaml:1: extends: expected a spec, such as resnet.yaml or resnet50"),
        ("extends: resnet50[shortcuts=a]", "mine.yaml:1: extends: resnet50: shortcuts=a: expected A, B or C"),
        ("extends: none.yaml", "none.yaml: cannot be read"),
        (
            "extends: resnet50\nsettings: {shortcuts: a}",
            "mine.yaml:2: settings: shortcuts=a: expected A, B or C",
        ),
        (
            "extends: resnet50\nsettings: {shortcut: C}",
            "mine.yaml:2: settings: shortcut: what is extended has none, and nothing here reads it; "
            "did you mean shortcuts?",
        ),
        (
            "extends: resnet50\nreplace: {stage9: relu}",
            "mine.yaml:2: replace: no part of the network is called stage9",
        ),
        (
            "extends: resnet50\nreplace: {stage4: rellu}",
            "mine.yaml:2 stage4: no operator or block is called rellu",
        ),
        (
            "extends: resnet50\nblocks: {basic: {do: [relu]}}",
            "mine.yaml:2: block basic: takes no width, and the block that it replaces is called so",
        ),
        (
            "extends: resnet50\nblocks:\n"
            "  bottleneck: {arguments: {width: 1, stride: 1, more: required}, do: [relu]}",
            "mine.yaml:3: block bottleneck: needs more, and the block",
        ),
        (
            "extends: resnet50\nreplace: {stage4.0: [{conv: {out: 7, groups: 3}}]}",
            "mine.yaml:2 stage4.0.conv1 (conv): 7 out channels",
        ),
        (
            "input: [3, 8, 8]\nnetwork: relu\nreplace: {a: relu}",
            "mine.yaml:3: replace: only a spec that extends",
        ),
    ],
)
def test_a_mistake_is_told_where_it_is_written(text: str, message: str) -> None:
    found = check(Path(written(text)))
    assert str(found[0]).startswith(message)
    with pytest.raises(SpecError):
        load(text)


def test_what_does_not_fit_in_the_inherited_part_is_told_in_its_own_file() -> None:
    with pytest.raises(SpecError, match=r"^specs/resnet\.yaml:\d+ stage1\.0\.conv1 \(conv\)"):
        load("extends: resnet50\nreplace: {stem: [flatten]}\n")


def test_only_lines_of_the_file_itself_are_places_in_it() -> None:
    reference = find(written("extends: resnet18\nreplace:\n  head:\n    - global_average_pool\n    - relu\n"))
    found = lines(reference, {})
    assert {name: line for name, line in found.items() if line} == {
        "head.global_average_pool1": 4,
        "head.relu1": 5,
    }
