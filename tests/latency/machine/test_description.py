"""The machine: what is read, and what its fingerprint depends on."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from archlens.latency.machine.description import (
    clock,
    describe,
    gpu_facts,
    known_flags,
    processor_facts,
    processor_name,
)

CPUINFO = """\
processor\t: 0
model name\t: Some CPU @ 2.0GHz
cpu family\t: 6
model\t\t: 85
stepping\t: 7
flags\t\t: fpu avx2 fma avx512f amx_bf16

processor\t: 1
model name\t: Another
"""


def test_it_describes_this_machine() -> None:
    here = describe()
    assert here.processor
    assert here.logical_cores == os.cpu_count()
    assert here.threads == torch.get_num_threads()
    assert here.torch == torch.__version__
    assert here.memory_gib >= 1
    assert (here.gpu is None) == (not torch.cuda.is_available())


def test_json_can_hold_it() -> None:
    here = describe()
    shown = json.loads(json.dumps(here.as_dict()))
    assert shown["fingerprint"] == here.fingerprint
    assert set(shown) >= {
        "processor", "flags", "physical_cores", "logical_cores", "threads", "frequency_mhz", "governor",
        "memory_gib", "system", "python", "torch", "blas", "onednn", "gpu", "driver", "clocks",
    }  # fmt: skip


def test_the_fingerprint_changes_with_the_hardware_alone() -> None:
    here = describe()
    assert len(here.fingerprint) == 8
    assert describe().fingerprint == here.fingerprint
    for change in (
        {"threads": 77}, {"frequency_mhz": 1.0}, {"governor": "x"}, {"torch": "9"}, {"clocks": "x"},
        {"driver": "x"}, {"system": "x"}, {"python": "x"},
    ):  # fmt: skip
        assert replace(here, **change).fingerprint == here.fingerprint
    for change in ({"processor": "x"}, {"logical_cores": 999}, {"memory_gib": 9999}, {"gpu": "x"}):
        assert replace(here, **change).fingerprint != here.fingerprint


def test_it_never_says_what_the_machine_is_called() -> None:
    text = json.dumps(describe().as_dict())
    name = os.uname().nodename
    assert len(name) < 4 or name not in text


def test_processors(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(CPUINFO, encoding="utf-8")
    facts = processor_facts(path)
    assert processor_name(facts) == "Some CPU @ 2.0GHz (family 6, model 85, stepping 7)"
    assert known_flags(facts["flags"].split()) == ("avx2", "fma", "avx512f", "amx_bf16")


def test_a_system_that_tells_nothing(tmp_path: Path) -> None:
    facts = processor_facts(tmp_path / "none")
    assert facts == {}
    assert processor_name(facts)


def test_the_clock_is_megahertz_or_unknown() -> None:
    now = clock()
    assert now is None or now > 1


def test_no_driver_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert gpu_facts() == {}
