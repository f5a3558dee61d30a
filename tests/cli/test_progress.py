"""A progress bar that is seen on terminals only; tests/cli/test_measure.py looks at one."""

import pytest

from archlens.cli.progress import Progress


def test_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress.show("building", now=True)
        progress.show("measuring", 0.5)
    assert capsys.readouterr() == ("", "")
