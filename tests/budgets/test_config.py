"""Budgets as a project writes them down, and what is said of mistakes."""

from pathlib import Path

import pytest

from archlens.budgets.config import find_config, growth, read_config
from archlens.errors import UsageError

GOOD = """
[[tool.archlens.check]]
model = "nets/small.yaml"
input = "3x224x224"
max = {params = "2.5M", latency = "20 ms"}
device = "rtx4090"
growth = {multiply_adds = "2%"}
guidelines = {g2 = 1.1}
level = "warn"

[[tool.archlens.check]]
name = "big"
batch = 8
model = "resnet50"
"""


def written(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_read(tmp_path: Path) -> None:
    small, big = read_config(written(tmp_path, "[project]\nname = 'x'\n" + GOOD)).budgets
    assert (small.name, small.input, small.level, small.device) == (
        "nets/small.yaml",
        "3x224x224",
        "warn",
        "rtx4090",
    )
    assert small.limits["params"].value == 2_500_000
    assert small.growth["multiply_adds"].value == 0.02
    assert small.guidelines == {"g2": 1.1}
    assert (big.name, big.model, big.batch, big.level) == ("big", "resnet50", 8, "error")
    assert (small.line, big.line) == (5, 16)


def test_a_file_of_its_own(tmp_path: Path) -> None:
    config = read_config(
        written(tmp_path, 'baseline = "b.json"\n' + GOOD.replace("tool.archlens.", ""), "archlens.toml")
    )
    assert config.baseline == tmp_path / "b.json"
    assert [budget.line for budget in config.budgets] == [4, 15]


def test_the_nearest_one_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"neither archlens.toml nor \[tool.archlens\]"):
        find_config(deep)
    written(tmp_path / "a", "[project]\nname = 'x'\n")
    top = written(tmp_path, GOOD)
    assert find_config(deep) == top
    own = written(tmp_path / "a", "", "archlens.toml")
    assert find_config(deep) == own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[check]\n", "is not TOML: "),
        ("", "there is no budget; one starts with [[check]] and model = …"),
        ("[[check]]\n", "check[0]: model = … is missing"),
        ("[[check]]\nmodel = 1\n", "check[0].model = 1: expected a text"),
        ("[[check]]\nmodle = 'x'\n", "check[0]: modle means nothing here; did you mean model?"),
        (
            "[[check]]\nmodel = 'x'\nmax = {paramz = 1}\n",
            "check[0].max: there is no figure paramz; did you mean par",
        ),
        (
            "[[check]]\nmodel = 'x'\nmax = {params = '2.5MB'}\n",
            "check[0].max.params = '2.5MB': expected params such",
        ),
        (
            "[[check]]\nmodel = 'x'\nmax = {latency = '2 ms'}\n",
            "check[0]: latency is that of a device: add device",
        ),
        (
            "[[check]]\nmodel = 'x'\ngrowth = {params = 2}\n",
            "check[0].growth.params = 2: expected a share such as",
        ),
        (
            "[[check]]\nmodel = 'x'\nguidelines = {g5 = 2}\n",
            "check[0].guidelines = 'g5': expected one of g1, g2",
        ),
        (
            "[[check]]\nmodel = 'x'\nguidelines = {g1 = 0.5}\n",
            "check[0].guidelines.g1 = 0.5: expected a score of 1",
        ),
        (
            "[[check]]\nmodel = 'x'\nlevel = 'warning'\n",
            "check[0].level = 'warning': expected one of error, warn, off",
        ),
        ("[[check]]\nmodel = 'x'\ndtype = 'int9'\n", "check[0].dtype = 'int9': expected one of float64"),
        ("[[check]]\nmodel = 'x'\nbatch = 0\n", "check[0].batch = 0: expected 1 or more"),
        ("[[check]]\nmodel = 'x'\nbatch = true\n", "check[0].batch = True: expected a number"),
        (
            "[[check]]\nmodel = 'x'\n[[check]]\nmodel = 'x'\n",
            "x stands there twice: give one of the budgets a name",
        ),
        ("baseline = 1\n[[check]]\nmodel = 'x'\n", "baseline = 1: expected a file such as"),
        ("check = 3\n", "there is no budget"),
        ("chek = 3\n", "top level: chek means nothing here; did you mean check?"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text, "archlens.toml")
    with pytest.raises(UsageError) as raised:
        read_config(path)
    assert str(raised.value).startswith(f"{path}: {said}")


def test_growth() -> None:
    assert growth("2%", "growth").value == growth("2.0 %", "growth").value == 0.02
    for given in (2, "2", 0.02, True, "two %", "-2%"):
        with pytest.raises(UsageError, match='expected a share such as "2 %"'):
            growth(given, "growth")
