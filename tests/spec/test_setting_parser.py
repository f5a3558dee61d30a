"""Settings as specs declare them, and what is wrong with a declaration or with a variant's value."""

from typing import Any

import pytest

import archlens
from archlens.errors import UsageError
from archlens.spec.catalog import Reference, specs
from archlens.spec.settings import Kind, Setting
from tests.spec.written import mistakes, parsed

NETWORK = "input: [3, 8, 8]\n{}\nnetwork: [relu]\n"


def settings(text: str, variants: str = "") -> dict[str, Setting]:
    return {**parsed(NETWORK.format(f"settings: {text}\n{variants}")).declared}


def refused(text: str, variants: str = "") -> list[str]:
    return [
        line.removeprefix("test.yaml:") for line in mistakes(NETWORK.format(f"settings: {text}\n{variants}"))
    ]


def test_a_declaration() -> None:
    text = "{stem: {default: plain, choices: [plain, deep], about: 'how it begins'}}"
    assert settings(text)["stem"] == Setting(
        "stem", "plain", Kind("word"), choices=("plain", "deep"), about="how it begins"
    )


@pytest.mark.parametrize(
    ("text", "variants", "kind", "allowed"),
    [
        ("{w: 4}", "", Kind("integer"), "integer"),
        ("{w: 4}", "variants: {a: {w: 0.5}}", Kind("number"), "number"),
        ("{w: false}", "variants: {a: {w: all}}", Kind("value"), "value"),
        ("{w: []}", "variants: {a: {w: [2]}}", Kind("integer", 1), "list of integers"),
        ("{w: {default: 4}}", "variants: {a: {w: 0.5}}", Kind("number"), "number"),
        ("{w: {default: [], type: [word]}}", "", Kind("word", 1), "list of words"),
        ("{w: {default: [[1]], type: [[number]]}}", "", Kind("number", 2), "list of lists of numbers"),
        ("{w: {default: 1, range: [1, 8]}}", "", Kind("integer"), "integer from 1 to 8"),
        ("{w: {default: 1.0, range: [null, 8]}}", "", Kind("number"), "number, at most 8"),
        ("{w: {default: [1, 2], length: 2}}", "", Kind("integer", 1), "list of 2 integers"),
    ],
)
def test_what_a_setting_may_be(text: str, variants: str, kind: Kind, allowed: str) -> None:
    found = settings(text, variants)["w"]
    assert (found.kind, found.allowed) == (kind, allowed)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{a: {about: x}}",
            "3: settings: a: a mapping is no value; a declaration has a default: {default: 1, about: …}",
        ),
        ("{a: {default: 1, chioces: [1]}}", "3: setting a has no key chioces; did you mean choices?"),
        ("{a: {default: x, choices: [y, z]}}", "3: settings: a: its own default: a=x: expected y or z"),
        (
            "{a: {default: x, choices: y}}",
            "3: settings: a: choices: expected a list of values, such as [none, simple]",
        ),
        ("{a: {default: 1, type: intger}}", "3: type: no type is called intger; did you mean integer?"),
        (
            "{a: {default: 1, range: 3}}",
            "3: settings: a: range: expected two numbers, such as [1, 8] or [1, null]",
        ),
        (
            "{a: {default: 1, range: [1, true]}}",
            "3: settings: a: range: expected two numbers, such as [1, 8] or [1, null]",
        ),
        ("{a: {default: [1], length: x}}", "3: settings: a: length: expected a number of elements"),
        ("{a: {default: {b: 1}}}", "3: settings: a: a mapping is not a value"),
    ],
)
def test_a_mistake_in_a_declaration(text: str, message: str) -> None:
    assert [line.replace("2:", "3:", 1) for line in refused(text)] == [message]


def test_a_variant_is_held_to_the_declaration() -> None:
    assert refused(
        "{a: {default: x, choices: [x, why]}, b: {default: false}}",
        "variants:\n  one: {a: Why}\n  two: {b: flase, c: 3}",
    ) == [
        "4: variant one: a=Why: expected x or why; did you mean why?",
        "5: variant two: b=flase: expected true or false; did you mean false?",
        "5: variant two: no setting is called c",
    ]


def test_plain_defaults_hold_users_to_their_kind() -> None:
    spec = parsed(NETWORK.format("settings: {width: 1.0, deep: false, form: x, any: null}"))
    reference = Reference(spec, None)
    reference.settings({"width": 2, "deep": True, "form": "y", "any": 3})
    with pytest.raises(UsageError, match=r"width=\[0\.5, 0\.75\]: expected a number"):
        reference.settings({"width": (0.5, 0.75)})
    with pytest.raises(UsageError, match="deep=no: expected true or false"):
        reference.settings({"deep": "no"})


def test_every_setting_of_the_catalogue_says_what_it_is_and_what_it_does() -> None:
    for spec in specs():
        for setting in spec.declared.values():
            assert setting.about, (spec.file, setting.name)
            assert setting.kind.of != "value", (spec.file, setting.name)
            if setting.kind.of == "word":
                assert setting.choices, (spec.file, setting.name)


@pytest.mark.parametrize(
    ("model", "given", "hint"),
    [
        ("resnet50", {"squeeze_excite": True}, "none, standard, pre, post or identity"),
        ("seresnet50", {"squeeze_excite": True}, "none, standard, pre, post, identity or inner"),
        ("resnet20", {"shortcuts": "a"}, "did you mean A?"),
        ("resnet50", {"shortcuts": "none"}, "A, B or C"),
        ("resnet50", {"shortcuts": "Z"}, "A, B or C"),
        ("resnet50", {"stride_in": 1}, "3x3 or 1x1"),
        ("squeezenet", {"bypass": "Complex"}, "did you mean complex?"),
        ("st_cnn_single_svhn", {"transformers": "both"}, "none, front or multi"),
        ("attention56", {"mask": "foo"}, "mixed, channel or spatial"),
        ("igcv1_l24m2", {"doubling": "foo"}, "secondary or primary"),
        ("mobilenet_v1", {"width": [0.5, 0.75]}, "a number"),
        ("resnet50", {"input": (224, 224, 3)}, "channels last"),
        ("alexnet", {"widths": [64, 192, 384, 256, 256, 999]}, "5 elements, not 6"),
        ("inception_v4", {"depths": [4, 7, 3, 1]}, "3 elements, not 4"),
        ("cbam", {"attention": ["chanel"]}, "did you mean channel?"),
        ("dpn68", {"activation": "rely"}, "did you mean relu?"),
    ],
)
def test_a_wrong_word_is_an_error(model: str, given: dict[str, Any], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        archlens.load(model, **given)
    assert hint in str(caught.value)
