"""What any text goes through on its way out."""

from archlens.report.render import render_text, to_ascii
from tests.report.tables import TABLE


def test_ascii() -> None:
    assert to_ascii("1×1 ≥2 −3 … résumé") == "1x1 >=2 -3 ... r?sum?"
    assert to_ascii(render_text(TABLE)).isascii()
    assert [len(line) for line in to_ascii(render_text(TABLE)).splitlines()][:6] == [
        len(line) for line in render_text(TABLE).splitlines()
    ][:6]
