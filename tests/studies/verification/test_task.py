"""Which networks are verified for which words."""

from pathlib import Path

import pytest

from archlens.errors import UsageError
from archlens.spec import specs
from archlens.studies.verification.task import Task, asked, checked

SPEC = """\
input: [3, 8, 8]
settings: {out: 4}
variants:
  narrow: {}
  wide: {out: 8}
network: [{conv: {out: out}}]
"""


def test_no_name_is_every_network() -> None:
    tasks = asked(None, {}, None, fields=False)
    assert len(tasks) == sum(len(spec.variants) for spec in specs())


def test_a_file_is_each_of_its_variants_and_a_network_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(SPEC, encoding="utf-8")
    both = [Task(f"{file}:{variant}", {}, None, fields=False) for variant in ("narrow", "wide")]
    assert asked([str(file)], {}, None, fields=False) == both
    assert asked([str(file), f"{file}:wide"], {}, None, fields=False) == both
    assert {check.verdict for task in both for check in checked(task)} == {"equal"}


def test_options_that_fit_no_network() -> None:
    with pytest.raises(UsageError, match=r"^-s out=3: say of which network"):
        asked(None, {"out": 3}, None, fields=False)
    with pytest.raises(UsageError, match=r"^--input 3x8x8: --receptive-field takes none"):
        asked(["resnet18"], {}, "3x8x8", fields=True)
    with pytest.raises(UsageError, match="is no spec, and gradients need one"):
        asked(["net.py:Net"], {}, None, fields=True)
