"""Table 8 as tables."""

import json
from collections.abc import Callable

import pytest

from archlens.report.render import render_markdown, render_text, to_ascii
from archlens.report.table8 import correlation_table, millions, table8_as_dict, table8_table
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.table8 import METRICS, Network, networks
from tests.studies.guidelines.racing import race

Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def found() -> tuple[Network, ...]:
    return networks()


@pytest.fixture(scope="module")
def ran(found: tuple[Network, ...]) -> Race:
    """Speeds that nothing but the multiply-adds decides."""
    first = found[0].cost.multiply_adds
    return race(*(first / network.cost.multiply_adds for network in found))


def test_numbers() -> None:
    assert (millions(146_000_000), millions(None)) == ("146", "")


def test_golden_measured(found: tuple[Network, ...], ran: Race, golden: Golden) -> None:
    golden("table8_measured.md", render_markdown(table8_table(found, ran)))
    golden("table8_correlations.txt", render_text(correlation_table(found, ran)))


@pytest.mark.parametrize("measured", [True, False])
def test_both_fit_80_columns(found: tuple[Network, ...], ran: Race, measured: bool) -> None:
    for table in (table8_table(found, ran if measured else None), correlation_table(found)):
        text = render_text(table, width=80)
        assert max(map(len, text.splitlines())) <= 80
        assert sum(line.startswith("──") for line in text.splitlines()) == 1
        assert "?" not in to_ascii(text)


def test_speeds_here_are_ranked_too(found: tuple[Network, ...], ran: Race) -> None:
    shown = table8_as_dict(found, ran)
    assert shown["networks"][0]["batches_per_second"] == pytest.approx(100)
    assert {each["device"] for each in shown["correlations"]} == {"gpu", "arm", "here"}
    own = next(
        each
        for each in shown["correlations"]
        if (each["metric"], each["device"]) == ("multiply-adds", "here")
    )
    assert own["spearman"] == pytest.approx(-1)
    assert own["kendall"] == own["kendall_within_level"] == -1


def test_json(found: tuple[Network, ...]) -> None:
    shown = json.loads(json.dumps(table8_as_dict(found)))
    assert len(shown["networks"]) == 22
    assert len(shown["correlations"]) == 2 * len(METRICS)
    assert shown["measured"] == []
    assert shown["networks"][0]["printed_multiply_adds"] == 41_000_000
