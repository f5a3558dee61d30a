"""What building blocks save, as tables."""

import json
from dataclasses import replace

import pytest

from archlens.report.render import render_csv, render_text, to_ascii
from archlens.report.savings import (
    saving_as_dict,
    saving_table,
    savings_as_dict,
    savings_table,
)
from archlens.studies.savings.entry import entry_names, find_entry
from archlens.studies.savings.result import Saving, compute, savings


@pytest.fixture(scope="module")
def every() -> tuple[Saving, ...]:
    return savings()


def lines(saving: Saving, width: int | None = None) -> list[str]:
    return render_text(saving_table(saving), width=width).splitlines()


def test_the_list_fits_into_80_columns(every: tuple[Saving, ...]) -> None:
    text = render_text(savings_table(every), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "not shown" not in text
    assert "\nbottleneck           1×1, 3×3, 1×1 for two 3×3        0.059×     0.059×    0.56×\n" in text
    assert (
        f"\n{len(entry_names())} savings; over what it stands for: 0.50× is half the cost, above 1× is more\n"
        in text
    )


def test_one_is_not_several(every: tuple[Saving, ...]) -> None:
    assert "\n1 saving; " in render_text(savings_table(every[:1]))


def test_the_list_as_csv(every: tuple[Saving, ...]) -> None:
    rows = render_csv(savings_table(every)).splitlines()
    assert rows[0] == "name,what,params_ratio,multiply_adds_ratio,memory_access_ratio"
    (row,) = [row for row in rows if row.startswith("grid_reduction,")]
    assert row.startswith("grid_reduction,stride and pooling in parallel,0.5,0.125,")
    (row,) = [row for row in rows if row.startswith("hard_swish,")]
    assert row == "hard_swish,h-swish as a single operator,,,0.4"


@pytest.mark.parametrize("name", entry_names())
def test_every_saving_fits_into_a_terminal(name: str) -> None:
    assert max(map(len, lines(compute(find_entry(name)), 80))) <= 80


def test_a_saving_tells_its_arithmetic() -> None:
    shown = lines(compute(find_entry("bottleneck"), {"channels": 128, "inner": 32, "size": 1}))
    assert shown[0] == "bottleneck: 1×1, 3×3, 1×1 for two 3×3; channels=128, inner=32, kernel=3, size=1"
    assert "params of two 3×3 = 2·kernel²·channels² = 2·3²·128² = 294,912; counted 294,912" in shown
    assert shown[-1] == "parameters: --in, --inner, --kernel, --size"


def test_a_formula_without_names_is_told_once() -> None:
    shown = lines(compute(find_entry("grid_reduction")))
    assert "multiply-adds of side by side, over convolve, then pool = 1 / 8 = 12.5%; counted 12.5%" in shown


def test_printed_figures_are_those_of_the_defaults() -> None:
    saving = find_entry("two_3x3")
    assert any(line.endswith("; printed 28% (Section 3.1)") for line in lines(compute(saving)))
    assert not any("printed" in line for line in lines(compute(saving, {"channels": 32})))
    assert "printed" in saving_as_dict(compute(saving))["formulas"][-1]
    assert "printed" not in saving_as_dict(compute(saving, {"channels": 32}))["formulas"][-1]


def test_figures_that_differ_say_why() -> None:
    (line,) = [line for line in lines(compute(find_entry("squeeze_excite"))) if "0.26%" in line]
    assert line.endswith("the means and the products, too")
    assert "; counted 0.0615%; printed 0.26% (Section 4): " in line


def test_a_formula_that_fails_cannot_be_overlooked() -> None:
    saving = compute(find_entry("asymmetric"))
    wrong = replace(saving, formulas=(replace(saving.formulas[0], closed=1),))
    assert any(line.endswith("= 1; BUT COUNTED 36,864") for line in lines(wrong))
    assert saving_as_dict(wrong)["formulas"][0]["equal"] is False


def test_columns_are_what_there_is_to_count() -> None:
    keys = [column.key for column in saving_table(compute(find_entry("hard_swish"))).columns]
    assert keys == ["title", "elementwise", "elementwise_ratio", "memory_access", "memory_access_ratio"]


def test_a_saving_as_csv() -> None:
    assert render_csv(saving_table(compute(find_entry("linear_as_conv")))) == (
        "title,params,multiply_adds,memory_access\n"
        "linear layer,102764544,102760448,102793728\n"
        "convolution of 7×7,102764544,102760448,102793728\n"
    )


def test_a_saving_as_a_dictionary() -> None:
    shown = json.loads(json.dumps(saving_as_dict(compute(find_entry("depthwise_separable"), {"size": 1}))))
    assert shown["settings"] == {"channels": 16, "out": 32, "kernel": 3, "size": 1}
    assert shown["networks"][1] == {
        "name": "separable",
        "title": "depthwise 3×3, 1×1",
        "input": [1, 16, 1, 1],
        "params": 656,
        "multiply_adds": 656,
        "elementwise": 0,
        "memory_access": 16 + 16 + 16 + 32 + 656,
        "params_ratio": 656 / 4608,
        "multiply_adds_ratio": 656 / 4608,
        "elementwise_ratio": None,
        "memory_access_ratio": (16 + 16 + 16 + 32 + 656) / (16 + 32 + 4608),
    }
    assert shown["formulas"][1] == {
        "of": "separable",
        "metric": "params",
        "formula": "kernel²·channels + channels·out",
        "substituted": "3²·16 + 16·32",
        "closed_form": 656,
        "counted": 656,
        "equal": True,
    }


def test_all_as_dictionaries(every: tuple[Saving, ...]) -> None:
    shown = json.loads(json.dumps(savings_as_dict(every)))
    assert [each["name"] for each in shown] == [each.entry.name for each in every]
    assert all(formula["equal"] for each in shown for formula in each["formulas"])


def test_plain_terminals_read_it_all(every: tuple[Saving, ...]) -> None:
    for saving in every:
        text = to_ascii(render_text(saving_table(saving)))
        assert "?" not in text, saving.entry.name
