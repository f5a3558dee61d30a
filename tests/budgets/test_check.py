"""Networks held against their budgets: every kind of finding, and where it points."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from archlens.budgets.baseline import Baseline
from archlens.budgets.check import Check, check
from archlens.budgets.config import Budget, read_config
from archlens.budgets.finding import Finding, Level, conditions
from archlens.graph import Graph
from archlens.spec import load as load_spec

NET = """input: [3, 32, 32]
network:
  - {name: stem, conv: {out: 16, kernel: 3}}
  - {name: body, conv: {out: 32, kernel: 3, groups: 4}}
"""
PARAMS = 3 * 16 * 9 + 16 // 4 * 32 * 9
MULTIPLY_ADDS = PARAMS * 32 * 32


def load(budget: Budget, folder: Path) -> Graph:
    return load_spec(str(folder / budget.model) if budget.model.endswith(".yaml") else budget.model)


def checked(folder: Path, text: str, baseline: Mapping[str, float] | None = None) -> Check:
    """A budget of a network whose file is net.yaml, with a baseline of these figures."""
    (folder / "net.yaml").write_text(NET)
    path = folder / "archlens.toml"
    path.write_text(f'[[check]]\nmodel = "net.yaml"\n{text}\n')
    config = read_config(path)
    (budget,) = config.budgets
    before = (
        Baseline("base.json", {budget.name: baseline}, {budget.name: conditions(budget)}, {})
        if baseline
        else None
    )
    (found,) = check(config, load, before)
    return found


def only(found: Check) -> Finding:
    (finding,) = found.findings
    return finding


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        (f"max = {{params = {PARAMS - 1}}}", "error", "params is 1.584k, above the 1583 allowed"),
        ('max = {params = 1}\nlevel = "warn"', "warning", "params is 1.584k, above the 1 allowed"),
        (
            'max = {flash = "1.5 kB"}\ndtype = "int8"',
            "error",
            "flash (weights at the dtype) is 1.584kB, above",
        ),
        (
            'growth = {params = "1 %"}',
            "error",
            "its growth is limited, and it has no baseline: `archlens check --up",
        ),
    ],
)
def test_broken(tmp_path: Path, text: str, level: str, said: str) -> None:
    found = checked(tmp_path, text)
    finding = only(found)
    assert (finding.level, found.failed) == (level, level == "error")
    assert finding.message.startswith(said)
    assert (finding.place.file, finding.place.line) == (str(tmp_path / "net.yaml"), 2)


@pytest.mark.parametrize(
    "text",
    [
        f"max = {{params = {PARAMS}, multiply_adds = {MULTIPLY_ADDS}}}",
        'max = {flash = "6336 B"}',
        'level = "warn"',
    ],
)
def test_kept(tmp_path: Path, text: str) -> None:
    assert not checked(tmp_path, text).findings


@pytest.mark.parametrize(
    ("before", "level", "said"),
    [
        (
            PARAMS * 0.9,
            "error",
            "params grew by 11.1%, from 1.426k to 1.584k; 2 % is allowed against base.json",
        ),
        (PARAMS / 1.0199, None, ""),
        (PARAMS, None, ""),
        (PARAMS * 2, "note", "params shrank by 50.0%, from 3.168k to 1.584k"),
        (0, "error", "params grew, from 0 to 1.584k"),
    ],
)
def test_growth(tmp_path: Path, before: float, level: str | None, said: str) -> None:
    found = checked(tmp_path, 'growth = {params = "2 %"}', {"params": before})
    assert [finding.level for finding in found.findings] == ([level] if level else [])
    assert not level or only(found).message.startswith(said)


def test_a_baseline_of_something_else(tmp_path: Path) -> None:
    found = checked(tmp_path, 'growth = {params = "2 %", kernels = "0 %"}', {"params": PARAMS})
    assert only(found).message.startswith("kernels has no baseline in base.json")
    config = read_config(tmp_path / "archlens.toml")
    other = Baseline(
        "base.json", {"net.yaml": {"params": 1.0}}, {"net.yaml": {"model": "net.yaml", "batch": 8}}, {}
    )
    (found,) = check(config, load, other)
    assert only(found).message.startswith("the baseline in base.json is of another batch and dtype")


SHEET = '{"tflops": 1, "bandwidth": "100 GB/s", "launch": "%s us"}'


@pytest.mark.parametrize(
    ("launch", "level"),
    [
        (1, None),  # two kernels take 2 µs, and at most four times as long
        (20, Level.warning),  # 40 µs, and the limit of 100 µs lies between it and 160 µs
        (60, Level.error),  # 120 µs, the least that the sheet says
    ],
)
def test_a_predicted_time_is_as_sure_as_its_interval(
    tmp_path: Path, launch: int, level: Level | None
) -> None:
    found = checked(tmp_path, f"max = {{latency = '100 us'}}\ndevice = '{SHEET % launch}'")
    assert [finding.level for finding in found.findings if finding.level is not Level.note] == (
        [level] if level else []
    )
    assert found.failed is (level is Level.error)


@pytest.mark.parametrize(
    ("model", "text", "said", "line"),
    [
        (
            "net.yaml",
            "input: [3, 8, 8]\nnetwork: [{convv: {out: 1}}]\n",
            "net.yaml:2 network: no operator",
            2,
        ),
        ("gone.yaml", "", "gone.yaml: cannot be read: No such file", 0),
        ("resnet5", "", "no model is called resnet5; did you mean resnet", 2),
    ],
)
def test_a_network_that_cannot_be_loaded_is_a_finding(
    tmp_path: Path, model: str, text: str, said: str, line: int
) -> None:
    (tmp_path / "net.yaml").write_text(text or NET)
    path = tmp_path / "archlens.toml"
    path.write_text(f'[[check]]\nmodel = "{model}"\n[[check]]\nmodel = "resnet18"\nmax = {{params = "1M"}}\n')
    broken, other = check(read_config(path), load, None)
    assert said in only(broken).message
    assert (only(broken).rule, only(broken).place.line) == ("load", line)
    assert broken.failed
    assert only(other).place.line == 4


def test_guidelines(tmp_path: Path) -> None:
    """ShuffleNet V1's groups move 1.14 times the elements that dense layers would (`archlens lint`)."""
    path = tmp_path / "archlens.toml"
    path.write_text('[[check]]\nmodel = "shufflenet_v1_g3"\nguidelines = {g2 = 1.1, g3 = 1.1}\n')
    (found,) = check(read_config(path), load, None)
    assert only(found).message == "guideline g2 scores 1.14, above the 1.1 allowed: see `archlens lint`"
    assert only(found).value == pytest.approx(1.14, abs=0.005)


def test_off(tmp_path: Path) -> None:
    path = tmp_path / "archlens.toml"
    path.write_text('[[check]]\nmodel = "resnet5"\nlevel = "off"\n')
    assert check(read_config(path), load, None) == ()


def test_the_line_of_a_variant(tmp_path: Path) -> None:
    text = "input: [3, 8, 8]\nsettings: {width: 4}\nvariants:\n  narrow: {}\n  wide: {width: 64}\n"
    (tmp_path / "nets.yaml").write_text(f"{text}network: [{{conv: {{out: width}}}}]\n")
    path = tmp_path / "archlens.toml"
    path.write_text('[[check]]\nmodel = "nets.yaml:wide"\nmax = {params = 1}\n')

    def load_variant(budget: Budget, folder: Path) -> Graph:
        return load_spec(f"{folder}/{budget.model}")

    (found,) = check(read_config(path), load_variant, None)
    assert (Path(only(found).place.file).name, only(found).place.line) == ("nets.yaml", 5)


def test_a_device_that_does_not_exist(tmp_path: Path) -> None:
    found = checked(tmp_path, 'max = {latency = "1 ms"}\ndevice = "rtx4091"')
    assert (only(found).rule, found.failed) == ("load", True)
    assert "rtx4091" in only(found).message
