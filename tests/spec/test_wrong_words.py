"""Every setting of every network, given what it cannot be: refused, with the nearest of what it can be."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import archlens
from archlens.errors import ArchlensError, SpecError, UsageError
from archlens.graph import Graph
from archlens.spec.catalog import Reference, specs
from archlens.spec.items import Spec
from archlens.spec.read import Value
from archlens.spec.settings import Setting
from archlens.spec.values import show
from tests.spec.wrong_words import INPUTS, OTHERS, WORDS, Wrong

SPECS = list(specs(until="claims"))
FAR = 999
"""More places than any network has stages, modules or layers."""


def references(spec: Spec) -> list[Reference]:
    return [Reference(spec, variant) for variant in spec.variants or [None]]


def in_lists(value: Value, depth: int) -> Value:
    return in_lists((value,), depth - 1) if depth else value


def slips(word: str) -> Iterator[str]:
    """What people write for a word: other cases, a letter forgotten, one twice, two exchanged, a dash."""
    yield from (word.upper(), word.lower(), word.title())
    if len(word) > 3:
        for i in range(len(word)):
            yield word[:i] + word[i + 1 :]
            yield word[:i] + word[i] + word[i:]
            yield word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :]
        yield word.replace("_", "-")


def one_apart(one: str, other: str) -> bool:
    """Whether what two words do not share at either end is a letter of each at the most, or two exchanged."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) < 2 or (len(one) == 2 and one == other[::-1])


def in_python(wrong: Wrong) -> dict[str, Any]:
    """The setting as a keyword: true as True, [5] as a list; a word as itself."""
    try:
        return {wrong.setting: json.loads(wrong.written)}
    except ValueError:
        return {wrong.setting: wrong.written}


def suggested(error: UsageError) -> str:
    return str(error).rpartition("did you mean ")[2].removesuffix("?")


def others(setting: Setting) -> list[Value]:
    """Values of every kind but the setting's own, in as many lists as it takes, and in one more and less."""
    kinds: dict[str, Value] = {"integer": 7, "number": 0.5, "boolean": True, "word": "seven"}
    fitting = {"number": {"number", "integer"}}.get(setting.kind.of, {setting.kind.of})
    depth = setting.kind.depth
    found = [in_lists(value, depth) for kind, value in kinds.items() if kind not in fitting]
    found += [in_lists(kinds[setting.kind.of], depth + 1)]
    return [*found, in_lists(kinds[setting.kind.of], depth - 1)] if depth else found


@pytest.mark.parametrize("wrong", WORDS, ids=lambda wrong: f"{wrong.model}-{wrong.setting}-{wrong.written}")
def test_what_people_wrote_is_refused_in_python(wrong: Wrong) -> None:
    with pytest.raises(UsageError, match=re.escape(wrong.refusal)):
        archlens.load(f"{wrong.model}[{wrong.setting}={wrong.written}]")
    with pytest.raises(UsageError, match=re.escape(wrong.refusal)):
        archlens.load(wrong.model, **in_python(wrong))


@pytest.mark.parametrize("wrong", WORDS, ids=lambda wrong: f"{wrong.model}-{wrong.setting}-{wrong.written}")
def test_what_people_wrote_is_refused_in_their_specs(
    wrong: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a default of theirs, and in a variant: with the line, and with the nearest word."""
    monkeypatch.chdir(tmp_path)
    entry = f"{{{wrong.setting}: {wrong.written}}}"
    hint = wrong.refusal.partition("did you mean ")[2]
    expected = wrong.refusal if "has no setting" not in wrong.refusal else ""
    for text in (f"settings: {entry}", f"variants: {{mine: {entry}}}"):
        Path("mine.yaml").write_text(f"extends: {wrong.model}\n{text}\n", encoding="utf-8")
        with pytest.raises(SpecError, match=rf"^mine\.yaml:2: .*{re.escape(expected)}") as caught:
            archlens.load("mine.yaml")
        assert hint in str(caught.value)


@pytest.mark.parametrize(("model", "shape", "refusal"), INPUTS)
def test_an_input_that_does_not_fit_is_refused(model: str, shape: tuple[int, ...], refusal: str) -> None:
    with pytest.raises(ArchlensError, match=re.escape(refusal)):
        archlens.load(model, input=shape)
    with pytest.raises(ArchlensError, match=re.escape(refusal)):
        archlens.load(f"{model}[input={'x'.join(map(str, shape))}]")


@pytest.mark.parametrize(("model", "shape", "told"), OTHERS)
def test_an_input_that_makes_another_network_is_told(model: str, shape: tuple[int, ...], told: str) -> None:
    with pytest.warns(UserWarning, match=re.escape(told)):
        archlens.load(model, input=shape)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_no_setting_takes_just_anything(spec: Spec) -> None:
    """What a setting holds is told by its default and what variants set, or it says what it may be."""
    assert [name for name, each in spec.declared.items() if each.kind.of == "value"] == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_the_wrong_kind_is_refused(spec: Spec) -> None:
    for reference in references(spec):
        for name, setting in spec.declared.items():
            for value in others(setting):
                with pytest.raises(UsageError, match="expected"):
                    reference.settings({name: value})


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_a_slip_in_a_word_is_refused_with_the_word(spec: Spec) -> None:
    for name, setting in spec.declared.items():
        for word in filter(lambda choice: isinstance(choice, str), setting.choices):
            for slip in sorted(set(slips(str(word))) - set(map(str, setting.choices))):
                value = in_lists(slip, setting.kind.depth)
                if setting.length is not None and isinstance(value, tuple):
                    value *= setting.length
                with pytest.raises(UsageError) as caught:
                    references(spec)[0].settings({name: value})
                if (meant := suggested(caught.value)) != show(word):
                    assert one_apart(meant, slip), str(caught.value)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_a_slip_in_a_name_is_refused_with_the_name(spec: Spec) -> None:
    for reference in references(spec):
        for name in spec.declared:
            for slip in sorted(set(slips(name)) - set(spec.settings)):
                with pytest.raises(UsageError, match="has no setting ") as caught:
                    reference.settings({slip: spec.settings[name]})
                if (told := suggested(caught.value)) != name:
                    assert one_apart(told, slip), str(caught.value)
                    assert told in spec.settings


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_a_number_beyond_the_range_is_refused(spec: Spec) -> None:
    for name, setting in spec.declared.items():
        beyond = [each for each in (setting.least, setting.most) if each is not None]
        for bound in beyond:
            value = int(bound) + (1 if bound == setting.most else -1)
            with pytest.raises(UsageError, match="expected"):
                references(spec)[0].settings({name: in_lists(value, setting.kind.depth)})


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.family))
def test_a_place_that_no_network_has_is_not_passed_over(spec: Spec) -> None:
    """A list of places, of any length, with one more that is nowhere: refused, or another network."""
    for reference in references(spec):
        for name, setting in spec.declared.items():
            if setting.kind.of == "integer" and setting.kind.depth == 1 and setting.length is None:
                own = reference.settings({})[name]
                assert isinstance(own, tuple)
                assert lowered(reference, {name: (*own, FAR)}) != lowered(reference, {}), name


def lowered(reference: Reference, overrides: dict[str, Value]) -> object:
    """The layers of a network and what they cost, or why there is none."""
    try:
        graph: Graph = reference.lower(overrides)
    except ArchlensError as error:
        return str(error)
    return [(node.name, node.op, node.cost) for node in graph.nodes]
