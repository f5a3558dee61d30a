"""`archlens settings`, and settings on the command line."""

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Refused, Run
from tests.spec.wrong_words import WORDS, Wrong

Golden = Callable[[str, str], None]


def test_golden(run: Run, golden: Golden) -> None:
    outcome = run("settings", "resnet18")
    assert (outcome.code, outcome.err) == (0, "")
    golden("settings_resnet18.txt", outcome.out)


def test_json(run: Run) -> None:
    shown = json.loads(run("settings", "lenet5", "-f", "json").out)
    assert [each["setting"] for each in shown["settings"]] == ["classes", "input"]


def test_only_specs_have_settings(refused: Refused) -> None:
    assert refused("settings", "my.onnx", code=2) == "my.onnx is no spec, and only specs have settings"


@pytest.mark.parametrize("wrong", WORDS, ids=lambda wrong: f"{wrong.model}-{wrong.setting}-{wrong.written}")
def test_what_people_wrote_is_refused_in_one_line(refused: Refused, wrong: Wrong) -> None:
    line = refused("profile", wrong.model, "-s", f"{wrong.setting}={wrong.written}", code=2)
    assert line.startswith(wrong.model)
    assert wrong.refusal in line


def test_a_wrong_word_is_one_line(refused: Refused) -> None:
    assert refused("profile", "resnet20", "-s", "shortcuts=a", code=2) == (
        "resnet20: shortcuts=a: expected A, B or C; did you mean A?"
    )
    assert refused("profile", "resnet50", "--input", "224x224x3", code=2) == (
        "resnet50: input 224x224x3 has its channels last: expected channels, height and width, 3x224x224"
    )
