"""What a model on the command line stands for, and what goes into it."""

import json
from pathlib import Path

import pytest

from archlens.models.loading import load
from tests.cli.conftest import Refused, Run

WORDS = """
from torch import nn

class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(100, 8)
        self.attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.head = nn.Linear(8, 100)

    def forward(self, tokens, mask=None):
        return self.head(self.attention(self.table(tokens), src_key_padding_mask=mask))
"""


@pytest.fixture
def words(tmp_path: Path) -> str:
    file = tmp_path / "words.py"
    file.write_text(WORDS, encoding="utf-8")
    return f"{file}:Words"


@pytest.mark.parametrize("input", ["5:int64", "tokens=5:int32", "5:int64,mask=5:bool"])
def test_numbers_of_words(run: Run, words: str, input: str) -> None:
    """A table that is looked up, products of attention and layers, all by hand."""
    outcome = run("profile", words, "--input", input, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    shown = json.loads(outcome.out)
    assert shown["complete"]
    assert shown["totals"]["multiply_adds"] == 5 * (4 * 8 * 8 + 2 * 8 * 16 + 8 * 100) + 2 * 5 * 5 * 8
    assert (
        shown["totals"]["params"]
        == 100 * 8 + 4 * (8 * 8 + 8) + 2 * 8 * 16 + 16 + 8 + 2 * 2 * 8 + 8 * 100 + 100
    )


def test_numbers_of_words_are_timed(run: Run, words: str) -> None:
    outcome = run("measure", words, "--input", "5:int64", "--min-time", "0.01", "--no-save", "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")


def test_words_are_no_real_numbers(refused: Refused, words: str) -> None:
    message = refused("profile", words, "--input", "5")
    assert message.endswith("; where it takes whole numbers, say so: --input 16:int64")


def test_what_there_is_to_say_of_a_network_is_a_line_on_stderr(run: Run) -> None:
    outcome = run("profile", "overfeat_fast", "--input", "3x281x317", "-f", "json")
    with pytest.warns(UserWarning, match="overfeat") as found:
        load("overfeat_fast", input=(3, 281, 317))
    assert outcome.err == f"archlens: {found[0].message}\n"
