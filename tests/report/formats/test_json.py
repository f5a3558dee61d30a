"""JSON, read back."""

import json

from archlens.report.formats.renderer import Paper
from archlens.report.render import render
from tests.report.tables import RESULT


def test_the_dictionary() -> None:
    for ascii in (False, True):
        text = render(RESULT, "json", Paper(ascii=ascii))
        assert json.loads(text) == {"name": "×", "n": 10**400}
        assert text.isascii() is ascii
        assert text.endswith("}\n")
