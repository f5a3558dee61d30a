"""Processes are measured by themselves, whatever the size of the process that asks."""

import pytest

from benchmarks.process import ProcessFailedError, python, run


def test_the_peak_is_the_child_s_own() -> None:
    held = bytearray(100 << 20)
    small = run(*python("print('small')"))
    large = run(*python("bytearray(60 << 20)"))
    assert small.output == "small"
    assert small.peak < 40
    assert 60 < large.peak < 100
    assert held[-1] == 0


def test_the_time_is_the_child_s_own() -> None:
    assert 0.2 < run(*python("import time; time.sleep(0.2)")).seconds < 30


def test_bytecode_is_written_whatever_our_own_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run(*python("import sys; print(sys.dont_write_bytecode)")).output == "False"


def test_a_failure_says_what_the_process_said() -> None:
    with pytest.raises(ProcessFailedError, match="ValueError: no such thing"):
        run(*python("raise ValueError('no such thing')"))


def test_a_command_that_does_not_exist() -> None:
    with pytest.raises(ProcessFailedError, match="/nowhere/archlens could not be run"):
        run("/nowhere/archlens", "profile", "resnet50")
