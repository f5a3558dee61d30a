"""The picture of a front: every variant is a dot, and the front is that of the sweep."""

import pytest

from archlens.errors import UsageError
from tests.spaces.conftest import Swept

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from archlens.spaces.plot import front_chart  # which imports Altair


def dots(chart: object) -> list[dict[str, object]]:
    """The rows of the dots in a chart."""
    specification = chart.to_dict()  # type: ignore[attr-defined]
    return next(
        rows for rows in specification["datasets"].values() if rows and {"front", "group"} <= rows[0].keys()
    )


def test_every_variant_is_a_dot_and_the_front_is_the_sweeps(swept: Swept) -> None:
    found = swept(minimise=("memory_access",), maximise=("params",), where="params < 100k")
    rows = dots(front_chart(found))
    within = [each for each in found.all() if each.metrics["params"] < 100e3]
    assert sorted((row["x"], row["y"]) for row in rows) == sorted(
        (each.metrics["memory_access"], each.metrics["params"]) for each in within
    )
    leading = {(row["x"], row["y"]) for row in rows if row["front"]}
    assert leading == {(each.metrics["memory_access"], each.metrics["params"]) for each in found.front()}
    assert {row["group"] for row in dots(front_chart(found, "classes"))} == {"2", "3", "4", "5"}


def test_what_matters_most_colours_the_dots(swept: Swept) -> None:
    found = swept()
    shares = found.importance("params").shares
    assert shares["input"] > shares["classes"]
    assert {row["group"] for row in dots(front_chart(found))} == {f"1x{n}x{n}" for n in range(32, 41, 2)}


def test_what_is_refused(swept: Swept) -> None:
    with pytest.raises(UsageError, match="name two objectives, not 1"):
        front_chart(swept(minimise=("params",)))
    with pytest.raises(UsageError, match=r"--colour clases: no such setting differs; did you mean classes\?"):
        front_chart(swept(), "clases")
